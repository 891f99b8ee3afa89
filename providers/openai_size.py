"""Which sizes OpenAI's image models take, and the one nearest to what was asked for."""

from __future__ import annotations

import math
from typing import Final

from providers.base import Size

ANY_SIZE: Final = ("gpt-image-2-", "gpt-image-2.5-")
"""Model prefixes that take any WxH by the SDK's own text (3.52); 2.6 is not named there, so it gets the standard sizes."""
STANDARD: Final = (Size(1024, 1024), Size(1536, 1024), Size(1024, 1536))
WIDEST: Final = 3.0
STEP: Final = 16
LARGEST: Final = 2560 * 1440
"""Pixels; above that the API calls it experimental."""
COMPATIBLE_STEP: Final = 64
"""Diffusion models on one's own server want multiples of 64."""


def nearest(size: Size, model: str) -> str:
    """`WxH` for this model: sides divisible by 16 and at most 3:1, or else the standard size of the nearest ratio."""
    if not f"{model}-".startswith(ANY_SIZE):
        best = min(STANDARD, key=lambda one: abs(math.log(_ratio(one) / _ratio(size))))
        return f"{best.width}x{best.height}"
    ratio, area = min(max(_ratio(size), 1 / WIDEST), WIDEST), min(size.width * size.height, LARGEST)
    width, height = _snap(math.sqrt(area * ratio), STEP), _snap(math.sqrt(area / ratio), STEP)
    return f"{min(width, 3 * height)}x{min(height, 3 * width)}"


def grid_of_64(size: Size) -> str:
    """`WxH` in multiples of 64."""
    return f"{_snap(size.width, COMPATIBLE_STEP)}x{_snap(size.height, COMPATIBLE_STEP)}"


def _ratio(size: Size) -> float:
    return max(size.width, 1) / max(size.height, 1)


def _snap(side: float, step: int) -> int:
    return max(step, round(side / step) * step)
