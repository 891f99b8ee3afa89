"""Beyond the air: nebulae, a spiral galaxy, planets with rings."""

from __future__ import annotations

import math

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Palette, blend
from providers.sketching.sky import stars

DARK = (0.012, 0.01, 0.03)


def space(canvas: Canvas, palette: Palette, dice: Dice, variant: int) -> None:
    """Stars and coloured gas, and by `variant` a ringed planet, a galaxy, a close planet, or a planet with its moon."""
    canvas.rgb[:] = np.asarray(DARK, np.float32)
    if variant == 1:
        _galaxy(canvas, palette, dice)
    else:
        _nebula(canvas, palette, dice)
    stars(canvas, dice, canvas.high * 2.2, round(700 * canvas.wide))
    if variant == 0:
        planet(canvas, palette, dice, "planet", (0.62, 0.45, 0.19), rings=True)
    elif variant == 2:
        planet(canvas, palette, dice, "planet", (0.5, 1.22, 0.72), rings=False)
    elif variant == 3:
        planet(canvas, palette, dice, "planet", (0.3, 0.58, 0.25), rings=False)
        planet(canvas, palette, dice, "moon", (0.74, 0.28, 0.075), rings=False)


def planet(canvas: Canvas, palette: Palette, dice: Dice, name: str, at: tuple[float, float, float], rings: bool) -> None:
    """A sphere lit from the upper left, with bands or continents and a rim of air. `at`: x, y (shares) and radius."""
    x = at[0] * canvas.wide + dice.between(name + ".x", -0.05, 0.05)
    y, radius = at[1] * canvas.high, at[2]
    u, v = (canvas.x - x) / np.float32(radius), (canvas.y - y) / np.float32(radius)
    square = u * u + v * v
    z = np.sqrt(np.maximum(1 - square, 0))
    alpha = np.clip((1 - np.sqrt(square)) * np.float32(radius / canvas.pixel) + 0.5, 0, 1)
    lit = np.clip(-0.62 * u - 0.5 * v + 0.6 * z, 0, 1) ** np.float32(0.8)
    if rings:
        _ring(canvas, palette, u, v, behind=True)
    canvas.paint(_surface(canvas, palette, dice, name, v, radius) * (0.02 + 1.12 * lit)[..., None], alpha)
    rim = np.exp(-np.abs(np.sqrt(square) - 1) * np.float32(radius / 0.012)) * np.clip(-0.62 * u - 0.5 * v + 0.25, 0, 1)
    canvas.add(blend(palette.middle, (0.5, 0.75, 1.0), 0.5), (0.9 * rim).astype(np.float32))
    if rings:
        _ring(canvas, palette, u, v, behind=False)


def _surface(canvas: Canvas, palette: Palette, dice: Dice, name: str, v: Floats, radius: float) -> Floats:
    """Bands bent by storms (even names) or land, sea and cloud."""
    size = (canvas.width, canvas.height)
    rough = noise(dice, name, size, (1.4 * canvas.wide / radius, 1.4 * canvas.high / radius), 5, 0.55)
    if dice.between(name + ".kind", 0, 1) < 0.6:
        band = np.sin(v * 7 + 1.1 * rough + 1.3 * np.sin(v * 17) * 0.5) * 0.5 + 0.5
        return _ramp(band, (blend(palette.middle, palette.near, 0.3), palette.horizon, palette.sun))
    sea, coast = blend(palette.zenith, (0.05, 0.2, 0.4), 0.5), blend(palette.horizon, (0.5, 0.45, 0.3), 0.5)
    return _ramp(smooth(-0.25, 0.55, rough), (sea, sea, coast, (0.95, 0.95, 0.95)))


def _ring(canvas: Canvas, palette: Palette, u: Floats, v: Floats, behind: bool) -> None:
    tilt = -0.35
    a = u * np.float32(math.cos(tilt)) + v * np.float32(math.sin(tilt))
    b = (v * np.float32(math.cos(tilt)) - u * np.float32(math.sin(tilt))) / np.float32(0.26)
    away = np.sqrt(a * a + b * b)
    density = (
        smooth(1.35, 1.42, away) * (1 - smooth(2.15, 2.25, away)) * (0.62 + 0.3 * np.sin(away * 31) * np.sin(away * 12))
    )
    half = b < 0 if behind else b >= 0
    canvas.paint(blend(palette.sun, palette.horizon, 0.5), (0.8 * density * half).astype(np.float32))


def _nebula(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    size, span = (canvas.width, canvas.height), (2.0 * canvas.wide, 2.0 * canvas.high)
    dust = noise(dice, "dust", size, span, 6, 0.58)
    angle = dice.between("band", -0.7, 0.7)
    across = (canvas.x - canvas.wide / 2) * np.float32(math.sin(angle)) + (canvas.y - canvas.high / 2) * np.float32(
        math.cos(angle)
    )
    band = np.exp(-((across / np.float32(0.34)) ** 2))
    for index, colour in enumerate((palette.middle, palette.horizon, palette.zenith)):
        gas = noise(dice, f"gas.{index}", size, span, 5, 0.55)
        light = smooth(-0.35, 1.1, gas + 0.5 * band - 0.15) * (0.3 + 0.85 * band)
        canvas.add(
            colour,
            (np.float32((0.75, 0.5, 1.2)[index]) * light * (1 - 0.75 * smooth(0.0, 0.75, dust))).astype(np.float32),
        )


def _galaxy(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    tilt, turn = dice.between("tilt", 0.42, 0.7), dice.between("turn", -0.8, 0.8)
    u, v = canvas.x - canvas.wide / 2, canvas.y - canvas.high / 2
    a = u * np.float32(math.cos(turn)) + v * np.float32(math.sin(turn))
    b = (v * np.float32(math.cos(turn)) - u * np.float32(math.sin(turn))) / np.float32(tilt)
    away = np.sqrt(a * a + b * b) + np.float32(1e-4)
    cloud = noise(dice, "arms", (canvas.width, canvas.height), (9 * canvas.wide, 9 * canvas.high), 5, 0.72)
    arms = np.cos(2 * (np.arctan2(b, a) - 2.3 * np.log(away + 0.03)) + 1.0 * cloud) * 0.5 + 0.5
    light = np.exp(-away * np.float32(5.2)) * (0.2 + 1.25 * arms**1.7 * np.clip(0.65 + 1.1 * cloud, 0.05, 2))
    canvas.add(palette.middle, (1.2 * light).astype(np.float32))
    canvas.add(palette.horizon, (0.9 * light * arms).astype(np.float32))
    canvas.add(palette.sun, (1.1 * np.exp(-((away / np.float32(0.085)) ** 1.3))).astype(np.float32))


def _ramp(t: Floats, stops: tuple[tuple[float, float, float], ...]) -> Floats:
    table = np.asarray(stops, np.float32)
    places = np.linspace(0, 1, len(stops))
    mixed: Floats = np.stack([np.interp(t, places, table[:, c]) for c in range(3)], -1).astype(np.float32)
    return mixed
