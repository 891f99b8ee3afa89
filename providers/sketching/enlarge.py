"""Twice the side lengths by Lanczos interpolation, or as near to it as can be shown."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from providers.encoding import as_bytes

SIDE_MOST: Final = 8192
PIXELS_MOST: Final = 25_000_000
"""Limits of what comes out: a larger picture would be refused by whoever is to show it."""
LEAST: Final = 1.05
"""A picture whose sides cannot grow by so much is not enlarged."""
QUALITY: Final = 95


def doubled(data: bytes) -> bytes:
    """PNG where there is transparency, else JPEG. Raises OSError or ValueError for what can't be read or is too large."""
    with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
        width, height = image.size
        scale = min(2.0, SIDE_MOST / max(width, height), math.sqrt(PIXELS_MOST / (width * height)))
        if scale < LEAST:
            raise ValueError(f"{width} x {height} pixels are too many to enlarge")
        upright = ImageOps.exif_transpose(image)
        clear = upright.has_transparency_data
        picture = upright.convert("RGBA" if clear else "RGB")
    large = picture.resize((int(picture.width * scale), int(picture.height * scale)), Image.Resampling.LANCZOS)
    if clear:
        return as_bytes(large, "PNG", compress_level=1)
    return as_bytes(large, "JPEG", quality=QUALITY, subsampling="4:2:0")
