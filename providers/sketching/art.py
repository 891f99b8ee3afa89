"""Draw one picture of a plan, or the colours of somebody else's. Pure functions for a thread pool."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image

from providers.sketching import palette as colours
from providers.sketching.canvas import Canvas
from providers.sketching.dice import Dice
from providers.sketching.finish import encoded, finish
from providers.sketching.palette import Palette
from providers.sketching.plan import PALETTE, Plan
from providers.sketching.scene import HORIZONS, Scene, compose, kind
from providers.sketching.sky import Light
from providers.sketching.words import Theme, read

USUAL_TIMES: Final = {
    "city": ("dusk", "night", "sunset", "dusk"),
    "lighthouse": ("dusk", "sunset", "night", "dusk"),
    "fire": ("night",),
}
"""Times of day that suit a scene better than the usual four."""


def draw(plan: Plan, index: int) -> bytes:
    """Picture `index` of the plan as JPEG: the same plan, the same bytes."""
    canvas = Canvas(plan.width * plan.scale, plan.height * plan.scale)
    dice = Dice(plan.root, plan.seeds[index], plan.detail(index), plan.strength)
    theme, variant = read(plan.prompt, plan.negative), plan.seeds[index] % 4
    name = kind(theme, variant, plan.root, plan.chaos / 100)
    compose(_scene(plan, canvas, dice, theme, variant, name), name)
    return encoded(finish(canvas, dice, plan.stylize / 1000))


def palette_of(data: bytes) -> tuple[str, ...]:
    """Six hexadecimal colours of a picture, dark to light. Raises OSError or ValueError for what is no picture."""
    with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
        image.draft("RGB", (128, 128))
        small = image.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float32).reshape(-1, 3)
    ordered = pixels[np.argsort(pixels @ np.array([0.299, 0.587, 0.114], np.float32), kind="stable")]
    return tuple(_telling(part) for part in np.array_split(ordered, PALETTE))


def _telling(pixels: np.typing.NDArray[np.float32]) -> str:
    """The mean colour, weighted towards the colourful ones."""
    weight = 1 + pixels.max(axis=1) - pixels.min(axis=1)
    mean = (pixels * weight[:, None]).sum(axis=0) / weight.sum()
    return bytes(int(part) for part in mean.round()).hex()


def _scene(plan: Plan, canvas: Canvas, dice: Dice, theme: Theme, variant: int, name: str) -> Scene:
    times = ("space",) if name == "space" else theme.times or USUAL_TIMES.get(name, colours.USUAL)
    share = HORIZONS.get(name, 0.52) + (0.0, 0.05, -0.05, 0.02)[variant] + dice.between("horizon", -0.03, 0.03)
    time = times[variant % len(times)]
    return Scene(
        canvas=canvas,
        palette=_palette(plan, dice, theme, times, variant),
        dice=dice,
        theme=theme,
        variant=variant,
        light=_light(canvas, dice, theme, variant, time, share * canvas.high),
        horizon=share * canvas.high,
        time=time,
        chaos=plan.chaos / 100,
    )


def _palette(plan: Plan, dice: Dice, theme: Theme, times: tuple[str, ...], variant: int) -> Palette:
    reach = 10 + 60 * plan.chaos / 100
    turn = dice.between("turn.colours", -reach, reach)
    if plan.palette:
        return colours.turned(colours.from_colours(plan.palette), turn * 0.5)
    chosen = colours.chosen(times, variant, turn, theme.tints)
    return colours.grey(chosen) if "mono" in theme.extras else chosen


def _light(canvas: Canvas, dice: Dice, theme: Theme, variant: int, time: str, horizon: float) -> Light:
    """Low at the ends of the day, high otherwise; on another side from picture to picture."""
    side = (0.3, 0.68, 0.52, 0.8)[variant] + dice.between("light.x", -0.07, 0.07)
    low = time in {"sunset", "dusk", "dawn"}
    height = dice.between("light.y", 0.7, 0.9) if low else dice.between("light.y", 0.2, 0.5)
    moon = time == "night" or "moon" in theme.motifs
    radius = dice.between("light.size", 0.05, 0.085) if moon or low else 0.04
    return Light(
        side * canvas.wide, height * horizon, radius * (1.5 if "moon" in theme.motifs or variant == 2 else 1.0), moon
    )
