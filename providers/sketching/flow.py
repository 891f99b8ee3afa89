"""Pictures of nothing in particular: folded colours, lit like relief."""

from __future__ import annotations

import numpy as np

from providers.sketching.canvas import Canvas, noise
from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Palette, blend

TABLE = 512


def flow(canvas: Canvas, palette: Palette, dice: Dice, chaos: float) -> None:
    """Noise bent by noise bent by noise. `chaos`: 0.0 to 1.0, how strongly."""
    size, span = (canvas.width, canvas.height), (1.7 * canvas.wide, 1.7 * canvas.high)
    bend = np.float32(dice.between("bend", 0.5, 0.75) + 0.5 * chaos)
    first, second = noise(dice, "bend.x", size, span, 3), noise(dice, "bend.y", size, span, 3)
    table = noise(dice, "folds", (TABLE, TABLE), (3.2, 3.2), 4, 0.45)
    twist = _look(table, canvas.x * 0.45 + bend * first * 0.35, canvas.y * 0.45 + bend * second * 0.35)
    folds = _look(table, canvas.x * 0.3 + 0.34 * bend * twist + 0.2, canvas.y * 0.3 + 0.25 * bend * first + 0.1 * twist)
    t = np.clip(folds * 0.62 + 0.22 * twist + 0.5, 0, 1)
    canvas.rgb[:] = _ramp(t, palette)
    slope = np.gradient(folds + 0.35 * twist)
    relief = (slope[1] * -0.8 - slope[0]) / np.float32(canvas.pixel)
    canvas.rgb *= (1 + 0.16 * np.tanh(relief * np.float32(0.35)))[..., None]
    glint = np.clip(np.tanh(relief * np.float32(0.22)) - 0.55, 0, 1)
    canvas.add(palette.sun, (0.5 * glint).astype(np.float32))


def _look(table: Floats, x: Floats, y: Floats) -> Floats:
    """Bilinear, mirrored at the edges, as though the table had no end."""
    u, v = (_mirror(place) for place in np.broadcast_arrays(x, y))
    left, top = u.astype(np.intp), v.astype(np.intp)
    du, dv = (u - left).astype(np.float32), (v - top).astype(np.float32)
    flat, at = table.ravel(), top * TABLE + left
    upper = flat[at] + (flat[at + 1] - flat[at]) * du
    lower = flat[at + TABLE] + (flat[at + TABLE + 1] - flat[at + TABLE]) * du
    mixed: Floats = upper + (lower - upper) * dv
    return mixed


def _mirror(place: Floats) -> Floats:
    folded = np.mod(place, 2)
    mirrored: Floats = np.minimum(folded, 2 - folded) * np.float32(TABLE - 2)
    return mirrored


def _ramp(t: Floats, palette: Palette) -> Floats:
    stops = np.asarray(
        [
            palette.near,
            palette.zenith,
            palette.middle,
            palette.horizon,
            palette.sun,
            blend(palette.middle, palette.horizon, 0.3),
        ],
        np.float32,
    )
    places = [0.0, 0.24, 0.45, 0.64, 0.8, 1.0]
    mixed: Floats = np.stack([np.interp(t, places, stops[:, c]) for c in range(3)], -1).astype(np.float32)
    return mixed
