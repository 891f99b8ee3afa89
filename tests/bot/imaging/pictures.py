"""Pictures for the tests, good and bad, made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def noise(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Grain that JPEG cannot squeeze much."""
    return Image.effect_noise((width, height), 90).convert(mode)


def flat(colour: tuple[int, ...], size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def frames(form: str, count: int) -> bytes:
    """An animation whose frames differ, so that none is merged away."""
    pictures = [flat((n * 61 % 256, n * 97 % 256, n // 256), (8, 8)) for n in range(count)]
    return encoded(pictures[0], form, save_all=True, append_images=pictures[1:], duration=20)


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A whole, valid greyscale PNG of a few MB or less, written by hand: one bit a pixel, all of them black."""
    packer = zlib.compressobj(1)
    row = b"\x00" * (1 + (width + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
