"""Takes a prompt's text apart: prose on one side, parameters with their typed values on the other.

A parameter is a name with two dashes after a space. Phones make a long dash of the two, but people also write long dashes
in prose; so a long dash counts only before a known name (or a slip of one with a number behind it), and before a flag
only where no prose follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bot.jobs.parameters import BY_NAME, DASHES, DOUBLE_QUOTES, SINGLE_QUOTES, Kind, Parameter, PromptError, nearest
from bot.texts import prompt as texts

TOKEN = re.compile(r"(?<!\S)(?P<dash>--|[—–―]{1,2})(?P<name>[^\W\d_][^\s=—–―]*)(?P<equals>=?)")
"""Something that may be a parameter; its name runs to the next space or `=`."""
QUOTED = re.compile(
    rf"(?:[{DOUBLE_QUOTES}](?P<double>[^{DOUBLE_QUOTES}]*)[{DOUBLE_QUOTES}]"
    rf"|[{SINGLE_QUOTES}](?P<single>[^{SINGLE_QUOTES}]*)[{SINGLE_QUOTES}])(?!\S)"
)
"""A value in quotes of any kind, closed at the end of a word."""
SPACE = re.compile(r"\s*")
SLIP = re.compile(r"=?\s*[.\d]")
WORD = re.compile(r"\S*")
PLAIN = DASHES[0]


@dataclass(frozen=True, slots=True)
class Typed:
    """One parameter as typed: `shown` is the spelling that the user chose, `value` is "" for a flag or a missing value."""

    parameter: Parameter
    shown: str
    value: str


def split(text: str) -> tuple[str, list[Typed]]:
    """The prose and the parameters, in order. Raises PromptError for a parameter that nobody knows."""
    prose: list[str] = []
    found: list[Typed] = []
    at = 0
    while token := _next(text, at):
        prose.append(text[at : token.start()])
        typed, at = _take(text, token)
        found.append(typed)
    prose.append(text[at:])
    return " ".join(filter(None, (part.strip() for part in prose))), found


def _next(text: str, at: int) -> re.Match[str] | None:
    return next(_tokens(text, at), None)


def _tokens(text: str, at: int) -> Iterator[re.Match[str]]:
    """The real parameters from `at` on."""
    for token in TOKEN.finditer(text, at):
        known = BY_NAME.get(token["name"].lower()) if _ends(text, token) else None
        if token["dash"] == PLAIN or _slip(text, token, known):
            if known is None:
                raise PromptError(texts.unknown(_word(text, token), nearest(token["name"])))
            yield token
        elif known and (known.kind != Kind.FLAG or _last(text, token)):
            yield token


def _ends(text: str, token: re.Match[str]) -> bool:
    """Whether the name ends where a name may end."""
    return bool(token["equals"]) or token.end() == len(text) or text[token.end()].isspace()


def _word(text: str, token: re.Match[str]) -> str:
    return text[token.start() :].split(maxsplit=1)[0]


def _slip(text: str, token: re.Match[str], known: Parameter | None) -> bool:
    """A long dash before a misspelt name with a number behind it: `—stylise 100`."""
    name = token["name"].lower()
    if known or len(name) > 12 or not SLIP.match(text, token.end("name")):
        return False
    return bool(get_close_matches(name, [other for other in BY_NAME if other[0] == name[0]], n=1, cutoff=0.7))


def _last(text: str, token: re.Match[str]) -> bool:
    """Whether nothing but further parameters can follow."""
    rest = _skip(text, token.end())
    return rest == len(text) or bool(token["equals"]) or bool(TOKEN.match(text, rest))


def _take(text: str, token: re.Match[str]) -> tuple[Typed, int]:
    """One parameter with its value, and where the text goes on."""
    parameter, shown = BY_NAME[token["name"].lower()], PLAIN + token["name"].lower()
    if parameter.kind == Kind.FLAG and not token["equals"]:
        return Typed(parameter, shown, ""), token.end()
    start = _skip(text, token.end())
    if quoted := QUOTED.match(text, start):
        return Typed(parameter, shown, (quoted["double"] or quoted["single"] or "").strip()), quoted.end()
    following = _next(text, start)
    end = following.start() if following else len(text)
    if parameter.kind != Kind.TEXT:
        end = min(end, _skip(text, start, WORD))
    return Typed(parameter, shown, text[start:end].strip()), end


def _skip(text: str, at: int, what: re.Pattern[str] = SPACE) -> int:
    """Where a run of spaces (or of anything that may be empty) ends."""
    match = what.match(text, at)
    return match.end() if match else at
