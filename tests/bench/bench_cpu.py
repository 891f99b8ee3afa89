"""Processor time of a whole job: command, placeholder, provider, webhook, pictures, grid, upload, books."""

from __future__ import annotations

import asyncio
import statistics

from tests.bench import bench_grid
from tests.bench.crowd import crowd
from tests.bench.figures import Bar, Figure, Size
from tests.fakes.vendor.pictures import jpeg
from tests.fakes.vendor.script import Script

MOST = 3.0
"""A job may cost this many times what decoding and encoding its grid costs."""
UNDER_WAY = 4


async def measure(size: Size) -> list[Figure]:
    """All of the bot's processor time over so many jobs, a few under way at a time, divided by their number."""
    async with crowd(Script(size=1024, grain=True, seconds=0.5)) as people:
        await asyncio.gather(*(people.job() for _ in range(UNDER_WAY)))
        before = people.cpu()
        for _ in range(max(1, size.jobs // UNDER_WAY)):
            await asyncio.gather(*(people.job() for _ in range(UNDER_WAY)))
        each = (people.cpu() - before) / (max(1, size.jobs // UNDER_WAY) * UNDER_WAY) * 1000
    least = await asyncio.to_thread(_least, size.rounds * 5)
    return [Figure("CPU per finished job, four 1024x1024", each, "ms", least, Bar(MOST * least, "3 x floor"))]


def _least(times: int) -> float:
    tiles = [jpeg(index, 1024, 1024, grain=True) for index in range(4)]
    return statistics.median(bench_grid.floors(tiles, times))
