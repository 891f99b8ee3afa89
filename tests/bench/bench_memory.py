"""Memory with many jobs waiting, and over a long time of work."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence

from tests.bench.bench_throughput import grown
from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import Bar, Figure, Size
from tests.fakes.vendor.script import Script

DRAWING, HELD = Script(size=1024, grain=True, seconds=1.0), Script(hold=True)
AT_ONCE = 50
RATE = 3.0
"""Jobs a second of the soak."""
READ_SECONDS = 1.0
WAITING_MIB, GROWTH_MIB = 50.0, 5.0


async def measure(size: Size) -> list[Figure]:
    """Anonymous pages throughout: what the bot has for itself, and no file holds."""
    return [await _waiting(size), *await _soak(size.soak * 60)]


async def _waiting(size: Size) -> Figure:
    """One job is at a provider that never ends; all others wait for it."""
    name, bar = f"memory: {size.waiting} waiting jobs take", Bar(WAITING_MIB, "50 MiB")
    settings = {"IMAGINE_RUNNING": "1", "IMAGINE_WAITING": str(size.waiting + AT_ONCE)}
    async with crowd(DRAWING, **settings) as people:
        await people.studio.play(HELD)
        await people.placeholder()
        await asyncio.sleep(size.rest)
        before = people.memory()
        for _ in range(-(-size.waiting // AT_ONCE)):
            await asyncio.gather(*(people.placeholder() for _ in range(min(AT_ONCE, size.waiting))))
        await asyncio.sleep(size.rest)
        return Figure(name, people.memory() - before, "MiB", bar=bar)


async def _soak(seconds: float) -> list[Figure]:
    async with crowd(DRAWING) as people:
        await people.closed(8, time.monotonic() + 2)
        reading = asyncio.create_task(_read(people, seconds))
        before = people.finished
        await people.steady(RATE, seconds)
        read, jobs = await reading, people.finished - before
    name = f"memory: {jobs} jobs in {seconds / 60:.3g} minutes"
    return [
        Figure(f"{name}, at the end", statistics.mean(read[-max(1, len(read) // 4) :]), "MiB"),
        Figure(f"{name}, growth from the second quarter to the last", grown(read), "MiB", bar=Bar(GROWTH_MIB, "5 MiB")),
        Figure(f"{name}, slope of the second half", slope(read[len(read) // 2 :]) * 3600, "MiB/h"),
    ]


async def _read(people: Crowd, seconds: float) -> list[float]:
    until, read = time.monotonic() + seconds, list[float]()
    while time.monotonic() < until:
        read.append(people.memory())
        await asyncio.sleep(READ_SECONDS)
    return read


def slope(values: Sequence[float]) -> float:
    """Of the line that fits best, per reading; 0 of fewer than two."""
    return statistics.linear_regression(range(len(values)), values).slope if len(values) > 1 else 0.0
