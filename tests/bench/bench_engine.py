"""What store, engine and core add to a job: 40 jobs a second, 200 of them at the provider, pictures costing nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench import children
from tests.bench.engine_alone import LAST_SECONDS, Outcome
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.support.postgres import create

RATE, PROVIDER_SECONDS = 40.0, 5.0
BARS = {"SQLite": 15.0, "Postgres": 30.0}
"""Milliseconds at the median, by where the rows are kept."""


async def measure(size: Size) -> list[Figure]:
    """In a process of its own, on an empty database."""
    return [figure for name in BARS for figure in await _on(name, size.engine)]


async def _on(name: str, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/imagine.db" if name == "SQLite" else create("bench")
        found = await alone(address, RATE, seconds, min(PROVIDER_SECONDS, seconds))
    median, bar = percentile(found.added, 0.5), Bar(BARS[name], f"{BARS[name]:.0f} ms")
    return [
        Figure(f"engine on {name}: added per job, median", median, "ms", bar=bar),
        Figure(f"engine on {name}: the same, p99", percentile(found.added, 0.99), "ms"),
        Figure(f"engine on {name}: from the command to its acceptance, median", percentile(found.asked, 0.5), "ms"),
        Figure(f"engine on {name}: CPU per job, without the server's", found.cpu, "ms"),
    ]


async def alone(database: str, rate: float, seconds: float, provider_seconds: float) -> Outcome:
    """One run of `tests.bench.engine_alone`; `database`: as in DATABASE_URL."""
    given = [database, *(str(value) for value in (rate, seconds, provider_seconds))]
    with tempfile.TemporaryDirectory() as logs:
        async with children.child("tests.bench.engine_alone", Path(logs), *given) as running:
            said: dict[str, Any] = await running.line(seconds * 4 + LAST_SECONDS + children.START_SECONDS)
    return Outcome(**said)
