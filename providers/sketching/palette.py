"""Colours of a scene: by time of day, turned a little from picture to picture, or taken from a picture."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Colour = tuple[float, float, float]
"""Red, green and blue, 0.0-1.0, sRGB."""


@dataclass(frozen=True, slots=True)
class Palette:
    """`zenith`, `middle`, `horizon`: the sky from the top down; `sun`: its light; `near`: what stands in shadow.

    `light`: how bright the land is, 0.0-1.0.
    """

    zenith: Colour
    middle: Colour
    horizon: Colour
    sun: Colour
    near: Colour
    light: float


def _p(zenith: str, middle: str, horizon: str, sun: str, near: str, light: float) -> Palette:
    return Palette(colour(zenith), colour(middle), colour(horizon), colour(sun), colour(near), light)


def colour(code: str) -> Colour:
    """From six hexadecimal digits."""
    red, green, blue = bytes.fromhex(code)
    return red / 255, green / 255, blue / 255


TIMES: Final[dict[str, tuple[Palette, ...]]] = {
    "day": (
        _p("2563b0", "69a9de", "d8ebf2", "fff4d6", "1d3a34", 1.0),
        _p("1b7fa8", "7cc4d8", "f1efdc", "fff0c4", "23402c", 1.0),
        _p("3a5f9e", "9ab8dc", "f3e3cf", "ffe9bf", "2b3440", 0.95),
    ),
    "dawn": (
        _p("5b74b4", "dd97aa", "ffcf98", "fff0cc", "2a2b46", 0.75),
        _p("4486a6", "a9c4bd", "ffcf98", "ffe6b8", "22383e", 0.8),
        _p("6a5fae", "e59a94", "ffd79a", "fff2d0", "33264a", 0.75),
    ),
    "sunset": (
        _p("2b3a78", "cf5f6e", "ffb257", "ffe3a0", "1d1530", 0.55),
        _p("1f5a78", "e08a5a", "ffd27a", "fff0b0", "1c1a26", 0.6),
        _p("51256b", "d8436a", "ff9a4c", "ffd890", "200c28", 0.5),
    ),
    "dusk": (
        _p("171c48", "6a4688", "f28c6c", "ffcf98", "0c0c22", 0.36),
        _p("0d2a44", "2f6f84", "f2b27c", "ffdba6", "06141f", 0.36),
        _p("24123f", "8c3a72", "ff8a6a", "ffc69a", "100720", 0.34),
    ),
    "night": (
        _p("050818", "0d1d45", "2c4d80", "f3f0df", "03050d", 0.2),
        _p("04101a", "0a3240", "2a7072", "e8f5ea", "020a0d", 0.2),
        _p("0b0620", "281650", "5a4488", "f4e9f4", "06030f", 0.2),
    ),
    "storm": (
        _p("1f262d", "4b5a66", "a3aeab", "e6e4d2", "10161a", 0.42),
        _p("1b2430", "53566a", "b9a99c", "ecd9b8", "12131c", 0.42),
        _p("15252a", "3f6064", "9cb4a4", "e2ead0", "0b1617", 0.42),
    ),
    "space": (
        _p("1a2a78", "a03a8c", "e8894a", "fff0d0", "07061a", 0.3),
        _p("2a1a6a", "4a6ad8", "c8a8e8", "fff4e0", "07061a", 0.3),
        _p("0a3a5a", "1a8a9a", "e0a060", "ffe8c0", "04101a", 0.3),
        _p("4a1450", "c83a5a", "f0b060", "fff0d0", "12061a", 0.3),
    ),
    "mist": (
        _p("8796a4", "b4c1c8", "e4e3da", "fff6e2", "35434a", 0.8),
        _p("8f90a4", "c6bcc4", "f2ddc8", "ffeccc", "423f50", 0.8),
        _p("7f9c94", "b3c8bb", "e6ead2", "fbf6d8", "2f4640", 0.8),
    ),
}
USUAL: Final = ("sunset", "day", "dusk", "dawn")
"""What the four pictures of a grid show where no word names a time."""


def chosen(times: Sequence[str], variant: int, turn: float, tints: Sequence[Colour] = ()) -> Palette:
    """The palette of picture `variant` (0-3) of a grid; `turn`: degrees round the colour circle."""
    time = times[variant % len(times)]
    options = TIMES[time]
    palette = turned(options[(variant // len(times)) % len(options)], turn)
    return tinted(palette, tints[variant % len(tints)]) if tints else palette


def turned(palette: Palette, degrees: float) -> Palette:
    """Every colour moved round the colour circle."""
    return _mapped(palette, lambda c: _turn(c, degrees / 360))


def tinted(palette: Palette, tint: Colour) -> Palette:
    """Every colour drawn half-way to `tint`, its brightness kept."""
    return _mapped(palette, lambda c: blend(c, _bright(tint, luma(c)), 0.55))


def grey(palette: Palette) -> Palette:
    """Black and white."""
    return _mapped(palette, lambda c: (luma(c),) * 3)


def from_colours(codes: Sequence[str]) -> Palette:
    """A scene in the colours of a picture: six codes from the darkest to the lightest."""
    dark, low, middle, high, light, most = (colour(code) for code in codes)
    bright = sum(luma(c) for c in (low, middle, high, light)) / 4
    return Palette(low, middle, light, blend(most, (1, 1, 1), 0.3), blend(dark, high, 0.1), min(1.0, 0.25 + bright))


def blend(one: Colour, two: Colour, share: float) -> Colour:
    """From `one` (0.0) to `two` (1.0)."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, two, strict=True))
    return red, green, blue


def luma(c: Colour) -> float:
    """Brightness as Rec. 601 weighs it."""
    return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]


def _bright(c: Colour, level: float) -> Colour:
    scale = level / max(luma(c), 0.05)
    red, green, blue = (min(1.0, part * scale) for part in c)
    return red, green, blue


def _turn(c: Colour, share: float) -> Colour:
    hue, light, saturation = colorsys.rgb_to_hls(*c)
    return colorsys.hls_to_rgb((hue + share) % 1.0, light, saturation)


def _mapped(palette: Palette, change: Callable[[Colour], Colour]) -> Palette:
    sky = change(palette.zenith), change(palette.middle), change(palette.horizon)
    return Palette(*sky, change(palette.sun), change(palette.near), palette.light)
