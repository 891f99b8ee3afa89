"""A process's leases: a living one keeps its jobs however long it takes, one that lost them stops at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.errors import StoreUnavailable
from bot.jobs.leases import UNSURE_SECONDS, Leases
from bot.jobs.store import LeaseLost


class Rows:
    """Says what it holds; `away` is raised instead."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.away: Exception | None = None
        self.until: list[float] = []
        self.given_back: list[str] = []
        self.beat = asyncio.Event()

    async def renew(self, lease: str, until: float) -> set[str]:
        self.until.append(until)
        self.beat.set()
        await asyncio.sleep(0)
        if self.away is not None:
            raise self.away
        return set(self.held)

    async def give_back(self, lease: str, now: float) -> int:
        if self.away is not None:
            raise self.away
        self.given_back.append(lease)
        return len(self.held)

    async def left(self, moment: float, free_at: float, limit: int) -> list[str]:
        return []

    async def beats(self, times: int) -> None:
        for _ in range(times):
            self.beat.clear()
            await asyncio.wait_for(self.beat.wait(), 5.0)
        await asyncio.sleep(0.01)


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
async def leases(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Leases]:
    monkeypatch.setattr("bot.jobs.leases.AGAIN_SECONDS", 0.01)
    made = Leases(rows, time.time, 30.0, every=0.01)
    made.start()
    yield made
    await made.stop()


async def test_every_beat_moves_the_end_of_the_lease_on(leases: Leases, rows: Rows) -> None:
    begun = time.time()
    await rows.beats(3)
    assert rows.until == sorted(rows.until)
    assert rows.until[0] >= begun + 30.0


async def test_a_look_whose_job_was_taken_is_cut(leases: Leases, rows: Rows) -> None:
    rows.held = {"kept"}
    cut = []

    async def look(job_id: str) -> None:
        try:
            async with leases.held(job_id):
                await asyncio.sleep(60)
        except LeaseLost as lost:
            cut.append(str(lost))

    looks = [asyncio.create_task(look(job_id)) for job_id in ("kept", "lost")]
    await asyncio.wait_for(looks[1], 5.0)
    await rows.beats(2)
    assert cut == ["lost"]
    assert not looks[0].done()
    looks[0].cancel()


async def test_a_store_that_is_away_cuts_nothing(leases: Leases, rows: Rows) -> None:
    """Nobody else can take a job then, and what vendors have answered is held in memory."""
    rows.away = StoreUnavailable("the server restarts")
    async with leases.held("job"):
        await rows.beats(3)
    rows.away, rows.held = RuntimeError("a fault of ours"), {"job"}
    async with leases.held("job"):
        await rows.beats(2)
        rows.away = None
        await rows.beats(2)


async def test_after_an_outage_or_a_jump_of_the_clock_nobody_elses_lease_counts_as_ended(rows: Rows) -> None:
    """Their holders live, and renew them first: a job that is taken in the middle of a request loses its answer."""
    passed, ahead = [0.0], [0.0]

    def clock() -> float:
        return 1000.0 + passed[0] + ahead[0]

    one = Leases(rows, clock, 30.0, steady=lambda: passed[0])
    passed[0] += 60.0
    assert one.free_at(clock()) == clock(), "a minute went by, and nothing else"
    for jump in (3600.0, -3600.0):
        ahead[0] += jump
        assert one.free_at(clock()) == 0.0
        passed[0] += UNSURE_SECONDS
        assert one.free_at(clock()) == clock()
    one.unsure()
    assert one.free_at(clock()) == 0.0
    passed[0] += UNSURE_SECONDS
    rows.away = StoreUnavailable("the server restarts")
    assert not await one._beat()
    assert one.free_at(clock()) == 0.0


async def test_a_job_that_is_looked_at_again_meanwhile_is_not_cut_for_its_earlier_look(leases: Leases, rows: Rows) -> None:
    """The beat was asked while the first look held it; the answer comes when the second does."""
    real, asked, go = rows.renew, asyncio.Event(), asyncio.Event()

    async def slow(lease: str, until: float) -> set[str]:
        found = await real(lease, until)
        asked.set()
        await go.wait()
        return found

    rows.renew = slow  # type: ignore[method-assign]
    async with leases.held("job"):
        await asyncio.wait_for(asked.wait(), 5.0)
    rows.held = {"job"}
    async with leases.held("job"):
        go.set()
        await rows.beats(2)


async def test_a_timeout_of_the_look_itself_stays_one(leases: Leases) -> None:
    with pytest.raises(TimeoutError):
        async with leases.held("job"), asyncio.timeout(0.0):
            await asyncio.sleep(60)


async def test_a_stop_gives_everything_back(rows: Rows) -> None:
    one = Leases(rows, time.time, 30.0, every=60.0)
    await one.stop()
    assert rows.given_back == [], "embedded: nothing was ever renewed"
    one.start()
    await one.stop()
    assert rows.given_back == [one.id]
    rows.away = StoreUnavailable("gone")
    two = Leases(rows, time.time, 30.0, every=60.0)
    two.start()
    await two.stop()
