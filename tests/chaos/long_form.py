"""All runs of `make chaos`, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from bot.wiring.engines import SHARED_LEASE
from tests.chaos.cluster import cluster
from tests.chaos.flood import flood
from tests.chaos.load import FULL, crowded
from tests.chaos.recovery import Verdict
from tests.chaos.released import releases
from tests.chaos.restarting import restart
from tests.chaos.stopping import stop
from tests.chaos.stores import FAULTS, endured
from tests.chaos.storm import storm
from tests.chaos.upgrade import upgraded

MOMENTS = ("paid", "running", "delivering")
SLOW_SUBMIT = {"answer_delay": 2.0, "seconds": 0.1}
Run = Callable[[], Coroutine[Any, Any, Verdict]]


def runs(folder: Path, jobs: int = 200, seed: int = 1) -> Iterator[Run]:
    """Points, floods and a stop, each with look-ups by our key and without; a restart, upgrades, stores away and a crowd."""
    for lookup in (False, True):
        place = folder / f"lookup-{lookup}"
        yield lambda place=place, lookup=lookup: storm(place / "points", lookup=lookup, seed=seed)  # type: ignore[misc]
        for when in MOMENTS:
            yield lambda place=place, lookup=lookup, when=when: flood(  # type: ignore[misc]
                place / when, when, lookup=lookup, jobs=jobs
            )
        yield lambda place=place, lookup=lookup: stopped(place / "stop", lookup=lookup)  # type: ignore[misc]
    yield lambda: restart(folder / "restart", 30)
    for release in releases():
        yield lambda release=release: upgraded(folder / f"upgrade-{release}", release)  # type: ignore[misc]
    for fault in FAULTS:
        yield lambda fault=fault: endured(folder / fault.replace(" ", "-"), fault)  # type: ignore[misc]
    for lookup in (False, True):
        yield lambda lookup=lookup: storm(folder / f"server-{lookup}", lookup=lookup, seed=seed, server=True)  # type: ignore[misc]
        yield lambda lookup=lookup: cluster(folder / f"cluster-{lookup}", jobs=jobs, lease=SHARED_LEASE, lookup=lookup)  # type: ignore[misc]
    yield lambda: crowded(folder / "load", FULL)


async def stopped(folder: Path, *, lookup: bool) -> Verdict:
    """SIGTERM with 30 slow submits open."""
    found = await stop(folder, SLOW_SUBMIT, signals=1, seconds="60", lookup=lookup, jobs=30)
    verdict = found.verdict
    verdict.fault, verdict.cases = f"SIGTERM, 30 submits open, look-up {'on' if lookup else 'off'}", 1
    if found.code or set(found.calls) - {"accepted", "done"}:
        verdict.others.append(f"exit code {found.code}, calls {found.calls}")
    return verdict


def run_all(folder: Path, jobs: int = 200, seed: int = 1) -> Iterator[Verdict]:
    """Verdict after verdict, as they come."""
    for run in runs(folder, jobs, seed):
        yield asyncio.run(run())
