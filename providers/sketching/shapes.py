"""Hard-edged things: drawn twice as large as masks and reduced, so that their edges are smooth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from providers.sketching.canvas import Canvas
from providers.sketching.dice import Floats

Point = tuple[float, float]


class Mask:
    """A stencil of the sheet. Coordinates in canvas units; `level`: 0.0 to 1.0."""

    def __init__(self, canvas: Canvas) -> None:
        """As large as `canvas`, empty."""
        self._scale = 2 / canvas.pixel
        self._image = Image.new("L", (canvas.width * 2, canvas.height * 2))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point], level: float = 1.0) -> None:
        """Filled."""
        self._draw.polygon([(x * self._scale, y * self._scale) for x, y in points], fill=round(255 * level))

    def box(self, left: float, top: float, right: float, bottom: float, level: float = 1.0) -> None:
        """A filled rectangle."""
        s = self._scale
        self._draw.rectangle((left * s, top * s, max(left, right) * s, max(top, bottom) * s), fill=round(255 * level))

    def ellipse(self, x: float, y: float, a: float, b: float, level: float = 1.0) -> None:
        """Filled, with half axes `a` and `b`."""
        s = self._scale
        self._draw.ellipse(((x - a) * s, (y - b) * s, (x + a) * s, (y + b) * s), fill=round(255 * level))

    def line(self, points: Sequence[Point], width: float, level: float = 1.0) -> None:
        """A line of that width."""
        s = self._scale
        self._draw.line(
            [(x * s, y * s) for x, y in points], fill=round(255 * level), width=max(1, round(width * s)), joint="curve"
        )

    def done(self) -> Floats:
        """0.0-1.0 for each pixel of the sheet."""
        reduced = np.asarray(self._image.reduce(2), np.float32)
        level: Floats = reduced * np.float32(1 / 255)
        return level


def conifer(mask: Mask, x: float, foot: float, tall: float, lean: Sequence[float]) -> None:
    """A fir: tiers of branches around a trunk. `lean`: at least ten numbers 0-1 that make it one of its kind."""
    tiers, left, right = 9, [(x, foot - tall)], [(x, foot - tall)]
    for tier in range(tiers):
        t = (tier + 1) / tiers
        half = tall * (0.03 + 0.2 * t) * (0.72 + 0.5 * lean[tier])
        y = foot - tall * (1 - t * 0.99)
        left += [(x - half, y + 0.012 * tall), (x - half * 0.45, y - 0.012 * tall)]
        right += [(x + half * (0.85 + 0.3 * lean[tier - 1]), y + 0.012 * tall), (x + half * 0.45, y - 0.012 * tall)]
    mask.polygon([*left, *reversed(right)])
    mask.box(x - 0.016 * tall, foot - 0.08 * tall, x + 0.016 * tall, foot + 0.03 * tall)


def bird(mask: Mask, x: float, y: float, span: float, flap: float) -> None:
    """Two wings."""
    lift = span * (0.16 + 0.28 * flap)
    wing = [
        (x - span, y - lift),
        (x - 0.45 * span, y - 0.9 * lift),
        (x, y),
        (x + 0.45 * span, y - 0.9 * lift),
        (x + span, y - lift),
    ]
    mask.line(wing, 0.09 * span)


def sailboat(mask: Mask, x: float, foot: float, tall: float) -> None:
    """A hull, a mast and two sails."""
    mask.polygon(
        [
            (x - 0.34 * tall, foot - 0.1 * tall),
            (x + 0.4 * tall, foot - 0.1 * tall),
            (x + 0.27 * tall, foot),
            (x - 0.25 * tall, foot),
        ]
    )
    mask.polygon(
        [(x + 0.03 * tall, foot - tall), (x + 0.03 * tall, foot - 0.14 * tall), (x + 0.38 * tall, foot - 0.14 * tall)]
    )
    mask.polygon(
        [(x - 0.02 * tall, foot - 0.92 * tall), (x - 0.02 * tall, foot - 0.14 * tall), (x - 0.3 * tall, foot - 0.14 * tall)]
    )
