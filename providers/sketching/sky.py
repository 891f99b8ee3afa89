"""Skies: a gradient, a sun or a moon with its glow, clouds, stars, northern lights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Colour, Palette, blend


@dataclass(frozen=True, slots=True)
class Light:
    """Where the sun or moon stands (canvas units) and how large it is. `moon`: a cold disc with spots."""

    x: float
    y: float
    radius: float
    moon: bool


def gradient(canvas: Canvas, palette: Palette, horizon: float) -> None:
    """From zenith through middle to horizon, and the horizon's colour below it."""
    t = np.clip(canvas.y[:, 0] / np.float32(horizon), 0, 1) ** np.float32(1.15)
    stops = np.array([palette.zenith, palette.middle, palette.horizon], np.float32)
    column = np.stack([np.interp(t, [0, 0.58, 1], stops[:, c]) for c in range(3)], 1)
    canvas.rgb[:] = column[:, None, :]


def stars(canvas: Canvas, dice: Dice, horizon: float, many: int, colour: Colour = (0.95, 0.97, 1.0)) -> None:
    """Points of light of unequal brightness, thinner towards the horizon."""
    place, bright = dice.unit("stars", many, 2), dice.unit("stars.bright", many)
    sheet: Floats = np.zeros((canvas.height, canvas.width), np.float32)
    for (u, v), b in zip(place, bright, strict=True):
        x, y = u * canvas.wide, (v * 1.08 - 0.04) * horizon
        _dot(canvas, sheet, float(x), float(y), 0.0008 + 0.0016 * float(b) ** 8, 0.25 + 1.1 * float(b) ** 4)
    sheet *= 1 - smooth(0.55 * horizon, horizon, canvas.y)
    canvas.add(colour, sheet)


def disc(canvas: Canvas, palette: Palette, light: Light, dice: Dice) -> None:
    """The sun or moon, and the glow around it."""
    distance = np.hypot(canvas.x - light.x, canvas.y - light.y)
    glow = np.exp(-distance / np.float32(light.radius * (2.2 if light.moon else 4.2)))
    wide = np.exp(-(distance**2) / np.float32(0.16))
    halo = 0.7 * glow + (0.06 if light.moon else 0.22) * wide
    canvas.glow(blend(palette.sun, palette.horizon, 0.3), halo.astype(np.float32))
    edge = np.clip((light.radius - distance) / canvas.pixel + 0.5, 0, 1)
    face: Floats = np.ones_like(edge)
    if light.moon:
        spots = noise(
            dice,
            "moon",
            (canvas.width, canvas.height),
            (canvas.wide / light.radius / 1.6, canvas.high / light.radius / 1.6),
            3,
        )
        face = 0.93 - 0.2 * smooth(0.05, 0.6, spots)
    shine = np.float32(1.0 if light.moon else 1.3)
    canvas.paint(np.asarray(blend(palette.sun, (1, 1, 1), 0.3), np.float32) * (face * shine)[..., None], edge)


def clouds(canvas: Canvas, palette: Palette, light: Light, dice: Dice, horizon: float, cover: float) -> None:
    """Clouds lit from the sun's side, flatter towards the horizon. `cover`: 0.0 (few) to 1.0 (all over)."""
    rows = canvas.row(horizon)
    if rows < 8:
        return
    depth = _receding(canvas, rows, horizon)
    field = noise(dice, "clouds", (canvas.width, 320 * canvas.height // 512), (2.1 * canvas.wide, 4.2), 5, 0.46)
    density = _rows(field, depth)
    step = max(2, canvas.width // 90)
    towards = step if light.x > canvas.wide / 2 else -step
    lit = density - 0.55 * _moved(density, 0, -towards) - 0.45 * _moved(density, step, 0)
    alpha = smooth(0.42 - 0.75 * cover, 1.0 - 0.6 * cover, density) * (
        1 - 0.75 * smooth(0.8 * horizon, horizon, canvas.y[:rows])
    )
    near = np.exp(-np.hypot(canvas.x - light.x, canvas.y[:rows] - light.y) / np.float32(0.5))
    shade = np.asarray(blend(palette.middle, palette.zenith, 0.45), np.float32)
    bright = np.asarray(blend(palette.horizon, palette.sun, 0.55), np.float32)
    share = np.clip(0.42 + 1.5 * lit + 0.45 * near * (1.1 - alpha), 0, 1)
    canvas.paint(shade + (bright - shade) * share[..., None], (0.88 * alpha).astype(np.float32))


def aurora(canvas: Canvas, dice: Dice, horizon: float) -> None:
    """Two curtains of northern light."""
    ray = noise(dice, "aurora.rays", (canvas.width, 1), (26 * canvas.wide, 1), 3)
    for index, colour in enumerate(((0.18, 0.95, 0.55), (0.5, 0.3, 0.9))):
        edge = noise(dice, f"aurora.{index}", (canvas.width, 1), (1.6 * canvas.wide, 1), 3)
        foot = horizon * (0.62 - 0.16 * index) + 0.22 * edge * horizon
        above = (foot - canvas.y) / np.float32(horizon)
        light = np.where(above > 0, np.exp(-above * 3.4), np.exp(above * 40)) * (0.62 + 0.5 * ray)
        canvas.add(colour, (0.6 * np.clip(light, 0, 1.2)).astype(np.float32))


def _receding(canvas: Canvas, rows: int, horizon: float) -> Floats:
    """Which row of a flat ceiling each row of the sky shows, 0-1."""
    depth = 0.32 / (1.16 - canvas.y[:rows, 0] / np.float32(horizon))
    scaled: Floats = (depth - depth[0]) / (0.32 / 0.16 - depth[0])
    return scaled


def _moved(field: Floats, down: int, right: int) -> Floats:
    """The field shifted, its edges drawn out."""
    rows = np.clip(np.arange(field.shape[0]) - down, 0, field.shape[0] - 1)
    columns = np.clip(np.arange(field.shape[1]) - right, 0, field.shape[1] - 1)
    moved: Floats = field[rows][:, columns]
    return moved


def _rows(field: Floats, where: Floats) -> Floats:
    """Rows of `field` at places 0-1, between two rows where need be."""
    place = np.clip(where, 0, 1) * (field.shape[0] - 1.001)
    row = place.astype(np.intp)
    share = (place - row).astype(np.float32)[:, None]
    mixed: Floats = field[row] * (1 - share) + field[row + 1] * share
    return mixed


def _dot(canvas: Canvas, sheet: Floats, x: float, y: float, radius: float, bright: float) -> None:
    """One soft point; its light is the same at every resolution."""
    reach = max(1, round(3 * radius / canvas.pixel))
    column, row = int(x / canvas.pixel), int(y / canvas.pixel)
    left, top = max(0, column - reach), max(0, row - reach)
    xs, ys = canvas.x[:, left : column + reach + 1], canvas.y[top : row + reach + 1]
    spread = max(radius, 0.7 * canvas.pixel)
    light = np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / np.float32(spread**2)) * np.float32(bright * (radius / spread) ** 0.5)
    sheet[top : row + reach + 1, left : column + reach + 1] += light
