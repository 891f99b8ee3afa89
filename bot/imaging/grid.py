"""One to four pictures as one: 2x2, JPEG, under a byte limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PIL import Image

from bot.imaging.convert import upright, within
from bot.imaging.guard import PIXELS_MOST, SIDE_MOST, checked, opened
from bot.jobs.ports import Composed
from bot.texts import pictures as texts
from providers.errors import BadPicture

EMPTY: Final = (24, 25, 28)
"""The colour of a missing fourth picture and of the bars beside one of another shape."""


def grid(tiles: Sequence[bytes], limit: int) -> Composed:
    """One tile as it is, two side by side, three or four as 2x2. Every cell is as large as the first tile.

    At most `limit` bytes and never over the guard's own size limits. Raises BadPicture.
    """
    return sheet(tiles, limit)[1]


def sheet(tiles: Sequence[bytes], limit: int) -> tuple[Sequence[Composed], Composed]:
    """What the guard says of each tile, and their grid. Raises BadPicture if one of them cannot be used."""
    if not 1 <= len(tiles) <= 4:
        raise BadPicture(texts.TOO_MANY_TILES)
    image = opened(tiles[0])
    seen, first = [checked(tiles[0], image)], upright(image)
    columns, rows = min(len(tiles), 2), (len(tiles) + 1) // 2
    cell = _cell(first.size, columns, rows)
    if len(tiles) == 1:
        return seen, within(_fitted(first, cell), limit)
    whole = Image.new("RGB", (cell[0] * columns, cell[1] * rows), EMPTY)
    _place(whole, _fitted(first, cell), cell, 0)
    for index, tile in enumerate(tiles[1:], 1):  # one decoded tile in memory at a time
        image = opened(tile)
        seen.append(checked(tile, image))
        _place(whole, _fitted(upright(image), cell), cell, index)
    return seen, within(whole, limit)


def _cell(size: tuple[int, int], columns: int, rows: int) -> tuple[int, int]:
    """The first tile's size, smaller only where the sheet would break the guard's limits."""
    width, height = size
    by_pixels = math.sqrt(PIXELS_MOST / (width * columns * height * rows))
    scale = min(1.0, by_pixels, SIDE_MOST / (width * columns), SIDE_MOST / (height * rows))
    return (max(1, int(width * scale)), max(1, int(height * scale))) if scale < 1.0 else size


def _fitted(image: Image.Image, cell: tuple[int, int]) -> Image.Image:
    """Scaled to lie within the cell, its proportions kept; the very same object if it fits exactly."""
    if image.size == cell:
        return image
    scale = min(cell[0] / image.width, cell[1] / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _place(whole: Image.Image, image: Image.Image, cell: tuple[int, int], index: int) -> None:
    left = cell[0] * (index % 2) + (cell[0] - image.width) // 2
    top = cell[1] * (index // 2) + (cell[1] - image.height) // 2
    whole.paste(image, (left, top))
