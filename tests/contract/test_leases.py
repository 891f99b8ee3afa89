"""What every job store promises to several processes: leases renewed together, given back together, left ones found."""

from __future__ import annotations

import asyncio

import pytest

from bot.jobs.model import CallState, Job, JobState
from bot.jobs.store import LeaseLost, NewCall
from storage.jobs import SqlJobStore
from tests.contract.opened import CAPS, NOW, Opened, accept, claimed, queued, row, running

HELD = NOW + 300


async def free(store: SqlJobStore, moment: float) -> list[str]:
    return await store.left(moment, moment, 100)


async def test_a_renewed_lease_keeps_others_out_and_a_dead_one_lets_them_in(store: Opened) -> None:
    mine, theirs = await queued(store, user="ann"), await queued(store, user="bob")
    await claimed(store, mine)
    await claimed(store, theirs, "other")
    assert await store.renew("me", HELD + 100) == {mine}
    late = HELD + 50
    assert await store.claim(mine, "third", late, late + 300) is None
    assert await free(store, late) == [theirs]
    assert await store.claim(theirs, "third", late, late + 300) is not None
    assert await store.renew("other", late + 300) == set()


async def test_a_held_job_is_due_when_its_lease_ends_and_sooner_if_somebody_said_so(store: Opened) -> None:
    quiet, stirred = await queued(store, user="ann"), await queued(store, user="bob")
    await claimed(store, quiet)
    job = await claimed(store, stirred)
    await store.cancel(stirred, NOW + 5)
    await store.renew("me", HELD + 100)
    assert (await row(store, quiet)).due_at == HELD + 100
    assert (await row(store, stirred)).due_at == NOW + 5
    assert await free(store, NOW + 10) == [], "a living process holds both"
    await store.release(job, NOW + 1000)
    assert await free(store, NOW + 10) == [stirred]


async def test_a_released_job_is_left_at_its_time(store: Opened) -> None:
    job_id = await queued(store)
    await store.release(await claimed(store, job_id), NOW + 20)
    assert await free(store, NOW + 19) == []
    assert await free(store, NOW + 20) == [job_id]
    await store.release(await claimed(store, job_id), None)
    assert await free(store, NOW + 1e6) == []


async def test_what_a_stopping_process_gives_back_is_due_at_once(store: Opened) -> None:
    mine, theirs = await queued(store, user="ann"), await queued(store, user="bob")
    job = await claimed(store, mine)
    await claimed(store, theirs, "other")
    assert await store.give_back("me", NOW + 1) == 1
    assert await free(store, NOW + 1) == [mine]
    with pytest.raises(LeaseLost):
        await store.move(job, JobState.SUBMITTING, NOW + 1)
    assert await store.claim(mine, "other", NOW + 1, HELD) is not None


async def test_leases_that_ended_count_where_the_asker_wants_it(store: Opened) -> None:
    """After the store was away the holders may live: then only what nobody holds is left."""
    held, loose = await queued(store, user="ann"), await queued(store, user="bob")
    await claimed(store, held)
    assert await store.left(HELD + 1, 0.0, 100) == [loose]
    assert await store.left(HELD + 1, HELD + 1, 100) == [loose, held]


async def test_the_oldest_come_first_and_no_more_than_asked_for(store: Opened) -> None:
    jobs = [await queued(store, user=f"u{n}") for n in range(4)]
    for n, job_id in enumerate(jobs):
        await store.release(await claimed(store, job_id), NOW + 10 - n)
    assert await store.left(NOW + 10, NOW + 10, 2) == [jobs[3], jobs[2]]


async def test_one_of_many_claimers_has_it_and_one_intent_is_written(store: Opened) -> None:
    """Ten processes that were woken at once."""
    job_id = await queued(store)
    assert job_id in await store.admit(CAPS, NOW)
    jobs = await asyncio.gather(*(store.claim(job_id, f"process {n}", NOW, HELD) for n in range(10)))
    (job,) = [one for one in jobs if one is not None]
    (call,) = await store.intend(job, [NewCall("c1", 0, 0, "fake", 4, 100)], NOW)
    assert call.state is CallState.INTENT
    with pytest.raises(LeaseLost):
        await store.intend(_as(job, "process 99"), [NewCall("c2", 0, 1, "fake", 4, 100)], NOW)


async def test_a_beat_beside_every_write_loses_nothing(store: Opened) -> None:
    """The lease is renewed while the look writes: neither undoes the other."""
    job = await running(store)
    beats = asyncio.gather(*(store.renew("me", HELD + n) for n in range(1, 6)))
    (call,) = await store.intend(job, [NewCall("c1", 0, 0, "fake", 4, 100)], NOW)
    await store.call_accepted(call, "ref", None, NOW)
    job = await store.move(job, JobState.RUNNING, NOW)
    assert await beats == [{job.id}] * 5
    assert job.state is JobState.RUNNING
    assert await free(store, NOW + 200) == []


async def test_a_new_job_waits_for_its_front_end(store: Opened) -> None:
    """Due when the front end has had its time, by nobody's lease."""
    job = await accept(store)
    assert await free(store, NOW - 1) == []
    assert await free(store, NOW) == [job.id]


def _as(job: Job, lease: str) -> Job:
    from dataclasses import replace

    return replace(job, lease=lease)
