"""Aspect ratios: reading them, offering them, and the size in px that one stands for."""

from __future__ import annotations

import re
from fractions import Fraction
from math import sqrt

from bot.jobs.surface import Choice
from providers.base import Size

SHAPE = re.compile(r"0*([1-9][0-9]{0,4}):0*([1-9][0-9]{0,4})", re.ASCII)
SIDE_MOST = 10_000
STEEPEST = Fraction(4)
SQUARE = "1:1"
COMMON = {
    "1:1": "square",
    "3:2": "photo",
    "2:3": "photo, upright",
    "4:3": "screen",
    "3:4": "screen, upright",
    "16:9": "wide screen",
    "9:16": "phone",
    "21:9": "cinema",
    "5:4": "print",
    "4:5": "print, upright",
    "2:1": "panorama",
    "1:2": "tall",
    "3:1": "banner",
    "4:1": "long banner",
}
"""What autocomplete offers, in this order."""


def read_ratio(typed: str) -> str | None:
    """`W:H` without leading zeros, or None: both sides 1-10000, between 1:4 and 4:1."""
    match = SHAPE.fullmatch(typed)
    if not match:
        return None
    width, height = int(match[1]), int(match[2])
    fits = max(width, height) <= SIDE_MOST and 1 / STEEPEST <= Fraction(width, height) <= STEEPEST
    return f"{width}:{height}" if fits else None


def size_for(ratio: str, area: int = 1024 * 1024, multiple: int = 16) -> Size:
    """The size nearest to `area` px² in that ratio (empty: square), both sides whole multiples of `multiple` px."""
    width, height = (int(side) for side in (ratio or SQUARE).split(":"))
    return Size(_side(area * width / height, multiple), _side(area * height / width, multiple))


def _side(squared: float, multiple: int) -> int:
    return max(1, round(sqrt(squared) / multiple)) * multiple


def suggest_ratios(typed: str) -> list[Choice]:
    """Common ratios that begin with, or are described by, what was typed; a valid ratio of one's own stands first."""
    wanted = typed.strip().lower()
    found = [name for name, use in COMMON.items() if name.startswith(wanted) or wanted in use]
    own = read_ratio(wanted)
    names = dict.fromkeys([own, *found] if own else found)
    return [Choice(name, f"{name} ({COMMON[name]})" if name in COMMON else name) for name in names]
