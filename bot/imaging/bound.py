"""The same picture within what a vendor takes: cut to its middle, scaled, or only encoded anew."""

from __future__ import annotations

import math

from PIL import Image

from bot.imaging.convert import upright, within
from bot.imaging.guard import checked, opened
from bot.jobs.ports import Composed
from providers.limits import Limits, Measure

NO_LIMIT = 2**31


def bound(data: bytes, limits: Limits) -> Composed:
    """The bytes themselves where the vendor takes them, otherwise a JPEG. Raises BadPicture.

    Only a ratio that is not taken costs anything of what is seen: both ends of the longer side are cut off alike.
    """
    image = opened(data)
    seen = checked(data, image)
    if limits.take(Measure(seen.width, seen.height, len(data))):
        return seen
    image = _scaled(_middle(upright(image), _widest(limits)), limits)
    return within(image, NO_LIMIT if limits.weight is None else limits.weight)


def _widest(limits: Limits) -> float:
    """Longer side by shorter one, at most: what is too slim for the shortest side beside the longest is cut, too."""
    asked = math.inf if limits.ratio is None else limits.ratio
    least = limits.shortest or 1
    longest = math.inf if limits.longest is None else limits.longest
    pixels = math.inf if limits.pixels is None else limits.pixels
    return min(asked, longest / least, pixels / least**2)


def _middle(image: Image.Image, ratio: float) -> Image.Image:
    width, height = image.size
    cut = (int(min(width, height * ratio)), int(min(height, width * ratio)))
    if cut == image.size:
        return image
    left, top = (width - cut[0]) // 2, (height - cut[1]) // 2
    return image.crop((left, top, left + cut[0], top + cut[1]))


def _scaled(image: Image.Image, limits: Limits) -> Image.Image:
    """Rounded so that neither the ratio nor the pixels go over their limit again."""
    short, long = sorted(image.size)
    scale = 1.0
    if limits.shortest is not None:
        scale = max(scale, limits.shortest / short)
    if limits.longest is not None:
        scale = min(scale, limits.longest / long)
    if limits.pixels is not None:
        scale = min(scale, math.sqrt(limits.pixels / (short * long)))
    if scale == 1.0:
        return image
    small = max(int(short * scale), limits.shortest or 1)
    size = (small, max(small, int(long * small / short)))
    return image.resize(size if image.width <= image.height else size[::-1], Image.Resampling.LANCZOS, reducing_gap=2.0)
