"""From a theme to a scene: what stands where, back to front."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from providers.sketching import buildings, growth, weather
from providers.sketching.canvas import Canvas
from providers.sketching.dice import Dice
from providers.sketching.flow import flow
from providers.sketching.palette import Palette
from providers.sketching.shapes import Mask, sailboat
from providers.sketching.sky import Light, aurora, clouds, disc, gradient, stars
from providers.sketching.space import planet, space
from providers.sketching.terrain import Land, land
from providers.sketching.water import water
from providers.sketching.words import Theme

MEADOW: Final = Land(
    (0.36, 0.46, 0.17), (0.46, 0.44, 0.24), rolling=0.9, peaks=1.2, behind=9.0, haze=13.0, sharp=False, cells=6.5
)
ALPS: Final = Land(
    (0.26, 0.35, 0.15), (0.44, 0.4, 0.38), rolling=0.6, peaks=7.0, behind=7.0, snow=0.42, haze=19.0, cells=5.2
)
DUNES: Final = Land((0.86, 0.62, 0.38), (0.93, 0.7, 0.44), rolling=0.8, peaks=2.6, behind=2.2, haze=15.0, cells=5.0)
COAST: Final = Land(
    (0.24, 0.3, 0.2), (0.36, 0.34, 0.34), rolling=0.04, peaks=1.9, behind=14.0, snow=0.9, haze=13.0, cells=3.4
)
SNOW: Final = (0.86, 0.9, 0.96)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every part of a picture is given."""

    canvas: Canvas
    palette: Palette
    dice: Dice
    theme: Theme
    variant: int
    light: Light
    horizon: float
    time: str
    chaos: float

    def wants(self, *motifs: str) -> bool:
        """Whether the prompt named one of them."""
        return bool(self.theme.motifs & set(motifs))


KINDS: Final = (
    "fire",
    "city",
    "lighthouse",
    "castle",
    "forest",
    "desert",
    "flower",
    "mountain",
    "sea",
    "field",
    "space",
    "flow",
)
"""Kinds of scene, the most telling first."""
UNSAID: Final = ("mountain", "sea", "flow", "field", "forest", "desert", "flow", "flower")
"""What is drawn where no word says anything."""
HORIZONS: Final = {"sea": 0.56, "lighthouse": 0.66, "city": 0.68, "forest": 0.5, "desert": 0.5, "mountain": 0.6, "fire": 0.6}


def kind(theme: Theme, variant: int, root: str, chaos: float) -> str:
    """Which kind of scene picture `variant` shows. High chaos strays from the words in the last pictures."""
    named = [name for name in KINDS if name in theme.motifs]
    if named and not (chaos > 0.6 and variant == 3):
        return named[0]
    return UNSAID[(int(root[:4] or "0", 16) + 3 * variant) % len(UNSAID)]


def compose(scene: Scene, name: str) -> None:
    """Draw the whole scene."""
    if name == "space":
        space(scene.canvas, scene.palette, scene.dice, scene.variant)
        return
    if name == "flow":
        flow(scene.canvas, scene.palette, scene.dice, scene.chaos)
        return
    _sky(scene)
    DRAW[name](scene)
    _front(scene, name)


def _sky(scene: Scene) -> None:
    canvas, palette, dice, horizon = scene.canvas, scene.palette, scene.dice, scene.horizon
    gradient(canvas, palette, horizon)
    dark = scene.time == "night"
    if dark or (scene.time == "dusk" and scene.variant % 2):
        stars(canvas, dice, horizon, round((420 if dark else 140) * canvas.wide))
    if scene.wants("aurora"):
        aurora(canvas, dice, horizon)
    if scene.wants("space"):
        planet(canvas, palette, dice, "far", (0.72, 0.22, 0.11), rings=scene.variant % 2 == 0)
    if scene.time != "storm" and not scene.wants("aurora", "space"):
        disc(canvas, palette, scene.light, dice)
    cover = {"storm": 0.95, "mist": 0.3, "night": 0.14}.get(scene.time, 0.3 + 0.12 * scene.variant)
    clouds(canvas, palette, scene.light, dice, horizon, cover)


def _land(scene: Scene, ground: Land) -> None:
    """The ground, under snow where winter was asked for, in thicker air in mist."""
    if "snow" in scene.theme.extras:
        ground = replace(ground, ground=SNOW, snow=min(ground.snow, 0.22))
    if scene.time == "mist":
        ground = replace(ground, haze=ground.haze * 0.45)
    land(scene.canvas, scene.palette, scene.light, scene.dice, ground, scene.horizon)


def _sea(scene: Scene) -> None:
    if scene.variant % 2 == 1 or scene.wants("mountain"):
        _land(scene, replace(COAST, peaks=4.0 if scene.wants("mountain") else COAST.peaks))
    shore = scene.horizon + 0.012
    rough = 0.85 if scene.time == "storm" else (0.5, 0.22, 0.7, 0.35)[scene.variant]
    if scene.wants("boat") or scene.variant == 2:
        _boat(scene, shore)
    water(scene.canvas, scene.palette, scene.light, scene.dice, shore, rough)


