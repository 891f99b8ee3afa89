"""All runs of `make chaos`, one after another."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.wiring.engines import SHARED_LEASE
from tests.chaos import on_discord, on_slack, providers, stores
from tests.chaos.cluster import cluster
from tests.chaos.flood import flood
from tests.chaos.load import FULL, crowded
from tests.chaos.recovery import Verdict
from tests.chaos.released import releases
from tests.chaos.restarting import restart
from tests.chaos.stopping import stop
from tests.chaos.stores import FAULTS
from tests.chaos.storm import storm
from tests.chaos.upgrade import upgraded
from tests.faults.provider_rows import PARTS

MOMENTS = ("paid", "running", "delivering")
SLOW_SUBMIT = {"answer_delay": 2.0, "seconds": 0.1}
Run = Callable[[], Coroutine[Any, Any, Sequence[Verdict]]]


def runs(folder: Path, jobs: int = 200, seed: int = 1) -> Iterator[Run]:
    """Points, floods and a stop, each with look-ups by our key and without; a restart, upgrades; then everything outside."""
    for lookup in (False, True):
        place = folder / f"lookup-{lookup}"
        yield _one(storm, place / "points", lookup=lookup, seed=seed)
        for when in MOMENTS:
            yield _one(flood, place / when, when, lookup=lookup, jobs=jobs)
        yield _one(stopped, place / "stop", lookup=lookup)
    yield _one(restart, folder / "restart", 30)
    for release in releases():
        yield _one(upgraded, folder / f"upgrade-{release}", release)
    for lookup in (False, True):
        yield _one(storm, folder / f"server-{lookup}", lookup=lookup, seed=seed, server=True)
        yield _one(cluster, folder / f"cluster-{lookup}", jobs=jobs, lease=SHARED_LEASE, lookup=lookup)
    yield from outside(folder, max(6, jobs // 10))
    yield _one(crowded, folder / "load", FULL)


def outside(folder: Path, jobs: int) -> Iterator[Run]:
    """Stores, providers, Discord and Slack fail. `jobs`: in each fault of a chat."""
    for fault in FAULTS:
        yield _one(stores.endured, folder / _plain(fault), fault)
    yield _one(stores.torn, folder / "torn")
    for part in PARTS:
        yield partial(providers.endured, folder / f"provider-{part.subject}", part)
    for chat in (on_discord, on_slack):
        place = folder / chat.__name__
        for trouble in chat.TROUBLES:
            yield _one(chat.endured, place / _plain(trouble.name), trouble, jobs)
        for killed in chat.KILLS:
            yield _one(killed, place / _plain(killed.__name__), jobs)


def _one(run: Callable[..., Coroutine[Any, Any, Verdict]], *given: Any, **named: Any) -> Run:
    async def verdicts() -> Sequence[Verdict]:
        try:
            return [await run(*given, **named)]
        except TimeoutError as error:  # one run that does not come to its point must not hide the others
            return [Verdict(f"{run.__module__.rpartition('.')[2]}.{run.__name__}", 1, others=[str(error)])]

    return verdicts


def _plain(name: str) -> str:
    """For a folder."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


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
        yield from asyncio.run(run())
