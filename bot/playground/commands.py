"""A command line as typed in the page, read by the catalog: `/imagine a cat --ar 3:2`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.jobs.asks import Ask, Attachment, Command, Imagine
from bot.jobs.catalog import COMMANDS, CommandSpec, OptionKind
from bot.texts import playground as texts

LINE = re.compile(r"/(?P<name>\S+)(?:\s+(?P<text>.*))?", re.DOTALL)


class CommandError(Exception):
    """Not a command line that the catalog knows; the text is the hint for its sender."""


def read_command(ask: Ask, line: str, options: Mapping[str, str], image: Attachment | None) -> Imagine | Command:
    """The use case that the line asks for. Raises CommandError with a hint."""
    match = LINE.fullmatch(line.strip())
    if match is None:
        raise CommandError(texts.NO_COMMAND.format(text=line.strip() or "a lighthouse at dusk"))
    spec = _spec(match["name"].lower())
    text = (match["text"] or "").strip()
    if spec.name != "imagine":
        return Command(ask, spec.name, text)
    return Imagine(ask, text, _options(spec, options), image)


def _spec(name: str) -> CommandSpec:
    for spec in COMMANDS:
        if spec.name == name:
            return spec
    known = ", ".join(f"/{spec.name}" for spec in COMMANDS)
    raise CommandError(texts.UNKNOWN_COMMAND.format(name=name, commands=known))


def _options(spec: CommandSpec, given: Mapping[str, str]) -> dict[str, str]:
    known = [o.name for o in spec.options if o.kind is not OptionKind.IMAGE and not o.required]
    for name in given:
        if name not in known:
            raise CommandError(texts.NO_OPTION.format(command=spec.name, option=name, options=", ".join(known)))
    return {name: value.strip() for name, value in given.items() if value.strip()}
