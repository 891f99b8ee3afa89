"""A command line as typed in the page, read by the catalog: `/imagine a cat --ar 3:2`, `/style show ink`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.jobs.asks import Ask, Attachment, Command, Imagine
from bot.jobs.catalog import COMMANDS, CommandSpec, Option, OptionKind
from bot.playground.people import actor
from bot.texts import playground as texts

LINE = re.compile(r"/(?P<name>\S+)(?:\s+(?P<text>.*))?", re.DOTALL)


class CommandError(Exception):
    """Not a command line that the catalog knows; the text is the hint for its sender."""


def read_command(ask: Ask, line: str, options: Mapping[str, str], image: Attachment | None) -> Imagine | Command:
    """The use case that the line asks for; `image` fills the picture option. Raises CommandError with a hint."""
    match = LINE.fullmatch(line.strip())
    if match is None:
        raise CommandError(texts.NO_COMMAND.format(text=line.strip() or "a lighthouse at dusk"))
    spec = _spec(match["name"].lower())
    text = (match["text"] or "").strip()
    if spec.subs:
        return _subcommand(ask, spec, text, options, image)
    if spec.name != "imagine":
        return Command(ask, spec.name)
    return Imagine(ask, text, _options(spec, spec.name, options), image)


def _spec(name: str) -> CommandSpec:
    for spec in COMMANDS:
        if name in (spec.name, spec.word):
            return spec
    known = ", ".join(f"/{spec.name}" for spec in COMMANDS)
    raise CommandError(texts.UNKNOWN_COMMAND.format(name=name, commands=known))


def _subcommand(
    ask: Ask, spec: CommandSpec, text: str, options: Mapping[str, str], image: Attachment | None
) -> Imagine | Command:
    word, _, rest = " ".join(text.split()).partition(" ")
    sub = next((sub for sub in spec.subs if sub.name == word.lower()), None) if word else spec.subs[0]
    if sub is None:
        known = ", ".join(_usage(spec, sub) for sub in spec.subs)
        raise CommandError(texts.UNKNOWN_SUB.format(command=spec.name, name=word, commands=known))
    values = _options(sub, f"{spec.name} {sub.name}", options) | _main_value(spec, sub, rest)
    pictures = [option.name for option in sub.options if option.kind is OptionKind.IMAGE] if image else []
    return Command(ask, spec.name, sub.name, values, {name: image for name in pictures if image})


def _main_value(spec: CommandSpec, sub: CommandSpec, rest: str) -> dict[str, str]:
    """What stands behind the subcommand fills its required option; a person's name becomes their id."""
    option = _required(sub)
    if option is None:
        return {}
    if not rest:
        raise CommandError(texts.MISSING.format(option=option.name, usage=_usage(spec, sub)))
    if option.kind is not OptionKind.USER:
        return {option.name: rest}
    try:
        return {option.name: actor(rest).user_id}
    except ValueError as error:
        raise CommandError(texts.BAD_NAME) from error


def _required(spec: CommandSpec) -> Option | None:
    return next((option for option in spec.options if option.required), None)


def _usage(spec: CommandSpec, sub: CommandSpec) -> str:
    option = _required(sub)
    return f"/{spec.name} {sub.name}" + (f" {option.name.upper()}" if option else "")


def _options(spec: CommandSpec, shown: str, given: Mapping[str, str]) -> dict[str, str]:
    known = [o.name for o in spec.options if o.kind is not OptionKind.IMAGE and not o.required]
    for name in given:
        if name not in known:
            raise CommandError(texts.NO_OPTION.format(command=shown, option=name, options=", ".join(known)))
    return {name: value.strip() for name, value in given.items() if value.strip()}
