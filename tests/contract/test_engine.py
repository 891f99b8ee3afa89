"""What every engine promises; each implementation runs all of it.

An implementation joins by a context manager in ENGINES that starts it over the given callbacks and stops it.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.engine.distributed import DistributedEngine
from bot.engine.embedded import EmbeddedEngine
from bot.jobs.ports import Advance, Engine
from tests.support import postgres

SOON = 5.0
"""Seconds that a test waits for something that must come."""


@asynccontextmanager
async def embedded(advance: Advance, rows: list[str], path: Path) -> AsyncIterator[Engine]:
    async def due(_now: float, limit: int) -> list[str]:
        return rows[:limit]

    engine = EmbeddedEngine(advance, due, time.time, lock_path=path / "lock", tick=0.05)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop(1.0)


class Process(DistributedEngine):
    """One of several. What looks answer is written into rows, as the core does: a worker goes by them."""

    def __init__(self, url: str, advance: Advance, rows: list[str], *, works: bool = True) -> None:
        later: dict[str, float] = {}

        async def look(job_id: str) -> float | None:
            wait = await advance(job_id)
            later[job_id] = math.inf if wait is None else time.time() + wait
            return wait

        async def due(moment: float, _free_at: float, limit: int) -> list[str]:
            return [*rows, *(job_id for job_id, when in later.items() if when <= moment)][:limit]

        super().__init__(url, look, due, time.time, works=works, tick=0.05)


@asynccontextmanager
async def distributed(advance: Advance, rows: list[str], path: Path) -> AsyncIterator[Engine]:
    """Wakes go all the way through Postgres: the engine that a test holds looks at nothing itself."""
    del path
    worker, waker = Process(queue_database(), advance, rows), Process(queue_database(), advance, rows, works=False)
    await worker.start()
    await waker.start()
    try:
        yield Both(waker, worker)
    finally:
        await waker.stop(1.0)
        await worker.stop(1.0)


class Both:
    """Woken from outside; deferred where looks are, since that is what only they ask for."""

    def __init__(self, outside: Engine, worker: Engine) -> None:
        self.wake, self.defer = outside.wake, worker.defer


@cache
def queue_database() -> str:
    """One for all: each test leaves it empty."""
    return postgres.create(f"queue{os.getpid()}")


Opener = Callable[[Advance, list[str], Path], AbstractAsyncContextManager[Engine]]
ENGINES: dict[str, Opener] = {"embedded": embedded, "distributed": distributed}


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest) -> Opener:
    return ENGINES[request.param]


class Looks:
    """An `advance` that counts, notices overlaps, and can be held or told what to answer."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.answers: dict[str, list[float | Exception | None]] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside: set[str] = set()
        self.overlapped = False
        self.news = asyncio.Condition()

    async def __call__(self, job_id: str) -> float | None:
        self.overlapped |= job_id in self.inside
        self.inside.add(job_id)
        self.seen.append(job_id)
        async with self.news:
            self.news.notify_all()
        await self.gate.wait()
        self.inside.discard(job_id)
        answer = self.answers[job_id].pop(0) if self.answers.get(job_id) else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def until(self, job_id: str, times: int) -> None:
        async with asyncio.timeout(SOON), self.news:
            await self.news.wait_for(lambda: self.seen.count(job_id) >= times)


async def test_a_wake_brings_a_look(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    async with opened(looks, [], tmp_path) as engine:
        engine.wake("a")
        await looks.until("a", 1)


async def test_a_wake_during_the_look_brings_another_and_never_two_at_once(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    looks.gate.clear()
    async with opened(looks, [], tmp_path) as engine:
        engine.wake("a")
        await looks.until("a", 1)
        engine.wake("a")
        engine.wake("a")
        looks.gate.set()
        await looks.until("a", 2)
    assert not looks.overlapped


async def test_the_answer_of_a_look_brings_the_next(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    looks.answers["a"] = [0.01, 0.01, None]
    async with opened(looks, [], tmp_path) as engine:
        engine.wake("a")
        await looks.until("a", 3)


async def test_a_deferred_look_comes_not_before_its_time(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    async with opened(looks, [], tmp_path) as engine:
        begun = time.monotonic()
        engine.defer("a", 0.2)
        await looks.until("a", 1)
        assert time.monotonic() - begun >= 0.19


async def test_a_wake_overtakes_a_defer(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    async with opened(looks, [], tmp_path) as engine:
        engine.defer("a", 3600.0)
        engine.wake("a")
        await looks.until("a", 1)


async def test_a_failed_look_is_tried_again(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    looks.answers["a"] = [RuntimeError("the disk is full")]
    async with opened(looks, [], tmp_path) as engine:
        engine.wake("a")
        await looks.until("a", 2)


async def test_one_failing_job_does_not_hold_the_others(opened: Opener, tmp_path: Path) -> None:
    looks = Looks()
    looks.answers["bad"] = [RuntimeError("no") for _ in range(9)]
    async with opened(looks, [], tmp_path) as engine:
        engine.wake("bad")
        await looks.until("bad", 1)
        engine.wake("good")
        await looks.until("good", 1)
        assert looks.seen.count("bad") < 3, "a tight loop"


async def test_rows_that_another_process_wrote_are_found(opened: Opener, tmp_path: Path) -> None:
    looks, rows = Looks(), ["old"]
    async with opened(looks, rows, tmp_path):
        await looks.until("old", 1)
        rows[:] = ["new"]
        await looks.until("new", 1)


STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["wake", "defer", "finish", "pause"])), max_size=12)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_events_loses_a_wake(
    opened: Opener, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    asyncio.run(interleave(opened, tmp_path_factory.mktemp("engine"), steps))


async def interleave(opened: Opener, path: Path, steps: list[tuple[str, str]]) -> None:
    """After every wake a look must begin later than the wake."""
    looks = Looks()
    looks.gate.clear()
    woken: dict[str, int] = {}
    async with opened(looks, [], path) as engine:
        for job, step in steps:
            if step == "wake":
                woken[job] = looks.seen.count(job)
                engine.wake(job)
            elif step == "defer":
                engine.defer(job, 0.01)
            elif step == "finish":
                looks.gate.set()
                await asyncio.sleep(0)
                looks.gate.clear()
            else:
                await asyncio.sleep(0.001)
        looks.gate.set()
        for job, before in woken.items():
            await looks.until(job, before + 1)
    assert not looks.overlapped
