"""What may follow the one slash command instead of a prompt. Pure; made from the catalog, so no command is forgotten.

A command is `WORD`, `WORD SUB` or `WORD SUB VALUE`, and it is one only if that is the whole text: `admin usage` is a page,
`admin of a castle` a picture. One value can be typed: the first option's. It may be left out where it is not required,
or where more options follow, which nobody types behind it: there the core asks for all of them with a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.jobs.catalog import COMMANDS, CommandSpec, Option, OptionKind

IMAGINE = "imagine"
OTHERS = tuple(spec for spec in COMMANDS if spec.name != IMAGINE)
WORDS = tuple(spec.word or spec.name for spec in OTHERS)
"""What each of the other commands is called here."""
VALUES = {
    OptionKind.TEXT: r"(?P<value>[^\W_][\w-]*)",
    OptionKind.INTEGER: r"(?P<value>\d{1,10})",
    OptionKind.USER: r"(?:<@(?P<value>[UW][A-Z0-9]+)(?:\|[^<>]*)?>|@[\w.-]+)",
}
"""A mention that was typed and not picked stays `@ann`: it names nobody, and is no prompt all the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """A command with its subcommand. An option with an empty value was given, and names nobody."""

    name: str
    sub: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the grammar; `option` is the name of the value in it."""

    pattern: re.Pattern[str]
    name: str
    sub: str = ""
    option: str = ""

    def read(self, text: str) -> Said | None:
        """The command, if the whole text is this sentence."""
        found = self.pattern.fullmatch(text.strip())
        if found is None:
            return None
        given = bool(found.groupdict().get("tail"))
        return Said(self.name, self.sub, {self.option: found["value"] or ""} if given else {})


def read(text: str) -> Said | None:
    """The command that the whole text is, else None: then it is a prompt. `text` in Slack's escaped form (`<@U1|ann>`)."""
    return next(filter(None, (rule.read(text) for rule in RULES)), None)


def _rules() -> Iterator[Rule]:
    for spec in OTHERS:
        head = "|".join(re.escape(word) for word in dict.fromkeys((spec.word or spec.name, spec.name)))
        if not spec.subs:
            yield _rule(f"(?:{head})", spec, spec.name)
            continue
        yield _rule(f"(?:{head})", CommandSpec(spec.name, ""), spec.name, spec.subs[0].name)
        for sub in spec.subs:
            yield _rule(rf"(?:{head})\s+{re.escape(sub.name)}", sub, spec.name, sub.name)


def _rule(head: str, spec: CommandSpec, name: str, sub: str = "") -> Rule:
    first = next(iter(spec.options), None)
    if first is None or first.kind not in VALUES:
        return Rule(re.compile(head, re.IGNORECASE), name, sub)
    tail = rf"(?P<tail>\s+{VALUES[first.kind]}){'' if _needed(first, spec) else '?'}"
    return Rule(re.compile(head + tail, re.IGNORECASE), name, sub, first.name)


def _needed(first: Option, spec: CommandSpec) -> bool:
    return first.required and len(spec.options) == 1


RULES = tuple(_rules())
