"""Plain bars, one panel a series, on a ground of its own: readable in a dark and in a light chat."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.jobs.ports import Composed, Series

WIDTH: Final = 1000
PANEL: Final = 280
"""Height of one panel, px."""
GROUND: Final = (30, 33, 40)
WORDS: Final = (232, 234, 240)
LINES: Final = (72, 78, 90)
BARS: Final = ((96, 165, 250), (251, 191, 36), (52, 211, 153))
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 24, 50, 40
_STEPS: Final = 4
_LABELS: Final = 7
"""At most so many labels stand under the bars."""


def chart(series: Sequence[Series]) -> Composed:
    """A PNG of 1000 px width; panels stand below each other."""
    sheet = Image.new("RGB", (WIDTH, PANEL * max(1, len(series))), GROUND)
    draw = ImageDraw.Draw(sheet)
    for index, one in enumerate(series):
        _panel(draw, one, PANEL * index, BARS[index % len(BARS)])
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return Composed(out.getvalue(), "image/png", sheet.width, sheet.height)


def top_of(highest: float, decimals: int) -> float:
    """The value at the upper end of the axis, whose quarters need no more than these decimals."""
    least = _STEPS * 10.0**-decimals
    if highest <= least:
        return least
    power = 10.0 ** math.floor(math.log10(highest))
    ends = (factor * power for factor in (1, 2, 4, 8, 10, 20))
    return next(end for end in ends if end >= highest and round(end * 10**decimals) % _STEPS == 0)


def _panel(draw: ImageDraw.ImageDraw, series: Series, top: int, colour: tuple[int, int, int]) -> None:
    highest = top_of(max(series.values, default=0.0), series.decimals)
    draw.text((_LEFT, top + 12), series.title, fill=WORDS, font=_font(20))
    _axis(draw, top, highest, series.decimals)
    _bars(draw, series, top, highest, colour)


def _axis(draw: ImageDraw.ImageDraw, top: int, highest: float, decimals: int) -> None:
    for step in range(_STEPS + 1):
        y = _height(top, step / _STEPS)
        draw.line((_LEFT, y, WIDTH - _RIGHT, y), fill=WORDS if step == 0 else LINES)
        draw.text((_LEFT - 10, y), f"{highest * step / _STEPS:,.{decimals}f}", fill=WORDS, font=_font(15), anchor="rm")


def _bars(draw: ImageDraw.ImageDraw, series: Series, top: int, highest: float, colour: tuple[int, int, int]) -> None:
    room = (WIDTH - _LEFT - _RIGHT) / max(1, len(series.values))
    every = max(1, math.ceil(len(series.labels) / _LABELS))
    for index, (label, value) in enumerate(zip(series.labels, series.values, strict=True)):
        left = _LEFT + room * index
        if value > 0:  # at least two pixels: a little is not nothing
            ends = min(_height(top, value / highest), _height(top, 0.0) - 2)
            draw.rectangle((left + room * 0.15, ends, left + room * 0.85, _height(top, 0.0)), fill=colour)
        if index % every == 0:
            draw.text((left + room / 2, _height(top, 0.0) + 8), label, fill=WORDS, font=_font(15), anchor="mt")


def _height(top: int, share: float) -> float:
    return top + _TOP + (PANEL - _TOP - _BOTTOM) * (1.0 - share)


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """The face that Pillow brings along: it has no letters beyond Latin, and the panels' words need none."""
    return ImageFont.load_default(size)
