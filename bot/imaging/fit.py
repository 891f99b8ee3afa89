"""The same picture, small enough and of a type that a chat shows."""

from __future__ import annotations

from bot.imaging.convert import upright, within
from bot.imaging.guard import check, opened
from bot.jobs.ports import Composed


def fit(data: bytes, limit: int, formats: frozenset[str]) -> Composed:
    """The bytes themselves if they are at most `limit` and their mime type is in `formats`; otherwise a JPEG.

    JPEG is what every chat shows, so it is made even where `formats` does not name it. Raises BadPicture.
    """
    checked = check(data)
    if len(data) <= limit and checked.mime in formats:
        return checked
    return within(upright(opened(data)), limit)
