"""User text inside Discord markdown: shown as typed, never formatting, linking or pinging, never longer than allowed.

Lengths are UTF-16 units, the way Discord's clients count.
"""

from __future__ import annotations

import re

from bot.jobs.mentions import CHANNEL, SIGNS, pieces, spoken

ELLIPSIS = "…"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters and the marks that turn the writing direction round."""
_SPACE = re.compile(r"\s+")
_PIECE = re.compile(r"@(?:everyone|here)|://|[\s\S]", re.IGNORECASE)
_SPECIAL = frozenset("\\*_~|`[]<>")
_LINE_START = re.compile(r"(?:[#>+-]|\d{1,9}[.)])")
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
    return _take(list(clean(spoken(text))), most)


def escape(text: str, most: int) -> str:
    """Markdown that shows `text` literally in at most `most` units, never cut inside an escape.

    The core's own tokens become mentions, which Discord shows as names; that they ping nobody is said by allowed_mentions.
    """
    plain = clean(text)
    start = _LINE_START.match(plain)
    head = [plain[: start.end() - 1] + "\\" + plain[start.end() - 1]] if start else []
    parts = [_part(kind, words) for kind, words in pieces(plain[start.end() :] if start else plain)]
    return _take(head + [piece for part in parts for piece in part], most)


def _part(kind: str, words: str) -> list[str]:
    """Escaped words, or one mention in one piece."""
    if kind and words.isdecimal():
        return [f"<#{words}>" if kind == CHANNEL else f"<@&{words}>"]
    return [_shown(piece) for piece in _PIECE.findall(f"{SIGNS.get(kind, '')}{words}")]


def _shown(piece: str) -> str:
    if piece == "://":
        return _NO_LINK
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
