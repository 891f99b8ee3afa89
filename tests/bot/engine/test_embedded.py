"""What only the embedded engine has: its lock, its cap, its stop, its lag, and a clock that the test moves."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.engine.embedded import EmbeddedEngine
from bot.errors import StartError
from tests.contract.test_engine import Looks

HOLD = """
import asyncio, sys, time, pathlib
from bot.engine.embedded import EmbeddedEngine
async def never(*_): return []
async def main():
    await EmbeddedEngine(never, never, time.time, lock_path=pathlib.Path(sys.argv[1])).start()
    print("held", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def no_rows(_now: float, _limit: int) -> list[str]:
    return []


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def engine(looks: Looks, clock: Clock) -> AsyncIterator[EmbeddedEngine]:
    made = EmbeddedEngine(looks, no_rows, clock, lock_path=None, tick=0.02, parallel=2)
    await made.start()
    yield made
    looks.gate.set()
    await made.stop(1.0)


async def test_a_deferred_look_waits_for_the_clock_alone(engine: EmbeddedEngine, looks: Looks, clock: Clock) -> None:
    engine.defer("later", 30.0)
    engine.wake("now")
    await looks.until("now", 1)
    assert looks.seen == ["now"]
    clock.now += 30.0
    await looks.until("later", 1)


async def test_no_more_than_parallel_at_once_and_the_waiting_are_kept(engine: EmbeddedEngine, looks: Looks) -> None:
    looks.gate.clear()
    for job in "abcd":
        engine.wake(job)
    await looks.until("b", 1)
    await asyncio.sleep(0.05)
    assert looks.seen == ["a", "b"]
    looks.gate.set()
    await looks.until("d", 1)
    assert looks.seen == ["a", "b", "c", "d"]


async def test_lag_is_the_wait_of_the_head_of_the_line(engine: EmbeddedEngine, looks: Looks, clock: Clock) -> None:
    assert engine.lag == 0.0
    looks.gate.clear()
    for job in "abc":
        engine.wake(job)
    await looks.until("b", 1)
    clock.now += 7.0
    assert engine.lag == 7.0
    looks.gate.set()
    await looks.until("c", 1)
    assert engine.lag == 0.0


async def test_a_wake_before_the_start_is_kept(looks: Looks, clock: Clock) -> None:
    engine = EmbeddedEngine(looks, no_rows, clock, lock_path=None)
    engine.wake("early")
    await engine.start()
    await looks.until("early", 1)
    await engine.stop(1.0)
    assert looks.seen == ["early"]


async def test_stop_lets_a_look_end_within_its_grace(looks: Looks, clock: Clock) -> None:
    engine = EmbeddedEngine(looks, no_rows, clock, lock_path=None)
    looks.gate.clear()
    await engine.start()
    engine.wake("a")
    await looks.until("a", 1)
    stopping = asyncio.create_task(engine.stop(5.0))
    await asyncio.sleep(0)
    engine.wake("b")
    looks.gate.set()
    await asyncio.wait_for(stopping, 5.0)
    assert looks.seen == ["a"]
    assert looks.inside == set()


async def test_stop_cuts_what_outlasts_its_grace(looks: Looks, clock: Clock) -> None:
    engine = EmbeddedEngine(looks, no_rows, clock, lock_path=None)
    looks.gate.clear()
    await engine.start()
    engine.wake("a")
    await looks.until("a", 1)
    await asyncio.wait_for(engine.stop(0.01), 5.0)
    assert looks.inside == {"a"}, "it was cut inside, not finished"


async def test_a_cancelled_look_is_not_a_lost_job(engine: EmbeddedEngine, looks: Looks, clock: Clock) -> None:
    looks.gate.clear()
    engine.wake("a")
    await looks.until("a", 1)
    next(iter(engine._looks.running)).cancel()
    looks.inside.clear()
    looks.gate.set()
    await asyncio.sleep(0.05)
    clock.now += 1.0
    await looks.until("a", 2)


async def test_a_store_that_fails_is_asked_again(looks: Looks, clock: Clock) -> None:
    asked = 0

    async def due(_now: float, _limit: int) -> list[str]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("database is locked")
        return ["a"]

    engine = EmbeddedEngine(looks, due, clock, lock_path=None, tick=0.01)
    await engine.start()
    await looks.until("a", 1)
    await engine.stop(1.0)
    assert asked > 1


async def test_a_slow_store_does_not_hold_a_wake(looks: Looks, clock: Clock) -> None:
    async def due(_now: float, _limit: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    engine = EmbeddedEngine(looks, due, clock, lock_path=None)
    await engine.start()
    engine.wake("a")
    await looks.until("a", 1)
    await engine.stop(1.0)


async def test_rows_behind_failing_ones_are_reached(clock: Clock) -> None:
    looks = Looks()
    rows = ["bad1", "bad2", "good"]
    looks.answers = {bad: [RuntimeError("no")] * 9 for bad in rows[:2]}

    async def due(_now: float, limit: int) -> list[str]:
        return rows[:limit]

    engine = EmbeddedEngine(looks, due, clock, lock_path=None, tick=0.01, parallel=2)
    await engine.start()
    await looks.until("good", 1)
    await engine.stop(1.0)


async def test_a_second_process_does_not_start_and_a_killed_one_leaves_no_lock(
    tmp_path: Path, looks: Looks, clock: Clock
) -> None:
    lock = tmp_path / "data" / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True) as other:  # noqa: ASYNC220
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        engine = EmbeddedEngine(looks, no_rows, clock, lock_path=lock)
        with pytest.raises(StartError, match="Another imagine-bot process is running on this data folder"):
            await engine.start()
        other.kill()
    await engine.start()
    await engine.stop(1.0)


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, looks: Looks, clock: Clock) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StartError, match="cannot be locked"):
        await EmbeddedEngine(looks, no_rows, clock, lock_path=tmp_path / "data" / "lock").start()
    with pytest.raises(StartError, match=r"of the database cannot be used: .* Let DATABASE_URL name"):
        await EmbeddedEngine(looks, no_rows, clock, lock_path=tmp_path / "data" / "bot.db.lock").start()
