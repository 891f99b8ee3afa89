"""Channels and roles inside a Card's plain strings: tokens that no user can type, shown by each front end in its own way.

A token stands between two Unicode noncharacters, which `clean.without_marks` takes out of everything that comes in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.jobs.clean import without_marks

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TOKEN = re.compile("\ufdd0([cr]):([A-Za-z0-9_-]{1,40})\ufdd1")
_OPEN = re.compile("\ufdd0[^\ufdd1]*$")
"""A token whose end was cut off."""
CHANNEL, ROLE = "c", "r"
SIGNS = {CHANNEL: "#", ROLE: "@"}


def channel_mention(channel_id: str) -> str:
    """The channel with that id on its platform."""
    return _mention(CHANNEL, channel_id)


def role_mention(role_id: str) -> str:
    """The role or user group with that id on its platform. Nobody is pinged."""
    return _mention(ROLE, role_id)


def _mention(kind: str, named: str) -> str:
    """Ids of another shape (the playground's roles are anybody's words) stand as they are."""
    return f"\ufdd0{kind}:{named}\ufdd1" if _ID.fullmatch(named) else f"{SIGNS[kind]}{without_marks(named)}"


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in order: ("", words), (CHANNEL, id), (ROLE, id). No other noncharacter is left in the words."""
    parts = _TOKEN.split(text)
    for at in range(0, len(parts), 3):
        if words := without_marks(parts[at]):
            yield "", words
        if at + 2 < len(parts):
            yield parts[at + 1], parts[at + 2]


def spoken(text: str) -> str:
    """For places that take plain text alone: `#id` and `@id`."""
    return "".join(f"{SIGNS.get(kind, '')}{words}" for kind, words in pieces(text))


def clipped(text: str, most: int) -> str:
    """The first `most` characters, without the half of a token."""
    return _OPEN.sub("", text[:most])
