"""What each Black Forest Labs model takes. Field names and bounds: the vendor's own OpenAPI file, May 2026."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from providers.base import Size

CREDIT = 10_000
"""Micro-USD; one credit is 0.01 USD (the vendor's price page, seen 2026-11-21)."""
WIDEST = Fraction(21, 9)


@dataclass(frozen=True, slots=True)
class Family:
    """`image`: the field of an input picture. `step`, `least`, `most`: px of a side; `step` 0: it takes a ratio instead."""

    image: str
    step: int = 0
    least: int = 0
    most: int = 0
    raw: bool = False

    def shape(self, size: Size, ratio: str) -> dict[str, Any]:
        """The fields for the nearest shape that the model draws; `ratio` is as the user gave it, or empty."""
        if not self.step:
            return {"aspect_ratio": nearest_ratio(ratio or f"{size.width}:{size.height}")}
        fitted = fit(size, self.step, self.least, self.most)
        return {"width": fitted.width, "height": fitted.height}


FLUX_2 = Family("input_image", step=16, least=64, most=2048)
KONTEXT = Family("input_image")
FLUX_1 = Family("image_prompt", step=32, least=256, most=1440)
ULTRA = Family("image_prompt", raw=True)


def family_of(model: str) -> Family:
    """By the model's name; one that is not known yet is taken for a FLUX.2."""
    if model.startswith("flux-kontext"):
        return KONTEXT
    if model.startswith("flux-pro-1.1-ultra"):
        return ULTRA
    return FLUX_1 if model in {"flux-pro-1.1", "flux-dev"} else FLUX_2


def fit(size: Size, step: int, least: int, most: int) -> Size:
    """`size` shrunk until its longer side is at most `most`, sides whole multiples of `step` and at least `least` px."""
    longer = max(size.width, size.height)
    scale = Fraction(min(longer, most), longer)
    width, height = (min(max(round(side * scale / step) * step, least), most) for side in (size.width, size.height))
    return Size(width, height)


def nearest_ratio(ratio: str) -> str:
    """`W:H` in lowest terms, kept between 21:9 and 9:21, which is all that the ratio models draw."""
    width, height = (int(side) for side in ratio.split(":"))
    asked = Fraction(width, height)
    if asked >= WIDEST:
        return "21:9"
    return "9:21" if asked <= 1 / WIDEST else f"{asked.numerator}:{asked.denominator}"
