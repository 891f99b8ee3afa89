"""In front of everything: rain, falling snow, flames with their sparks, birds."""

from __future__ import annotations

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice
from providers.sketching.palette import Palette, blend
from providers.sketching.shapes import Mask, bird


def rain(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """Slanting streaks."""
    mask = Mask(canvas)
    for u, v, w in dice.unit("rain", round(420 * canvas.wide), 3).tolist():
        x, y, long = u * canvas.wide * 1.1, v * canvas.high, 0.02 + 0.05 * w
        mask.line([(x, y), (x - 0.22 * long, y + long)], 0.0012, 0.35 + 0.5 * w)
    canvas.paint(blend(palette.horizon, (1, 1, 1), 0.3), mask.done() * np.float32(0.3))


def snowfall(canvas: Canvas, dice: Dice) -> None:
    """Flakes, near and far."""
    mask = Mask(canvas)
    for u, v, w in dice.unit("flakes", round(330 * canvas.wide), 3).tolist():
        radius = 0.0012 + 0.0042 * w**4
        mask.ellipse(u * canvas.wide, v * canvas.high, radius, radius, 0.45 + 0.5 * w)
    canvas.paint((0.97, 0.98, 1.0), mask.done() * np.float32(0.8))


def birds(canvas: Canvas, palette: Palette, dice: Dice, horizon: float) -> None:
    """A loose flock."""
    mask = Mask(canvas)
    x, y = dice.between("flock.x", 0.25, 0.75) * canvas.wide, dice.between("flock.y", 0.25, 0.55) * horizon
    for u, v, w in dice.unit("flock", 11, 3).tolist():
        bird(mask, x + (u - 0.5) * 0.42, y + (v - 0.5) * 0.2, 0.01 + 0.014 * w, u)
    canvas.paint(blend(palette.near, palette.zenith, 0.2), mask.done() * np.float32(0.9))


def fire(canvas: Canvas, dice: Dice, foot: float) -> None:
    """A fire in the open: flames that lick upwards, a glow on the ground, sparks, logs."""
    x, tall = dice.between("fire", 0.42, 0.58) * canvas.wide, dice.between("fire.tall", 0.42, 0.56)
    rise = (np.float32(foot) - canvas.y) / np.float32(tall)
    lick = noise(dice, "flames", (canvas.width, canvas.height), (7 * canvas.wide, 3.2 * canvas.high), 5, 0.55)
    sway = noise(dice, "sway", (canvas.width, canvas.height), (3 * canvas.wide, 2 * canvas.high), 3)
    wide = np.float32(0.17) * np.clip(1 - rise, 0, 1) ** 0.75 * np.clip(1.1 + rise * 6, 0, 1)
    off = np.abs(canvas.x - x + 0.1 * sway * np.clip(rise, 0, 1)) / (wide + np.float32(0.004))
    heat = (
        np.clip(1.25 - off - 0.25 * rise + 0.75 * lick * (0.3 + rise), 0, 1.4)
        * smooth(-0.14, 0.02, rise)
        * (1 - smooth(0.6, 1.08, rise))
    )
    away = np.hypot(canvas.x - x, (canvas.y - foot) * 1.4 + 0.1)
    canvas.add((1.0, 0.42, 0.1), (0.75 * np.exp(-away / np.float32(0.2))).astype(np.float32))
    for colour, low, high in (((0.85, 0.12, 0.02), 0.02, 0.35), ((1.0, 0.5, 0.06), 0.25, 0.7), ((1.0, 0.86, 0.4), 0.6, 1.1)):
        canvas.paint(colour, smooth(low, high, heat.astype(np.float32)) * np.float32(0.95))
    _sparks(canvas, dice, x, foot, tall)
    logs = Mask(canvas)
    for side in (-1, 1, -0.4, 0.6):
        logs.line([(x - side * 0.16, foot + 0.03), (x + side * 0.1, foot - 0.03)], 0.028)
    canvas.paint((0.07, 0.03, 0.02), logs.done())


def _sparks(canvas: Canvas, dice: Dice, x: float, foot: float, tall: float) -> None:
    mask = Mask(canvas)
    for u, v, w in dice.unit("sparks", 90, 3).tolist():
        height = v * tall * 1.7
        mask.ellipse(
            x + (u - 0.5) * (0.12 + 0.5 * height),
            foot - 0.05 - height,
            0.0012 + 0.0022 * w,
            0.0012 + 0.0026 * w,
            1 - 0.6 * v,
        )
    canvas.paint((1.0, 0.72, 0.3), mask.done())
