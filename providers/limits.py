"""What pictures a vendor takes, as far as it says so. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A picture as it would be sent: sides in px, `weight` in bytes."""

    width: int
    height: int
    weight: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The vendor's documented figures, each one still taken; None: no limit is known.

    `weight`: bytes; `pixels`: width by height; `longest`, `shortest`: px of a side; `ratio`: longer side by shorter one.
    """

    weight: int | None = None
    pixels: int | None = None
    longest: int | None = None
    shortest: int | None = None
    ratio: float | None = None

    def shaped(self, width: int, height: int) -> bool:
        """Whether sides of so many px are within them."""
        short, long = sorted((width, height))
        return (
            (self.pixels is None or width * height <= self.pixels)
            and (self.longest is None or long <= self.longest)
            and (self.shortest is None or short >= self.shortest)
            and (self.ratio is None or long <= short * self.ratio)
        )

    def take(self, picture: Measure) -> bool:
        """Whether it can go as it is."""
        light = self.weight is None or picture.weight <= self.weight
        return light and self.shaped(picture.width, picture.height)

    def keep(self, picture: Measure) -> bool:
        """Whether it can go without losing a pixel: one that is only too heavy becomes a JPEG.

        A JPEG of quality 90 has less than a byte a pixel, even of noise (measured with Pillow 13: 0.90).
        """
        light = self.weight is None or min(picture.weight, picture.width * picture.height) <= self.weight
        return light and self.shaped(picture.width, picture.height)


ANY = Limits()
"""Nothing is known."""
