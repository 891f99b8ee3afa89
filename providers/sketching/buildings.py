"""What people built: a skyline with lit windows, a lighthouse with its beam, a castle."""

from __future__ import annotations

import numpy as np

from providers.sketching.canvas import Canvas, noise, smooth
from providers.sketching.dice import Dice
from providers.sketching.palette import Palette, blend
from providers.sketching.shapes import Mask

LAMP = (1.0, 0.78, 0.42)
TOWERS = ((-0.17, 0.15), (-0.105, 0.11), (-0.062, 0.24), (0.005, 0.36), (0.066, 0.27), (0.12, 0.12), (0.175, 0.17))
"""Where a castle's towers stand and how tall they are."""
NEON = ((1.0, 0.25, 0.6), (0.2, 0.85, 1.0), (0.65, 0.35, 1.0))


def city(canvas: Canvas, palette: Palette, dice: Dice, foot: float, neon: bool) -> None:
    """Three rows of houses, the nearest dark; the darker the day, the more windows are lit."""
    night = 1.0 - palette.light * 0.9
    dome = np.exp(-((canvas.y - foot) ** 2) / np.float32(0.05)) * np.ones_like(canvas.x)
    canvas.glow(blend(palette.horizon, LAMP, 0.35), (dome * np.float32(0.55 * night)).astype(np.float32))
    for layer in range(3):
        near = (layer + 1) / 3
        houses, lamps, other = Mask(canvas), Mask(canvas), Mask(canvas)
        _row(canvas, dice, f"houses.{layer}", foot, 0.5 - 0.26 * near + 0.06, near, houses, (lamps, other))
        shade = blend(
            blend(palette.horizon, palette.middle, 0.6), blend(palette.near, palette.zenith, 0.25), 0.25 + 0.7 * near
        )
        body = houses.done()
        fade = np.clip((canvas.y - (foot - 0.3)) / np.float32(0.42), 0, 1) * np.float32(0.5 * (1 - 0.55 * near))
        base = np.asarray(shade, np.float32)
        canvas.paint(base + (np.asarray(palette.horizon, np.float32) - base) * fade[..., None], body)
        glow = night * (0.55 + 0.6 * near)
        canvas.paint(LAMP, lamps.done() * np.float32(glow))
        canvas.paint(
            NEON[layer % 3] if neon else (0.75, 0.86, 1.0), other.done() * np.float32(glow * (1.0 if neon else 0.6))
        )


def _row(
    canvas: Canvas, dice: Dice, name: str, foot: float, tall: float, near: float, houses: Mask, lights: tuple[Mask, Mask]
) -> None:
    """Houses side by side, taller about one or two centres."""
    numbers = dice.unit(name, 80, 6).tolist()
    centre, x = dice.between(name + ".centre", 0.2, 0.8) * canvas.wide, -0.03
    for a, b, c, d, e, f in numbers:
        if x > canvas.wide + 0.03:
            return
        wide = (0.03 + 0.05 * a) * (0.55 + 0.55 * near)
        hill = np.exp(-(((x - centre) / (0.3 * canvas.wide)) ** 2))
        top = foot - tall * (0.22 + 0.5 * b**1.5 + 0.55 * float(hill) * (0.35 + 0.65 * c))
        houses.box(x, top, x + wide, foot + 0.3)
        _roof(houses, x, top, wide, d, e)
        _windows(lights, x, top, wide, foot, near, int(f * 1e6))
        x += wide * 0.95


def _roof(houses: Mask, x: float, top: float, wide: float, kind: float, size: float) -> None:
    middle = x + wide / 2
    if kind < 0.3:
        houses.line([(middle, top), (middle, top - 0.03 - 0.07 * size)], 0.0035)
    elif kind < 0.5:
        houses.box(x + wide * 0.2, top - 0.02, x + wide * 0.8, top)
        houses.box(x + wide * 0.36, top - 0.038, x + wide * 0.64, top)
    elif kind < 0.62:
        houses.polygon([(x, top), (middle, top - wide * (0.5 + size)), (x + wide, top)])


def _windows(lights: tuple[Mask, Mask], x: float, top: float, wide: float, foot: float, near: float, seed: int) -> None:
    """A grid of windows; which are lit is told by the bits of a linear congruential walk."""
    step = 0.0085 + 0.0055 * near
    columns, rows = int((wide - 0.4 * step) / step), int((foot - top) / (1.35 * step))
    state = seed * 2 + 1
    for row in range(rows):
        for column in range(columns):
            state = (state * 1_103_515_245 + 12_345) % 2**31
            if state >> 16 & 15 < 5:
                left, upper = x + (column + 0.55) * step, top + (row + 0.5) * 1.35 * step
                lights[state >> 20 & 7 == 0].box(
                    left, upper, left + 0.48 * step, upper + 0.6 * step, 0.55 + 0.45 * (state >> 24 & 1)
                )


