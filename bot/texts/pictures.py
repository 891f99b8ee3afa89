"""What is wrong with a picture that somebody gave us, in one sentence each."""

from __future__ import annotations

EMPTY = "The file is empty."
UNKNOWN = "The file is not a PNG, JPEG or WebP picture."
GIF = "GIF pictures can't be used: please send a PNG, JPEG or WebP."
SVG = "SVG drawings can't be used: please send a PNG, JPEG or WebP."
HTML = "The file is a web page, not a picture."
ANIMATED = "Animated pictures can't be used: please send one that stands still."
DAMAGED = "The picture is damaged or cut off and can't be read to its end."
TOO_MANY_TILES = "A grid takes one to four pictures."


def too_large(width: int, height: int, pixels: int, side: int) -> str:
    """A picture over the limits; all figures in px."""
    return f"The picture has {width:,} x {height:,} pixels, and {_most(pixels, side)} can be used."


def larger(pixels: int, side: int) -> str:
    """A picture over the limits whose size is not known."""
    return f"The picture has too many pixels: {_most(pixels, side)} can be used."


def too_heavy(limit: int) -> str:
    """A picture that stays over `limit` bytes however small it is made."""
    return f"The picture can't be made smaller than {limit:,} bytes."


def _most(pixels: int, side: int) -> str:
    return f"at most {pixels // 1_000_000} million pixels and {side:,} on a side"
