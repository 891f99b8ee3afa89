"""User text inside Discord markdown: shown as typed, never formatting, linking or pinging, never longer than allowed.

Lengths are UTF-16 units, the way Discord's clients count.
"""

from __future__ import annotations

import re

ELLIPSIS = "…"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters and the marks that turn the writing direction round."""
_SPACE = re.compile(r"\s+")
_PIECE = re.compile(r"@(?:everyone|here)|://|[\s\S]", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\w#@])[#@]\d{17,20}(?!\d)|" + _PIECE.pattern, re.IGNORECASE)
"""The same, and the ids of channels (#) and roles (@) as the core writes them."""
_SPECIAL = frozenset("\\*_~|`[]<>")
_LINE_START = re.compile(r"(?:[#>+-]|\d{1,9}[.)])")
_SHORTEST_ID = 17
"""Digits of a Discord id (since 2015)."""
_NO_LINK = r"\://"
_NO_PING = "@\u200b"


def length(text: str) -> int:
    """UTF-16 units of `text`."""
    return len(text) + sum(char > "\uffff" for char in text)


def clean(text: str) -> str:
    """One line without control characters; lone surrogates become a question mark."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", _SPACE.sub(" ", whole)).strip()


def cut(text: str, most: int) -> str:
    """Plain text (labels, descriptions) of at most `most` units, with an ellipsis where something is missing."""
    return _take(list(clean(text)), most)


def escape(text: str, most: int, *, named: bool = False) -> str:
    """Markdown that shows `text` literally in at most `most` units, never cut inside an escape.

    `named`: ids of channels and roles become mentions, which Discord shows as names; whom they ping is said elsewhere.
    """
    plain, pieces = clean(text), _NAMED if named else _PIECE
    start = None if named and len((pieces.match(plain) or [""])[0]) > _SHORTEST_ID else _LINE_START.match(plain)
    head = [plain[: start.end() - 1] + "\\" + plain[start.end() - 1]] if start else []
    rest = plain[start.end() :] if start else plain
    return _take(head + [_shown(piece) for piece in pieces.findall(rest)], most)


def _shown(piece: str) -> str:
    if piece == "://":
        return _NO_LINK
    if piece[1:].isdecimal():
        return f"<#{piece[1:]}>" if piece[0] == "#" else f"<@&{piece[1:]}>"
    if len(piece) > 1:
        return _NO_PING + piece[1:]
    return "\\" + piece if piece in _SPECIAL else piece


def _take(pieces: list[str], most: int) -> str:
    """As many whole pieces as fit."""
    if sum(map(length, pieces)) <= most:
        return "".join(pieces)
    kept, left = [], most - length(ELLIPSIS)
    for piece in pieces:
        left -= length(piece)
        if left < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + ELLIPSIS if most > 0 else ""
