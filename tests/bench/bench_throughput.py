"""Finished jobs a second on this machine, with the fakes of chat and vendor on the same cores; and whether a queue grows."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.fakes.vendor.script import Script

DRAWING = Script(size=1024, grain=True, seconds=1.0)
PEOPLE = 40
"""Ask at once when the most is wanted; under the deployment's cap of 50 running jobs."""
RATE = 12.0
GROWTH = RATE
"""Jobs by which the line may be longer at the end: what comes in a second. A queue that grows has no end to that."""
WARM_SECONDS = 3.0


async def measure(size: Size) -> list[Figure]:
    """First as fast as it goes for a quarter of the time, then so many a second for all of it."""
    seconds = size.minutes * 60
    async with crowd(DRAWING) as people:
        await people.closed(4, time.monotonic() + WARM_SECONDS)
        most = await _most(people, seconds / 4)
        before, told, cpu, begun = people.finished, len(people.seconds), people.cpu(), time.monotonic()
        lengths = await people.steady(RATE, seconds)
        done, took = people.finished - before, time.monotonic() - begun
        each = (people.cpu() - cpu) / max(1, done) * 1000
    return [
        Figure(f"throughput: finished jobs a second, {PEOPLE} under way", most, "/s", bar=Bar(RATE, "12 /s", at_least=True)),
        Figure(f"throughput: of {RATE:.0f} jobs a second, finished", done / took, "/s"),
        Figure("throughput: the same, command to pictures, p99", percentile(people.seconds[told:], 0.99), "s"),
        Figure("throughput: the same, growth of what is under way", grown(lengths), "jobs", bar=Bar(GROWTH, "12 jobs")),
        Figure("throughput: the same, the bot's CPU per job", each, "ms"),
    ]


async def _most(people: Crowd, seconds: float) -> float:
    before, begun = people.finished, time.monotonic()
    await people.closed(PEOPLE, begun + seconds)
    return (people.finished - before) / (time.monotonic() - begun)


def grown(lengths: Sequence[float]) -> float:
    """How much longer the line was in the last quarter than in the second one; the first is its beginning."""
    quarter = max(1, len(lengths) // 4)
    return statistics.mean(lengths[-quarter:]) - statistics.mean(lengths[quarter : 2 * quarter] or lengths[-quarter:])
