"""Small real JPEGs, made once each: another colour per index, a bright corner so that a turned one shows."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

from PIL import Image

COLOURS = ((200, 60, 60), (60, 160, 80), (60, 90, 200), (220, 180, 60))
LARGEST = 1024


@cache
def jpeg(index: int, width: int, height: int, *, grain: bool = False) -> bytes:
    """Sides in px, at most 1024. `grain`: as heavy as a real picture."""
    size = (min(width, LARGEST), min(height, LARGEST))
    picture = _grained(index, size) if grain else Image.new("RGB", size, COLOURS[index % len(COLOURS)])
    picture.paste((250, 250, 250), (0, 0, max(size[0] // 4, 1), max(size[1] // 4, 1)))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


@cache
def bomb() -> bytes:
    """A PNG of some hundred bytes whose header names 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(30_001))) + chunk(b"IEND", b"")


def _grained(index: int, size: tuple[int, int]) -> Image.Image:
    ground = Image.radial_gradient("L").rotate(90 * index).resize(size)
    grain = Image.effect_noise(size, 22)
    return Image.merge("RGB", (Image.blend(ground, grain, 0.4), grain, Image.blend(grain, ground, 0.7)))
