"""The one human sentence in what a vendor said: all that a person needs of a reply whose whole text is the operator's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

LONGEST = 200
"""Characters."""
SAYING = ("msg", "message", "detail", "error", "errors")
"""Fields that hold a sentence, or something that holds one; the plainest first."""
DEEPEST = 5
LEAD = re.compile(
    r"(?:HTTP \d{3}|(?:code|status) -?\d+|error event:|[A-Z]{2,}(?:_[A-Z]+)*(?::|$)|[A-Za-z]+(?:_[A-Za-z]+)+:?)(?:\s+|$)"
)
"""What we, or a vendor's program, put before the words: statuses, codes."""
STATUS = re.compile(r"\s*HTTP \d{3}$")
FIELD = re.compile(rf'"(?:{"|".join(SAYING)})"\s*:\s*"((?:[^"\\]|\\.)*)("?)')
START = re.compile(r'\[*\{|\["')
HIDDEN = re.compile(r"\s*\([^()]*\[hidden\][^()]*\)|\s*\w+://\S*\[hidden\]\S*|\s*(?:\[hidden\])+")
"""With the brackets or the address around it: who reads it has no use for the place where a secret was."""
WORDS = re.compile(r"\w \w|\w[^\w\s]+ \w|[^\W\x00-\x7f]")
"""More than one, or a script that may need no spaces."""
MARKUP = re.compile(r"[<{]")


def sentence(text: str) -> str:
    """For people; "" where there is none. `text`: of a ProviderError, perhaps cut in its middle."""
    found = START.search(text)
    start = found.start() if found else len(text)
    words = (*_in_json(text[start:]), STATUS.sub("", text[:start].strip()))
    return next(filter(None, map(_plain, words)), "")


def _in_json(body: str) -> Iterator[str]:
    """By its fields; of a body that breaks off, by their names alone."""
    try:
        yield from _said(json.loads(body))
    except (ValueError, RecursionError):
        for found in FIELD.finditer(body):
            yield _unescaped(found[1]) + ("" if found[2] else "…")


def _said(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str) and depth:
        yield value
    elif isinstance(value, (list, dict)) and depth < DEEPEST:
        for one in value if isinstance(value, list) else (value[name] for name in SAYING if name in value):
            yield from _said(one, depth + 1)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:  # broken off in an escape
        return _unescaped(text.rpartition("\\")[0])


def _plain(text: str) -> str:
    """Without codes before it and gaps in it; "" for a bare code, a page or a structure: none of them is a sentence."""
    words = " ".join(HIDDEN.sub("", text).split())
    while lead := LEAD.match(words):
        words = words[lead.end() :]
    if MARKUP.search(words) or not words.isprintable() or not WORDS.search(words):
        return ""
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
