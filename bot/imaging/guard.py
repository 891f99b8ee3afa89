"""Is it a picture that is safe to decode? Untrusted bytes meet Pillow here and nowhere else.

The type is told by content, never by name. Limits are tested on the header, before a pixel is decoded: Pillow's own
limit only stops pictures above 179 million pixels (Pillow 13, Image.MAX_IMAGE_PIXELS), which is 0.5 GB in memory.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import Final

from PIL import Image, JpegImagePlugin, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin

from bot.jobs.ports import Composed
from bot.texts import pictures as texts
from providers.errors import BadPicture

PIXELS_MOST: Final = 25_000_000
SIDE_MOST: Final = 8192
TURNED: Final = frozenset({5, 6, 7, 8})
"""EXIF orientations that swap width and height."""

_ORIENTATION: Final = 0x0112
_PLUGINS = (PngImagePlugin, JpegImagePlugin, WebPImagePlugin)  # imported here: two threads must not do it at once
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_MIMES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise for broken bytes; UnidentifiedImageError is an OSError."""

warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # our own limit is the stricter one


def check(data: bytes) -> Composed:
    """The bytes as they are, with mime type and the size that a viewer shows. Raises BadPicture."""
    return checked(data, opened(data))


def checked(data: bytes, image: Image.Image) -> Composed:
    """The same of bytes that have been opened."""
    width, height = image.size
    if orientation(image) in TURNED:
        width, height = height, width
    return Composed(data, mime(image), width, height)


def opened(data: bytes) -> Image.Image:
    """The picture, decoded to its end. Raises BadPicture with one sentence for a user."""
    image = _header(data)
    _within_limits(image)
    try:
        image.load()
    except _UNREADABLE as error:
        raise BadPicture(texts.DAMAGED) from error
    return image


def mime(image: Image.Image) -> str:
    """The mime type of an opened picture."""
    return _MIMES[image.format or ""]


def orientation(image: Image.Image) -> int:
    """The EXIF orientation 1-8; 1 (upright) where none is given or the EXIF block is broken."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except _UNREADABLE:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _header(data: bytes) -> Image.Image:
    if not data:
        raise BadPicture(texts.EMPTY)
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise BadPicture(_bomb(data)) from error
    except UnidentifiedImageError as error:
        raise BadPicture(_stranger(data)) from error
    except _UNREADABLE as error:
        raise BadPicture(texts.DAMAGED) from error


def _within_limits(image: Image.Image) -> None:
    width, height = image.size
    if width * height > PIXELS_MOST or max(width, height) > SIDE_MOST:
        raise BadPicture(texts.too_large(width, height, PIXELS_MOST, SIDE_MOST))
    # An MPO is a camera's JPEG with a preview behind it: its first picture is the picture.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise BadPicture(texts.ANIMATED)


def _bomb(data: bytes) -> str:
    """Pillow stopped in the header; of a PNG we can still say how large it claims to be (IHDR, PNG 3rd edition 11.2.1)."""
    if data[12:16] == b"IHDR" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return texts.too_large(width, height, PIXELS_MOST, SIDE_MOST)
    return texts.larger(PIXELS_MOST, SIDE_MOST)


def _stranger(data: bytes) -> str:
    """Bytes that are none of our formats: say what they are, where that is plain to see."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"gif87a", b"gif89a")):
        return texts.GIF
    if b"<svg" in head:
        return texts.SVG
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return texts.HTML
    if head.startswith((b"\x89png", b"\xff\xd8\xff")) or head[8:12] == b"webp":
        return texts.DAMAGED
    return texts.UNKNOWN