def _boat(scene: Scene, shore: float) -> None:
    mask = Mask(scene.canvas)
    x = (0.3 if scene.light.x > scene.canvas.wide / 2 else 0.7) * scene.canvas.wide + scene.dice.between("boat", -0.08, 0.08)
    sailboat(mask, x, shore + 0.004, scene.dice.between("boat.tall", 0.1, 0.2))
    scene.canvas.paint(scene.palette.near, mask.done())


def _lighthouse(scene: Scene) -> None:
    _sea(scene)
    left = scene.light.x > scene.canvas.wide / 2
    buildings.lighthouse(scene.canvas, scene.palette, scene.dice, scene.horizon + 0.06, left)


def _city(scene: Scene) -> None:
    if scene.wants("mountain"):
        _land(scene, COAST)
    neon = scene.time in {"dusk", "night"} and (scene.variant % 2 == 1 or bool(scene.theme.tints))
    buildings.city(scene.canvas, scene.palette, scene.dice, scene.horizon, neon)
    water(scene.canvas, scene.palette, scene.light, scene.dice, scene.horizon + 0.004, 0.16 + 0.1 * scene.variant)


def _forest(scene: Scene) -> None:
    if scene.wants("mountain") or scene.variant % 2 == 0:
        _land(scene, replace(ALPS, peaks=3.8))
    snowy = "snow" in scene.theme.extras
    if scene.wants("sea"):
        shore = scene.horizon + 0.14 * (scene.canvas.high - scene.horizon)
        growth.forest(scene.canvas, scene.palette, scene.dice, scene.horizon - 0.03, snowy, layers=2)
        water(scene.canvas, scene.palette, scene.light, scene.dice, shore, 0.12)
        return
    growth.forest(scene.canvas, scene.palette, scene.dice, scene.horizon, snowy, layers=(4, 5, 3, 4)[scene.variant])


def _mountain(scene: Scene) -> None:
    _land(scene, replace(ALPS, peaks=(7.0, 6.0, 8.5, 6.5)[scene.variant], behind=(7.0, 6.0, 8.5, 6.0)[scene.variant]))
    if scene.variant == 1 or scene.wants("sea"):
        shore = scene.horizon + 0.26 * (scene.canvas.high - scene.horizon)
        water(scene.canvas, scene.palette, scene.light, scene.dice, shore, 0.1)


def _field(scene: Scene) -> None:
    _land(scene, replace(MEADOW, peaks=(0.9, 2.6, 0.5, 1.6)[scene.variant]))
    growth.grass(scene.canvas, scene.palette, scene.dice, 0.09)


def _flower(scene: Scene) -> None:
    _land(scene, replace(MEADOW, peaks=(0.9, 2.8, 0.5, 1.8)[scene.variant], rolling=0.3))
    growth.flowers(scene.canvas, scene.palette, scene.dice, scene.horizon, scene.variant)


def _castle(scene: Scene) -> None:
    _land(scene, replace(MEADOW, peaks=(1.2, 2.8, 0.8, 2.0)[scene.variant]))
    buildings.castle(scene.canvas, scene.palette, scene.dice, scene.horizon - 0.02)
    if scene.wants("sea"):
        water(scene.canvas, scene.palette, scene.light, scene.dice, scene.horizon + 0.09, 0.25)
        return
    growth.forest(scene.canvas, scene.palette, scene.dice, scene.horizon + 0.08, "snow" in scene.theme.extras, layers=3)


def _fire(scene: Scene) -> None:
    growth.forest(scene.canvas, scene.palette, scene.dice, scene.horizon - 0.08, snowy=False, layers=3)
    weather.fire(scene.canvas, scene.dice, scene.canvas.high * 0.88)


def _front(scene: Scene, name: str) -> None:
    if name not in {"castle", "fire"} and scene.wants("castle"):
        buildings.castle(scene.canvas, scene.palette, scene.dice, scene.horizon)
    if "rain" in scene.theme.extras:
        weather.rain(scene.canvas, scene.palette, scene.dice)
    if "snow" in scene.theme.extras:
        weather.snowfall(scene.canvas, scene.dice)
    if scene.wants("bird") or (scene.variant == 0 and scene.time in {"day", "sunset", "dawn"} and name in {"sea", "field"}):
        weather.birds(scene.canvas, scene.palette, scene.dice, scene.horizon)


DRAW: Final[dict[str, Callable[[Scene], None]]] = {
    "sea": _sea,
    "lighthouse": _lighthouse,
    "city": _city,
    "forest": _forest,
    "mountain": _mountain,
    "field": _field,
    "flower": _flower,
    "castle": _castle,
    "fire": _fire,
    "desert": lambda scene: _land(scene, DUNES),
}
