"""What adapters of blocking APIs share: replies that hold pictures, picture files in forms, prompts, the nearest ratio."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import httpx

from providers.base import DrawRequest, Source
from providers.errors import Accepted, Family, ProviderError

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
LONGEST_URL = 4096
LONGEST_ID = 128
LONGEST_SIDE = 6
"""Digits of one side of a ratio."""
NO_WORDS = "the same picture, sharp and detailed"
"""What is sent where a picture came without words and the vendor refuses an empty prompt."""


def json_object(reply: httpx.Response) -> dict[str, Any]:
    """The body of a success; anything but a JSON object raises ProviderError: the request was taken, so it may be paid."""
    try:
        said = reply.json()
    except (ValueError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, "the answer is no JSON") from error
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def entries(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects; what in it is no object is left out, a missing list raises ProviderError."""
    found = said.get(name)
    if not isinstance(found, list):
        raise ProviderError(Family.BROKEN, f"the answer has no list {name}")
    return [entry for entry in found if isinstance(entry, dict)]


def url_of(entry: dict[str, Any]) -> str:
    """The entry's `url`, "" where it has none that could be fetched."""
    url = entry.get("url")
    fits = isinstance(url, str) and url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL
    return url if isinstance(url, str) and fits and url.isascii() and url.isprintable() else ""


def id_of(entry: dict[str, Any], name: str) -> str:
    """A vendor's id as plain text, "" where there is none."""
    found = entry.get(name)
    return found if isinstance(found, str) and len(found) <= LONGEST_ID and found.isascii() and found.isprintable() else ""


def whole(value: object, most: int) -> int | None:
    """A whole number from 0 to `most`, None for everything else (True is no number)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def file_part(picture: Source) -> tuple[str, bytes, str]:
    """A picture as httpx's `files` takes it."""
    return f"picture.{ENDINGS.get(picture.mime, 'png')}", picture.data, picture.mime or "image/png"


def parent_of(request: DrawRequest) -> Source:
    """The picture of a U or a V; a request without one was never sent."""
    if request.source is None:
        raise ProviderError(Family.BAD_REQUEST, f"{request.kind} without a picture", accepted=Accepted.NO)
    return request.source


def worded(text: str) -> str:
    """The prompt, or NO_WORDS where there is none."""
    return text if text.strip() else NO_WORDS


def nearest_ratio(request: DrawRequest, offered: Iterable[str]) -> str:
    """Of ratios written `W:H` the one nearest to what was asked for; the size speaks where no ratio was given."""
    asked = _shape(request.params.ratio)
    wanted = _shape(f"{request.size.width}:{request.size.height}") if asked is None else asked
    return min(offered, key=lambda ratio: abs((_shape(ratio) or 0.0) - (wanted or 0.0)))


def _shape(ratio: str) -> float | None:
    """The logarithm of width by height, so that 2:1 and 1:2 are equally far from a square."""
    width, _, height = ratio.partition(":")
    if not all(side.isdecimal() and len(side) <= LONGEST_SIDE and int(side) for side in (width, height)):
        return None
    return math.log(int(width) / int(height))
