"""What store, engine and core add to a job: 40 jobs a second, 200 of them at the provider, pictures costing nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench import children
from tests.bench.engine_alone import Outcome
from tests.bench.figures import Bar, Figure, Size, percentile

RATE, PROVIDER_SECONDS = 40.0, 5.0
BARS = {"SQLite": 15.0}
"""Milliseconds at the median, by where the rows are kept."""


async def measure(size: Size) -> list[Figure]:
    """In a process of its own, on an empty database."""
    figures = []
    for name, most in BARS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = await alone(Path(folder) / "imagine.db", RATE, size.engine, min(PROVIDER_SECONDS, size.engine))
        figures += [
            Figure(
                f"engine on {name}: added per job, median",
                percentile(found.added, 0.5),
                "ms",
                bar=Bar(most, f"{most:.0f} ms"),
            ),
            Figure(f"engine on {name}: the same, p99", percentile(found.added, 0.99), "ms"),
            Figure(f"engine on {name}: from the command to its acceptance, median", percentile(found.asked, 0.5), "ms"),
            Figure(f"engine on {name}: CPU per job", found.cpu, "ms"),
        ]
    return figures


async def alone(path: Path, rate: float, seconds: float, provider_seconds: float) -> Outcome:
    """One run of `tests.bench.engine_alone` on a database."""
    given = [str(value) for value in (path, rate, seconds, provider_seconds)]
    with tempfile.TemporaryDirectory() as logs:
        async with children.child("tests.bench.engine_alone", Path(logs), *given) as running:
            said: dict[str, Any] = await running.line(seconds * 4 + children.START_SECONDS)
    return Outcome(**said)