def lighthouse(canvas: Canvas, palette: Palette, dice: Dice, foot: float, left: bool) -> None:
    """A striped tower on a rock at the side, its lamp and two beams."""
    x = canvas.wide * (0.24 if left else 0.76) + dice.between("lighthouse", -0.04, 0.04)
    base, tall = foot - 0.06, dice.between("lighthouse.tall", 0.4, 0.48)
    lamp = base - tall
    _beams(canvas, dice, palette, x, lamp, left)
    rock = Mask(canvas)
    crest = noise(dice, "rock", (80, 1), (7 * canvas.wide, 1), 5)[0]
    xs = np.linspace(-0.05, canvas.wide + 0.05, 80)
    shape = (
        foot + 0.045 - 0.12 * np.exp(-(((xs - x) / 0.2) ** 2)) + 0.022 * crest + 0.12 * np.clip(np.abs(xs - x) - 0.22, 0, 1)
    )
    rock.polygon(
        [(-0.1, canvas.high + 0.1), *zip(xs.tolist(), shape.tolist(), strict=True), (canvas.wide + 0.1, canvas.high + 0.1)]
    )
    body = rock.done()
    body *= 1 - smooth(
        foot + 0.04, foot + 0.075, canvas.y + 0.01 * noise(dice, "surf", (canvas.width, canvas.height), (14, 22), 2)
    )
    canvas.paint(blend(palette.near, palette.middle, 0.12), body)
    _tower(canvas, palette, x, base, tall)
    glow = np.exp(-np.hypot(canvas.x - x, canvas.y - lamp) / np.float32(0.035))
    canvas.add((1.0, 0.86, 0.55), (glow * np.float32(1.25)).astype(np.float32))


def _tower(canvas: Canvas, palette: Palette, x: float, base: float, tall: float) -> None:
    lamp = base - tall
    wall, stripes, dark = Mask(canvas), Mask(canvas), Mask(canvas)
    low, high = 0.052 * tall / 0.42, 0.031 * tall / 0.42

    def half(t: float) -> float:
        return low + (high - low) * t

    wall.polygon([(x - low, base + 0.05), (x - high, lamp + 0.03), (x + high, lamp + 0.03), (x + low, base + 0.05)])
    for t in (0.12, 0.42, 0.72):
        lower, upper = base - t * (tall - 0.03), base - (t + 0.15) * (tall - 0.03)
        stripes.polygon(
            [(x - half(t), lower), (x - half(t + 0.15), upper), (x + half(t + 0.15), upper), (x + half(t), lower)]
        )
    dark.box(x - high * 1.35, lamp + 0.022, x + high * 1.35, lamp + 0.031)
    dark.polygon([(x - high * 0.95, lamp - 0.02), (x, lamp - 0.055), (x + high * 0.95, lamp - 0.02)])
    for side in (-0.75, 0.0, 0.75):
        dark.line([(x + side * high, lamp - 0.02), (x + side * high, lamp + 0.024)], 0.003)
    lit = np.float32(0.32 + 0.68 * palette.light) * (
        0.62 + 0.38 * np.clip((canvas.x - x) / np.float32(low) * 0.5 + 0.5, 0, 1)
    )
    shades = np.broadcast_to(lit[..., None], canvas.rgb.shape)
    canvas.paint(shades * np.asarray(blend((0.96, 0.94, 0.9), palette.sun, 0.3), np.float32), wall.done())
    canvas.paint(shades * np.asarray((0.78, 0.16, 0.14), np.float32), stripes.done())
    canvas.paint(blend(palette.near, (0.05, 0.05, 0.06), 0.5), dark.done())


def _beams(canvas: Canvas, dice: Dice, palette: Palette, x: float, lamp: float, left: bool) -> None:
    """Light through haze: a cone each way, brighter the darker it is."""
    tilt = dice.between("beam", -0.16, 0.1)
    away = np.hypot(canvas.x - x, canvas.y - lamp)
    for side in (1.0, -1.0) if left else (-1.0, 1.0):
        along = (canvas.x - x) * side * np.float32(np.cos(tilt)) + (canvas.y - lamp) * np.float32(np.sin(tilt))
        across = -(canvas.x - x) * side * np.float32(np.sin(tilt)) + (canvas.y - lamp) * np.float32(np.cos(tilt))
        cone = (
            np.exp(-((across / (0.012 + 0.13 * np.maximum(along, 0))) ** 2)) * (along > 0) * np.exp(-away * np.float32(1.6))
        )
        canvas.add((1.0, 0.9, 0.66), (cone * np.float32(0.85 - 0.6 * palette.light)).astype(np.float32))


def castle(canvas: Canvas, palette: Palette, dice: Dice, foot: float) -> None:
    """Towers with pointed roofs, far off on a rise; a few windows are lit."""
    x, scale = dice.between("castle", 0.32, 0.68) * canvas.wide, dice.between("castle.size", 0.85, 1.15)
    body, lamps = Mask(canvas), Mask(canvas)
    body.polygon(
        [
            (x - 0.42 * scale, foot + 0.14),
            (x - 0.17 * scale, foot),
            (x + 0.18 * scale, foot),
            (x + 0.44 * scale, foot + 0.14),
        ]
    )
    body.box(x - 0.17 * scale, foot - 0.07 * scale, x + 0.17 * scale, foot + 0.02)
    body.box(x - 0.07 * scale, foot - 0.15 * scale, x + 0.075 * scale, foot)
    for battlement in range(18):
        left = x + (battlement * 0.0194 - 0.17) * scale
        body.box(left, foot - 0.08 * scale, left + 0.01 * scale, foot - 0.07 * scale)
    for (place, rise), (a, b) in zip(TOWERS, dice.unit("castle.towers", len(TOWERS), 2).tolist(), strict=True):
        cx, half = x + (place + 0.01 * (a - 0.5)) * scale, (0.014 + 0.01 * a) * scale
        top = foot - rise * (0.8 + 0.4 * b) * scale
        body.box(cx - half, top, cx + half, foot)
        body.polygon([(cx - half * 1.35, top), (cx, top - half * 4.6), (cx + half * 1.35, top)])
        lamps.box(cx - 0.0035, top + 0.025, cx + 0.0035, top + 0.04)
        lamps.box(cx - 0.0035, top + 0.075, cx + 0.0035, top + 0.09)
    canvas.paint(blend(palette.near, palette.middle, 0.22), body.done())
    canvas.paint(LAMP, lamps.done() * np.float32(1 - 0.7 * palette.light))
