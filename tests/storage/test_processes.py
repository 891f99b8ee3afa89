"""Several processes on one server count together, and of two that want a row at once one gets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.jobs.acceptance import Accepted, Caps
from bot.jobs.model import Job, JobState
from bot.jobs.store import LeaseLost, NewCall
from bot.playground.ports import Message
from bot.policy.community import Budget
from bot.policy.records import Cause, What
from storage.messages import SqlMessages
from storage.tables import jobs, ledger
from tests.support.databases import backend
from tests.support.policy import CAPS, HERE, NOW, Desk, desk_on, entry
from tests.support.rows import key, new_job
from tests.support.wait import eventually

MANY = 40
WIDE = Caps(daily=100_000, user_running=1000, user_waiting=1000, running=1000)


@asynccontextmanager
async def processes(folder: Path, count: int = 3) -> AsyncIterator[list[Desk]]:
    """As many that know of each other through the server alone."""
    with backend("postgres"):
        async with AsyncExitStack() as stack:
            yield [await stack.enter_async_context(desk_on(folder)) for _ in range(count)]


@pytest.mark.parametrize(
    ("caps", "fit"),
    [
        (replace(WIDE, daily=84), 21),
        (replace(WIDE, budget=Budget(spend_day=1_000_000)), 25),
        (replace(WIDE, user_running=4, user_waiting=6), 10),
    ],
)
async def test_processes_that_accept_at_once_count_as_one(tmp_path: Path, caps: Caps, fit: int) -> None:
    async with processes(tmp_path) as desks:
        asks = [(desk, replace(new_job(at=NOW), estimate=40_000)) for desk in desks for _ in range(MANY)]
        decided = await asyncio.gather(*(desk.store.accept(job, key(), caps, NOW) for desk, job in asks))
        assert sum(isinstance(one, Accepted) for one in decided) == fit


async def test_processes_that_admit_at_once_keep_the_cap(tmp_path: Path) -> None:
    async with processes(tmp_path) as desks:
        made = [await desks[0].job(f"user{n}", JobState.QUEUED, at=NOW + n) for n in range(MANY)]
        caps = Caps(daily=1000, user_running=1, user_waiting=9, running=7)
        rounds = await asyncio.gather(*(desk.store.admit(caps, NOW) for desk in desks for _ in range(4)))
        begun = [job_id for one in rounds for job_id in one]
        assert len(begun) == len(set(begun)) == 7
        assert set(begun) == {job.id for job in made[:7]}


async def leased(desk: Desk, state: JobState = JobState.RUNNING) -> Job:
    job = await desk.store.claim((await desk.job(state=state)).id, "me", NOW, NOW + 60)
    assert job is not None
    return job


@asynccontextmanager
async def holding(desk: Desk, job: Job, **columns: Any) -> AsyncIterator[None]:
    """Another transaction has changed the job's row, and not ended yet."""
    async with desk.db.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == job.id).values(**columns))
        yield


async def test_of_two_ends_one_is_kept_and_the_units_are_settled_once(tmp_path: Path) -> None:
    async with processes(tmp_path, 2) as desks:
        job = await leased(desks[0])
        async with holding(desks[0], job, attempts=0):
            ends = [asyncio.create_task(desk.store.end(job, JobState.DELIVERED, NOW, settle=4)) for desk in desks]
            await wait_for_a_lock(desks[0], 2)
        results = await asyncio.gather(*ends, return_exceptions=True)
        assert sorted(type(one).__name__ for one in results) == ["Job", "LeaseLost"], results
        async with desks[0].db.read() as connection:
            lines = select(ledger.c.kind).where(ledger.c.job_id == job.id)
            assert len((await connection.execute(lines)).all()) == 2


async def test_a_lease_that_is_taken_over_pays_nothing(tmp_path: Path) -> None:
    async with processes(tmp_path, 2) as (mine, others):
        job = await leased(mine, JobState.SUBMITTING)
        async with holding(others, job, lease="other"):
            paying = asyncio.create_task(mine.store.intend(job, [NewCall("call", 0, 0, "fal", 4, 40_000)], NOW))
            await wait_for_a_lock(others)
        with pytest.raises(LeaseLost):
            await paying
        assert await others.store.calls(job.id) == []


async def test_changes_of_messages_are_numbered_one_after_the_other(tmp_path: Path) -> None:
    async with processes(tmp_path) as desks:
        said = (SqlMessages(desk.db).add(Message(f"{place}-{n}", NOW, "ann", "", "{}"))
                for place, desk in enumerate(desks) for n in range(6))  # fmt: skip
        assert sorted([one.updated for one in await asyncio.gather(*said)]) == list(range(1, 19))


async def test_a_job_that_ends_while_it_is_admitted_stays_ended(tmp_path: Path) -> None:
    async with processes(tmp_path, 2) as (mine, others):
        job, next_one = await mine.job("ann", JobState.QUEUED), await mine.job("bob", JobState.QUEUED)
        async with holding(mine, job, state=JobState.CANCELLED.value):
            admitting = asyncio.create_task(others.store.admit(CAPS, NOW))
            await wait_for_a_lock(mine)
        assert await admitting == [next_one.id]
        assert (await mine.row(job.id)).state is JobState.CANCELLED


async def wait_for_a_lock(desk: Desk, sessions: int = 1) -> None:
    """Until so many sessions do."""
    query = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")

    async def waits() -> bool:
        async with desk.db.read() as connection:
            return int((await connection.execute(query)).scalar_one()) >= sessions

    await eventually(waits)


async def test_of_many_who_ask_the_moderators_at_once_one_opens_the_question(tmp_path: Path) -> None:
    async with processes(tmp_path) as desks:
        job = await desks[0].job()
        asked = (desk.policy.ask(HERE, job.id, Cause.PROMPT, "why", entry(What.HELD)) for desk in desks for _ in range(4))
        assert len({review.id for review in await asyncio.gather(*asked)}) == 1
