"""What every JobStore promises: exact caps and quotas under concurrency, leases, books that agree."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from bot.jobs.acceptance import Accepted, Caps, Refusal, RefusalKind
from bot.jobs.model import Action, JobState, Picture, Progress, new_id
from bot.jobs.store import LeaseLost, NewCall
from tests.contract.opened import CAPS, HERE, NOW, Opened, accept, claimed, queued, row, running
from tests.support.rows import key, new_job


async def test_500_at_once_never_pass_the_quota(store: Opened) -> None:
    wide = Caps(daily=100, user_running=1000, user_waiting=1000, running=1000)
    decided = await asyncio.gather(*(store.accept(new_job(), key(), wide, NOW) for _ in range(500)))
    accepted = [one for one in decided if isinstance(one, Accepted)]
    refused = [one for one in decided if isinstance(one, Refusal)]
    assert len(accepted) == 25
    assert {one.kind for one in refused} == {RefusalKind.QUOTA}
    assert (await store.standing("playground:ann", NOW)).used == 100


async def test_the_queue_cap_is_exact(store: Opened) -> None:
    caps = Caps(daily=1000, user_running=2, user_waiting=3, running=50)
    decided = await asyncio.gather(*(store.accept(new_job(), key(), caps, NOW) for _ in range(20)))
    assert sum(isinstance(one, Accepted) for one in decided) == 5
    assert {one.kind for one in decided if isinstance(one, Refusal)} == {RefusalKind.QUEUE_FULL}


async def test_a_user_may_not_wait_more_when_the_house_is_full(store: Opened) -> None:
    caps = Caps(daily=1000, user_running=3, user_waiting=2, running=1)
    await queued(store, user="bob")
    await store.admit(caps, NOW)
    decided = [await store.accept(new_job(), key(), caps, NOW) for _ in range(4)]
    assert sum(isinstance(one, Accepted) for one in decided) == 2


async def test_a_replay_is_the_same_job(store: Opened) -> None:
    job = new_job()
    first = await store.accept(job, "one-key", CAPS, NOW)
    again = await store.accept(replace(new_job(), id=new_id()), "one-key", CAPS, NOW)
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (again.replay, again.job.id) == (True, job.id)
    assert (await store.standing(job.actor.key, NOW)).used == 4


@pytest.mark.parametrize("action", [Action.VARIATION, Action.REROLL])
async def test_a_double_click_is_one_job(store: Opened, action: Action) -> None:
    parent = await accept(store)
    clicks = [new_job(action=action, parent=parent.id, at=NOW + n / 10) for n in range(5)]
    decided = await asyncio.gather(*(store.accept(job, key(), CAPS, NOW) for job in clicks))
    assert sum(isinstance(one, Accepted) for one in decided) == 1
    assert {one.kind for one in decided if isinstance(one, Refusal)} == {RefusalKind.TWIN}
    later = await store.accept(new_job(action=action, parent=parent.id, at=NOW + 6), key(), CAPS, NOW)
    other = await store.accept(new_job("bob", action=action, parent=parent.id, at=NOW + 6.1), key(), CAPS, NOW)
    assert isinstance(later, Accepted)
    assert isinstance(other, Accepted)


async def test_a_picture_is_enlarged_once(store: Opened) -> None:
    parent = await accept(store)
    facts: dict[str, Any] = {"action": Action.UPSCALE, "parent": parent.id, "index": 2, "units": 1}
    first = await accept(store, **facts)
    again = await store.accept(new_job("bob", at=NOW + 999, **facts), key(), CAPS, NOW)
    assert isinstance(again, Refusal)
    assert (again.kind, again.twin.id if again.twin else "") == (RefusalKind.DRAWN, first.id)
    third = new_job(action=Action.UPSCALE, parent=parent.id, index=3, units=1)
    assert isinstance(await store.accept(third, key(), CAPS, NOW), Accepted)


async def test_admission_is_exact_and_fair(store: Opened) -> None:
    caps = Caps(daily=1000, user_running=3, user_waiting=50, running=5)
    many = [await queued(store, user="hog", at=NOW + n) for n in range(10)]
    few = [await queued(store, user="late", at=NOW + 100 + n) for n in range(2)]
    started = [job for batch in await asyncio.gather(*(store.admit(caps, NOW) for _ in range(8))) for job in batch]
    assert len(started) == len(set(started)) == 5
    assert set(started) == {*many[:3], *few}
    rows = [await store.job(job_id) for job_id in started]
    assert Counter(row.actor.user_id for row in rows if row) == {"hog": 3, "late": 2}


async def test_a_newcomer_goes_before_anothers_second_job(store: Opened) -> None:
    one = Caps(daily=1000, user_running=3, user_waiting=50, running=1)
    first, second = [await queued(store, user="hog", at=NOW + n) for n in range(2)]
    late = await queued(store, user="late", at=NOW + 50)
    assert await store.admit(one, NOW) == [first]
    assert await store.ahead(late) == 0
    assert await store.ahead(second) == 1


async def test_jobs_without_a_placeholder_do_not_start(store: Opened) -> None:
    job = await accept(store)
    assert await store.admit(CAPS, NOW) == []
    await store.placed(job.id, HERE, NOW)
    assert await store.admit(CAPS, NOW) == [job.id]


async def test_a_lease_keeps_others_out_until_it_ends(store: Opened) -> None:
    job_id = await queued(store)
    mine = await claimed(store, job_id)
    assert await store.claim(job_id, "other", NOW, NOW + 300) is None
    assert await store.claim(job_id, "me", NOW, NOW + 300) is not None
    theirs = await store.claim(job_id, "other", NOW + 301, NOW + 600)
    assert theirs is not None
    with pytest.raises(LeaseLost):
        await store.move(mine, JobState.RUNNING, NOW)
    with pytest.raises(LeaseLost):
        await store.intend(mine, [NewCall(new_id(), 0, 0, "fake", 4, 1)], NOW)


async def test_release_keeps_a_nearer_wish(store: Opened) -> None:
    job = await running(store)
    (call,) = await store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 1)], NOW)
    assert await store.hooked(call.id, "x", NOW + 1) == job.id
    await store.release(job, NOW + 50)
    assert await store.due(NOW + 1, 10) == [job.id]
    again = await claimed(store, job.id)
    await store.release(again, NOW + 50)
    assert await store.due(NOW + 49, 10) == []
    assert await store.due(NOW + 50, 10) == [job.id]


async def test_clearing_leases_makes_jobs_due(store: Opened) -> None:
    job = await running(store)
    assert await store.due(NOW + 10, 10) == []
    assert await store.clear_leases() == 1
    assert await store.due(NOW + 10, 10) == [job.id]


async def test_an_end_that_was_not_told_is_due_after_a_kill(store: Opened) -> None:
    """It is open no more, and its killed process held it: the start must find it all the same."""
    job = await store.end(await running(store), JobState.FAILED, NOW, settle=0)
    assert not job.told
    assert await store.clear_leases() == 1
    assert await store.due(NOW + 10, 10) == [job.id]


async def test_a_placeholder_after_the_end_is_told(store: Opened) -> None:
    job = await accept(store)
    held = await claimed(store, job.id)
    await store.end(held, JobState.CANCELLED, NOW, settle=0, told=True)
    assert await store.placed(job.id, HERE, NOW) is None
    kept = await store.job(job.id)
    assert kept is not None
    assert (kept.message, kept.told) == (HERE, False)


async def test_everything_of_a_job_comes_back_from_the_row(store: Opened) -> None:
    job = await running(store, ping=True)
    job = await store.progressed(job, Progress(0.4, 2))
    job = await store.move(job, JobState.RUNNING, NOW)
    job = await store.move(job, JobState.FINISHED, NOW)
    tile = Picture("jobs/x/1", "image/png", 8, 9, 10, 7, "img", "call", 1)
    stored = await store.store(job, [tile], tile)
    kept = await store.job(job.id)
    assert kept is not None
    assert replace(kept, due_at=None) == replace(stored, due_at=None)
    assert (kept.pictures, kept.shown, kept.progress, kept.ping) == ((tile,), tile, Progress(0.4, 2), True)


async def test_what_waits_in_a_community_is_its_own_and_oldest_first(store: Opened) -> None:
    await running(store, user="cem", at=NOW)
    late = await queued(store, user="bob", at=NOW + 2)
    early = await queued(store, at=NOW + 1)
    await queued(store, community="other", at=NOW)
    assert [job.id for job in await store.waiting_in("playground:guild", 10)] == [early, late]
    assert [job.id for job in await store.waiting_in("playground:guild", 1)] == [early]
    assert await store.waiting_in("", 10) == []
    assert await store.cancel(early, NOW)
    await store.end(await claimed(store, early), JobState.CANCELLED, NOW, settle=0)
    assert [job.id for job in await store.waiting_in("playground:guild", 10)] == [late]


async def test_cancel_and_revive(store: Opened) -> None:
    job = await running(store)
    assert await store.cancel(job.id, NOW)
    assert (await row(store, job.id)).cancel_requested
    going = await store.keep_going(await claimed(store, job.id))
    ended = await store.end(going, JobState.FAILED, NOW, settle=0)
    await store.release(ended, None)
    assert not await store.cancel(job.id, NOW)
    assert await store.revive(job.id, JobState.STORED, NOW)
    assert await store.due(NOW, 10) == [job.id]
    assert not await store.revive(job.id, JobState.STORED, NOW)
