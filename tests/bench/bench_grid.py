"""Grid of four 1024x1024 JPEGs: CPU time beside its floor, decoding the four and encoding the one with Pillow alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from bot.imaging.grid import grid
from tests.bench.figures import Bar, Figure, Size
from tests.fakes.vendor.pictures import jpeg

LIMIT = 10_000_000
MOST = 1.4
"""The grid may cost this many times its floor."""


async def measure(size: Size) -> list[Figure]:
    """Median CPU milliseconds of grid and floor, taken in turns."""
    tiles = [jpeg(index, 1024, 1024, grain=True) for index in range(4)]
    sheet = _sheet(tiles)
    ours, least = [], []
    for _ in range(size.rounds * 5):
        ours.append(_cpu(lambda: grid(tiles, LIMIT)))
        least.append(_cpu(lambda: _floor(tiles, sheet)))
    floor = statistics.median(least)
    return [
        Figure("grid of four 1024x1024: CPU", statistics.median(ours), "ms", floor, Bar(MOST * floor, "1.4 x floor")),
    ]


def floors(tiles: list[bytes], times: int) -> list[float]:
    """CPU milliseconds of decoding these tiles and encoding their grid, each time."""
    sheet = _sheet(tiles)
    return [_cpu(lambda: _floor(tiles, sheet)) for _ in range(times)]


def _sheet(tiles: list[bytes]) -> Image.Image:
    return Image.open(BytesIO(grid(tiles, LIMIT).data)).convert("RGB")


def _floor(tiles: list[bytes], sheet: Image.Image) -> None:
    for tile in tiles:
        Image.open(BytesIO(tile)).load()
    sheet.save(BytesIO(), "JPEG", quality=90, subsampling="4:2:0")


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000
