"""Still or restless water: what stands above it, mirrored, broken by ripples that shrink with distance."""

from __future__ import annotations

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Palette, blend
from providers.sketching.sky import Light


def water(canvas: Canvas, palette: Palette, light: Light, dice: Dice, shore: float, rough: float) -> None:
    """Cover everything below `shore` with water. `rough`: 0.0 (a pond) to 1.0 (the open sea)."""
    top = canvas.row(shore)
    rows = canvas.height - top
    if rows < 4:
        return
    near = ((canvas.y[top:, 0] - shore) / np.float32(canvas.high - shore)).astype(np.float32)
    ripple = _ripples(canvas, dice, near)
    size = (near[:, None] ** 0.8 + np.float32(0.1)) * np.float32(0.012 + 0.075 * rough)
    source = shore - (canvas.y[top:] - shore) * np.float32(0.95) + ripple * size
    row = np.clip((source / np.float32(canvas.pixel)).astype(np.intp), 0, max(top - 1, 0))
    column = np.arange(canvas.width) + (ripple * size * np.float32(0.35 / canvas.pixel)).astype(np.intp)
    brightest = blend(palette.sun, palette.middle, 0.55) if light.moon else blend(palette.sun, palette.horizon, 0.55)
    # The disc itself is cut down to its glow: ripples would make a blot of it, the sparks below make a path.
    mirrored = np.minimum(canvas.rgb[row, np.clip(column, 0, canvas.width - 1)], np.asarray(brightest, np.float32))
    deep = np.asarray(blend(palette.zenith, palette.near, 0.45), np.float32) * np.float32(0.45 + 0.35 * palette.light)
    share = np.clip(
        0.2 + (0.3 + 0.35 * rough) * near[:, None] - (0.22 + 0.2 * rough) * ripple * (0.3 + near[:, None]), 0.04, 0.92
    )
    canvas.rgb[top:] = mirrored + (deep - mirrored) * share[..., None]
    _glitter(canvas, palette, light, ripple, near, top)
    line = np.exp(-((canvas.y[top:] - shore) / np.float32(0.006))) * np.float32(0.22)
    canvas.paint(palette.horizon, np.broadcast_to(line, (rows, canvas.width)).astype(np.float32), top)


def _ripples(canvas: Canvas, dice: Dice, near: Floats) -> Floats:
    """Waves about -1..1: long across, ever closer together towards the shore."""
    tall = 360
    field = noise(dice, "ripples", (canvas.width, tall), (5.0 * canvas.wide, 34.0), 4, 0.55)
    depth = 0.24 / (near + np.float32(0.16))
    place = (1 - (depth - depth[-1]) / (depth[0] - depth[-1])) * (tall - 1.001)
    row = place.astype(np.intp)
    share = (place - row).astype(np.float32)[:, None]
    mixed: Floats = field[row] * (1 - share) + field[row + 1] * share
    return mixed


def _glitter(canvas: Canvas, palette: Palette, light: Light, ripple: Floats, near: Floats, top: int) -> None:
    """The sun's or moon's path of sparks."""
    spread = (0.028 + 0.16 * near)[:, None]
    path = np.exp(-(((canvas.x - light.x) / spread) ** 2))
    sparks = smooth(0.12, 0.75, ripple) * path * (1.0 - 0.45 * near[:, None])
    canvas.add(palette.sun, (sparks * np.float32(0.85 if light.moon else 0.75)).astype(np.float32), top)
