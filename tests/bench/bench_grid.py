"""Grid of four 1024x1024 JPEGs: CPU time beside its floor, decoding the four and encoding the one with Pillow alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from bot.imaging.grid import grid

ROUNDS = 15
LIMIT = 10_000_000
MOST = 1.4
"""The grid may cost this many times its floor."""


def run(rounds: int = ROUNDS) -> dict[str, float]:
    """Median CPU milliseconds of grid and floor, taken in turns in one run; prints and returns them."""
    tiles = [_tile(seed) for seed in range(4)]
    sheet = Image.open(BytesIO(grid(tiles, LIMIT).data)).convert("RGB")
    ours, floor = [], []
    for _ in range(rounds):
        ours.append(_cpu(lambda: grid(tiles, LIMIT)))
        floor.append(_cpu(lambda: _floor(tiles, sheet)))
    figures = {"grid_ms": statistics.median(ours), "floor_ms": statistics.median(floor)}
    figures["ratio"] = figures["grid_ms"] / figures["floor_ms"]
    print("grid of four 1024x1024 JPEGs:", {name: round(value, 2) for name, value in figures.items()})  # noqa: T201  # a bench reports
    return figures


def _tile(seed: int) -> bytes:
    """Shapes and grain: about what a provider's picture weighs (300 kB)."""
    ground = Image.radial_gradient("L").rotate(90 * seed).resize((1024, 1024))
    grain = Image.effect_noise((1024, 1024), 22)
    picture = Image.merge("RGB", (Image.blend(ground, grain, 0.4), grain, Image.blend(grain, ground, 0.7)))
    out = BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _floor(tiles: list[bytes], sheet: Image.Image) -> None:
    for tile in tiles:
        Image.open(BytesIO(tile)).load()
    sheet.save(BytesIO(), "JPEG", quality=90, subsampling="4:2:0")


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    run()
