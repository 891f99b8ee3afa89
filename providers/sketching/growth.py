"""What grows: forests in layers of mist, meadows of flowers, grass."""

from __future__ import annotations

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice, Floats
from providers.sketching.palette import Colour, Palette, blend
from providers.sketching.shapes import Mask, conifer

PETALS: tuple[Colour, ...] = (
    (0.93, 0.25, 0.22),
    (0.98, 0.8, 0.25),
    (0.95, 0.93, 0.88),
    (0.72, 0.42, 0.86),
    (0.97, 0.55, 0.7),
    (0.35, 0.45, 0.95),
)


def forest(canvas: Canvas, palette: Palette, dice: Dice, horizon: float, snowy: bool, layers: int = 4) -> None:
    """Rows of firs, each darker, taller and nearer than the one behind, with mist at their feet."""
    for layer in range(layers):
        near = (layer + 1) / layers
        foot = horizon + (canvas.high - horizon) * (0.02 + 0.92 * near**1.25)
        alpha = _firs(
            canvas, dice, f"firs.{layer}", foot, 0.09 + 0.4 * near**1.8, round(60 / (1 + 2.2 * near**1.2)), near == 1.0
        )
        far = blend(palette.horizon, palette.middle, 0.55)
        shade = blend(far, blend(palette.near, (0.03, 0.07, 0.05), 0.35), 0.2 + 0.8 * near**0.8)
        mist = np.clip((canvas.y - (foot - 0.13)) / np.float32(0.24), 0, 1) * (0.8 * (1 - near) ** 0.8)
        tone = (
            np.asarray(shade, np.float32)
            + (np.asarray(blend(far, palette.horizon, 0.5), np.float32) - np.asarray(shade, np.float32)) * mist[..., None]
        )
        if snowy:
            tone = np.broadcast_to(tone, canvas.rgb.shape) + (0.32 * _dusting(alpha) * palette.light)[..., None]
        canvas.paint(tone, alpha)


def grass(canvas: Canvas, palette: Palette, dice: Dice, tall: float) -> None:
    """Dark blades along the foot of the sheet."""
    mask, many = Mask(canvas), round(230 * canvas.wide)
    for u, v, w in dice.unit("grass", many, 3):
        x, height, bend = float(u) * canvas.wide, tall * (0.35 + float(v) ** 2), (float(w) - 0.5) * 0.08
        mask.polygon(
            [
                (x - 0.003, canvas.high),
                (x + 0.4 * bend, canvas.high - 0.6 * height),
                (x + bend, canvas.high - height),
                (x + 0.004, canvas.high),
            ]
        )
    canvas.paint(blend(palette.near, (0.05, 0.09, 0.03), 0.4), mask.done())


def flowers(canvas: Canvas, palette: Palette, dice: Dice, horizon: float, colour: int) -> None:
    """A meadow in bloom: three rows of depth, the nearest large enough to have petals."""
    warm = 0.35 + 0.65 * palette.light
    for band, (low, high, size, many) in enumerate(
        ((0.22, 0.5, 0.0035, 420), (0.45, 0.78, 0.008, 200), (0.72, 1.02, 0.019, 64))
    ):
        stems, heads = Mask(canvas), (Mask(canvas), Mask(canvas), Mask(canvas))
        for u, v, w, s in dice.unit(f"flowers.{band}", round(many * canvas.wide), 4):
            y = horizon + (canvas.high - horizon) * (low + (high - low) * float(v))
            radius = size * (0.65 + 0.7 * float(s))
            x = float(u) * canvas.wide * 1.1 - 0.05
            stems.line([(x + radius * (float(w) - 0.5), y + 5 * radius), (x, y)], radius * 0.2)
            _flower(heads[0 if s < 0.55 else 1], heads[2], x, y, radius, band, float(w))
        canvas.paint(blend(palette.near, (0.12, 0.3, 0.08), 0.6), stems.done())
        first, second = PETALS[colour % len(PETALS)], PETALS[(colour + 1 + band % 2) % len(PETALS)]
        for petal, mask in ((first, heads[0]), (second, heads[1]), ((0.99, 0.82, 0.3), heads[2])):
            canvas.paint(blend((0.0, 0.0, 0.0), blend(petal, palette.sun, 0.18), warm), mask.done())


def _flower(head: Mask, heart: Mask, x: float, y: float, radius: float, band: int, turn: float) -> None:
    if band == 0:
        head.ellipse(x, y, radius, 0.7 * radius)
        return
    for petal in range(5):
        angle = (petal + turn) * 2 * np.pi / 5
        level = 1.0 if petal % 2 else 0.86
        head.ellipse(
            x + 0.62 * radius * float(np.cos(angle)),
            y + 0.45 * radius * float(np.sin(angle)),
            0.52 * radius,
            0.4 * radius,
            level,
        )
    heart.ellipse(x, y, 0.3 * radius, 0.23 * radius)


def _firs(canvas: Canvas, dice: Dice, name: str, foot: float, tall: float, many: int, gap: bool) -> Floats:
    """The stencil of one row of firs on uneven ground. `gap`: leave the middle open, as a view."""
    mask = Mask(canvas)
    numbers = dice.unit(name, round(many * max(1.0, canvas.wide)) + 3, 14)
    ground = noise(dice, name + ".ground", (64, 1), (3 * canvas.wide, 1), 3)[0] * 0.055
    xs = np.linspace(-0.02, canvas.wide + 0.02, 64)
    mask.polygon(
        [
            (-0.1, canvas.high * 1.2),
            *zip(xs.tolist(), (foot + ground).tolist(), strict=True),
            (canvas.wide + 0.1, canvas.high * 1.2),
        ]
    )
    for index, row in enumerate(numbers.tolist()):
        x = (index + row[0] * 1.4) / len(numbers) * (canvas.wide * 1.08) - 0.04 * canvas.wide
        open_view = abs(x / canvas.wide - 0.5) < 0.17 if gap else False
        height = tall * (0.5 + 0.75 * row[1]) * (0.5 if open_view else 1.0)
        y = foot + float(np.interp(x, xs, ground)) + 0.012
        conifer(mask, x, y, height, row[3:])
    return mask.done()


def _dusting(alpha: Floats) -> Floats:
    """Where snow lies: just under the upper edges of a stencil."""
    step = max(2, alpha.shape[0] // 150)
    above = np.zeros_like(alpha)
    above[step:] = alpha[:-step]
    lying: Floats = smooth(0.1, 0.9, alpha - above)
    return lying
