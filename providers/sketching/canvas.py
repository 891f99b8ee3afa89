"""The sheet that is drawn on, in lengths that do not depend on its resolution."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Colour


class Canvas:
    """RGB floats 0.0-1.0. Lengths are in units of the square root of the area: a square sheet is 1 x 1."""

    def __init__(self, width: int, height: int) -> None:
        """Sizes in px."""
        self.width, self.height = width, height
        self.pixel = 1 / math.sqrt(width * height)
        self.wide, self.high = width * self.pixel, height * self.pixel
        self.x: Floats = ((np.arange(width, dtype=np.float32) + 0.5) * self.pixel).astype(np.float32)[None, :]
        self.y: Floats = ((np.arange(height, dtype=np.float32) + 0.5) * self.pixel).astype(np.float32)[:, None]
        self.rgb: Floats = np.zeros((height, width, 3), np.float32)

    def row(self, y: float) -> int:
        """The pixel row at height `y`, within the sheet."""
        return min(max(round(y / self.pixel), 0), self.height)

    def paint(self, shade: Floats | Colour, alpha: Floats, top: int = 0) -> None:
        """Lay a colour over the sheet from row `top` down, as thick as `alpha` (rows, width) says."""
        rows, columns = _reach(alpha, 1), _reach(alpha, 0)
        thick = alpha[rows, columns, None]
        part = self.rgb[top:][rows, columns]
        part += (_cut(np.asarray(shade, np.float32), rows, columns) - part) * thick

    def glow(self, shade: Colour, light: Floats) -> None:
        """Light in the air: brightens what is dark more than what is bright, so that nothing burns out."""
        for channel in range(3):
            part = self.rgb[..., channel]
            part += np.maximum(np.float32(shade[channel] * 1.04) - part, 0) * np.minimum(light, 1)

    def add(self, shade: Colour, light: Floats, top: int = 0) -> None:
        """Add light of a colour."""
        for channel in range(3):
            self.rgb[top : top + light.shape[0], :, channel] += light * np.float32(shade[channel])


def _reach(alpha: Floats, axis: int) -> slice:
    """From the first to the last row (or column) that is touched: most things cover a small part of the sheet."""
    places = np.flatnonzero(np.any(alpha, axis=axis))
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)


def _cut(shade: Floats, rows: slice, columns: slice) -> Floats:
    """The part of a shade, whichever of its axes are drawn out."""
    if shade.ndim < 3:
        return shade
    return shade[rows if shade.shape[0] > 1 else slice(None), columns if shade.shape[1] > 1 else slice(None)]


def smooth(low: float, high: float, values: Floats) -> Floats:
    """0 below `low`, 1 above `high`, an S between."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    eased: Floats = t * t * (3 - 2 * t)
    return eased


def noise(
    dice: Dice,
    name: str,
    size: tuple[int, int],
    span: tuple[float, float],
    octaves: int = 5,
    gain: float = 0.5,
    sharp: bool = False,
) -> Floats:
    """Fractal noise of `size` (px: width, height), about -1..1. `span`: cells of the coarsest octave across and down.

    `sharp`: crests instead of clouds (0..1).
    """
    total: Floats = np.zeros((size[1], size[0]), np.float32)
    strength, most = 1.0, 0.0
    for octave in range(octaves):
        layer = _octave(dice, f"{name}.{octave}", size, (span[0] * 2**octave, span[1] * 2**octave))
        total += (1 - np.abs(layer) * np.float32(1.3) if sharp else layer) * np.float32(strength)
        most += strength if sharp else strength**2
        strength *= gain
    total /= np.float32(most if sharp else 1.6 * math.sqrt(most))
    return total


def _octave(dice: Dice, name: str, size: tuple[int, int], span: tuple[float, float]) -> Floats:
    across, down = math.ceil(span[0]) + 4, math.ceil(span[1]) + 4
    lattice = Image.fromarray(dice.normal(name, down, across))
    scaled = lattice.resize(size, Image.Resampling.BICUBIC, box=(2, 2, 2 + span[0], 2 + span[1]))
    return np.asarray(scaled, np.float32)
