"""Land seen in perspective: a height field in slices, from far to near, with light, snow and haze.

Each column of the sheet looks along a ray. For each slice of distance the ground's height gives a row; what a nearer
slice hides is not seen. (The picture is the same at every resolution: slices and heights are continuous in it.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Colour, Palette, blend
from providers.sketching.sky import Light

MAP: Final = 384
"""Cells of the height map on a side."""


@dataclass(frozen=True, slots=True)
class Land:
    """A kind of ground. Heights in units of the camera's; distances from 1 (foot of the sheet) to `far`.

    `rolling`, `peaks`: heights of hills everywhere and of mountains behind `behind`; `cells`: how many of them there are.
    """

    ground: Colour
    rock: Colour
    rolling: float
    peaks: float
    behind: float
    sharp: bool = True
    snow: float = 9.0
    haze: float = 9.0
    far: float = 26.0
    cells: float = 5.0


def land(canvas: Canvas, palette: Palette, light: Light, dice: Dice, kind: Land, horizon: float) -> Floats:
    """Draw it; returns the row (canvas units) of the skyline in every column."""
    slices = round(220 * max(1.0, canvas.width * canvas.height / 262_144) ** 0.5)
    away = np.geomspace(0.9, kind.far, slices, dtype=np.float32)[:, None]
    across = (canvas.x - np.float32(canvas.wide / 2)) * away
    height, lit, grain = _heights(dice, kind, light, canvas, across, away)
    drop = np.float32(canvas.high - horizon)
    rows = np.float32(horizon) + drop * (1 - height) / away
    colours = _colours(palette, kind, height, lit, grain, away)
    seen = np.minimum.accumulate(rows, axis=0)
    _fill(canvas, rows, seen, colours)
    skyline: Floats = seen[-1]
    return skyline


def _heights(
    dice: Dice, kind: Land, light: Light, canvas: Canvas, across: Floats, away: Floats
) -> tuple[Floats, Floats, Floats]:
    """Height, light from the side of the sun (about 0-1) and grain of each slice and column."""
    size, cells = (MAP, MAP), (kind.cells, kind.cells)
    hills = noise(dice, "hills", size, cells, 5, 0.42)
    peaks = noise(dice, "peaks", size, (cells[0] * 0.8, cells[1] * 0.8), 7, 0.47, sharp=kind.sharp)
    peaks = np.maximum(peaks - 0.3, 0) ** 1.35 * 2.3 if kind.sharp else peaks * 0.5 + 0.5
    rise = np.linspace(0, kind.far, MAP, dtype=np.float32)[:, None]
    gain = smooth(kind.behind * 0.55, kind.behind * 1.5, rise)
    field = kind.rolling * hills * (0.35 + 0.65 * smooth(0.5, 6, rise)) + kind.peaks * gain * peaks
    side = 1.0 if light.x > canvas.wide / 2 else -1.0
    slope_x, slope_z = np.gradient(field, axis=1), np.gradient(field, axis=0)
    relief = (side * -slope_x * 8.5 + slope_z * 2.5) * np.float32(7 / (1.2 + kind.peaks + kind.rolling))
    lit = (0.5 + 0.5 * np.tanh(relief)).astype(np.float32)
    column = (across / np.float32(kind.far * 1.25) + 0.5) * (MAP - 1)
    row = np.broadcast_to(away / np.float32(kind.far) * (MAP - 1), column.shape)
    height, shine = _sampled((field, lit), column, row)
    bump_lit = 0.5 + 0.5 * np.tanh(side * -np.gradient(hills, axis=1) * 22 + np.gradient(hills, axis=0) * 12)
    bump, bump_shine = _sampled((hills, bump_lit.astype(np.float32)), column * 7.3 + 40, np.mod(row * 7.3, 2 * MAP))
    close = np.float32(1) / (1 + (away / 5) ** 2)
    height = height + np.float32(0.05 + 0.16 * kind.rolling) * bump * close * smooth(0.8, 2.5, away)
    return height, shine + (bump_shine - 0.5) * (0.3 + 0.4 * close), bump


def _sampled(maps: tuple[Floats, ...], column: Floats, row: Floats) -> list[Floats]:
    """Bilinear; the map is mirrored at its sides."""
    column = np.abs(np.mod(column, 2 * (MAP - 1)))
    column = np.clip(np.where(column > MAP - 1, 2 * (MAP - 1) - column, column), 0, MAP - 1.001)
    row = np.clip(np.where(row > MAP - 1, 2 * (MAP - 1) - row, row), 0, MAP - 1.001)
    left, top = column.astype(np.intp), row.astype(np.intp)
    u, v = (column - left).astype(np.float32), (row - top).astype(np.float32)
    at = top * MAP + left
    out = []
    for field in maps:
        flat = field.ravel()
        upper = flat[at] + (flat[at + 1] - flat[at]) * u
        lower = flat[at + MAP] + (flat[at + MAP + 1] - flat[at + MAP]) * u
        out.append(upper + (lower - upper) * v)
    return out


def _colours(palette: Palette, kind: Land, height: Floats, lit: Floats, grain: Floats, away: Floats) -> Floats:
    """Ground, rock on the heights, snow above its line; then light, then haze with distance and in the valleys."""
    tall = max(kind.peaks, kind.rolling * 1.5, 0.2)
    rocky = smooth(0.12 * tall, 0.38 * tall, height + 0.12 * tall * grain)[..., None]
    white = smooth(
        kind.snow * tall - 0.05 * tall, kind.snow * tall + 0.1 * tall, height + 0.25 * tall * (grain * 0.6 + lit - 0.5)
    )[..., None]
    ground, rock = np.asarray(kind.ground, np.float32), np.asarray(kind.rock, np.float32)
    colour = ground * (1 + 0.3 * grain[..., None] * np.asarray((1.2, 0.8, 0.6), np.float32))
    colour = colour + (rock - colour) * rocky
    colour = colour + (np.float32(0.93) - colour) * white
    ambient = np.asarray(blend(palette.middle, palette.zenith, 0.4), np.float32) * np.float32(0.5 * palette.light + 0.2)
    direct = np.asarray(blend(palette.sun, palette.horizon, 0.45), np.float32) * np.float32(0.15 + 0.85 * palette.light)
    colour = colour * (ambient + direct * (np.clip(lit, 0.02, 1.3)[..., None] ** 1.3) * np.float32(1.3))
    fog = 1 - np.exp(-((away / np.float32(kind.haze)) ** 1.25) * (1.25 - 0.65 * np.clip(height / np.float32(tall), 0, 1)))
    air = np.asarray(blend(palette.horizon, palette.middle, 0.35), np.float32)
    hazed: Floats = colour + (air - colour) * np.minimum(fog, 0.93)[..., None]
    return hazed


def _fill(canvas: Canvas, rows: Floats, seen: Floats, colours: Floats) -> None:
    """Give every pixel the colour of the nearest slice whose edge lies above it, blended from slice to slice."""
    slices, width = rows.shape
    first = np.full((canvas.height + 1, width), slices, np.int32)
    columns = np.arange(width)
    edge = np.clip(np.ceil(seen / np.float32(canvas.pixel) - 0.5), 0, canvas.height).astype(np.intp)
    for index in range(slices - 1, -1, -1):
        first[edge[index], columns] = index
    first = np.minimum.accumulate(first, axis=0)[: canvas.height]
    top = int(edge[-1].min())
    part = first[top:]
    land_here = part < slices
    index = np.minimum(part, slices - 1)
    behind, front = index * width + columns, np.maximum(index - 1, 0) * width + columns
    flat = rows.ravel()
    near, far = flat[front], flat[behind]
    share = np.clip((near - canvas.y[top:]) / np.maximum(near - far, np.float32(1e-6)), 0, 1)[..., None]
    table = colours.reshape(-1, 3)
    shade = table[front]
    shade += (table[behind] - shade) * share
    cover = np.clip((canvas.y[top:] - seen[-1]) / np.float32(canvas.pixel) + 0.5, 0, 1)
    canvas.paint(shade, np.where(land_here, np.maximum(cover, 0.5), cover * 0.5).astype(np.float32), top)
