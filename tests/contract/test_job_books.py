"""Both books and the calls, by every job store: what an end, a refund and a provider's answer write."""

from __future__ import annotations

import pytest

from bot.jobs.model import CallState, Found, JobState, new_id
from bot.jobs.store import LeaseLost, NewCall
from tests.contract.opened import CAPS, NOW, Opened, books, claimed, money, queued, row, running


@pytest.mark.parametrize("settle", [0, 3, 4])
async def test_an_end_closes_the_ledger_once(store: Opened, settle: int) -> None:
    job = await running(store)
    ended = await store.end(job, JobState.DELIVERED if settle else JobState.FAILED, NOW, settle=settle)
    with pytest.raises(LeaseLost):
        await store.end(job, JobState.FAILED, NOW, settle=0)
    wanted = [("reserve", 4)] + [("settle", 0)] * bool(settle) + [("refund", settle - 4)] * (settle < 4)
    assert await books(store, job.id) == wanted
    assert (await store.standing(ended.actor.key, NOW)).used == settle


async def test_a_refund_after_midnight_goes_to_the_day_of_the_reservation(store: Opened) -> None:
    evening = 86400.0 * 12 - 10
    job_id = await queued(store, at=evening)
    await store.admit(CAPS, evening)
    job = await claimed(store, job_id)
    await store.end(job, JobState.FAILED, evening + 3600, settle=0)
    assert (await store.standing(job.actor.key, evening)).used == 0
    assert (await store.standing(job.actor.key, evening + 3600)).used == 0


async def test_late_pictures_cost_no_units(store: Opened) -> None:
    job = await running(store)
    ended = await store.end(job, JobState.UNCERTAIN, NOW, settle=0)
    back = await store.late(ended, NOW)
    done = await store.end(back, JobState.DELIVERED, NOW, settle=4)
    assert done.state is JobState.DELIVERED
    assert await books(store, job.id) == [("reserve", 4), ("refund", -4), ("late", 0)]


async def test_money_is_booked_at_the_intent_and_corrected(store: Opened) -> None:
    job = await running(store)
    ids = [NewCall(new_id(), slot, 0, "fake", 1, 100) for slot in range(4)]
    calls = await store.intend(job, ids, NOW)
    assert await money(store) == 400
    await store.call_refused(calls[0], "busy: 429", paid=False, now=NOW)
    await store.call_refused(calls[1], "broken: failed", paid=True, now=NOW)
    taken = await store.call_accepted(calls[2], "ref", 150, NOW)
    await store.call_done(taken, "ref", [], [Found("https://x/1.png")], 120, NOW)
    await store.call_unknown(calls[3], "reset", NOW)
    assert await money(store) == 0 + 100 + 120 + 100
    kept = {call.slot: call for call in await store.calls(job.id)}
    assert [kept[slot].cost for slot in range(4)] == [0, 100, 120, 100]
    assert (await row(store, job.id)).cost == 320
    assert kept[2].urls == (Found("https://x/1.png"),)
    assert kept[3].state is CallState.UNKNOWN


async def test_a_call_moves_forward_only(store: Opened) -> None:
    job = await running(store)
    (call,) = await store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 1)], NOW)
    await store.call_accepted(call, "ref", None, NOW)
    with pytest.raises(LeaseLost):
        await store.call_refused(call, "late news", paid=False, now=NOW)


async def test_a_webhook_for_a_finished_or_unknown_call_changes_nothing(store: Opened) -> None:
    job = await running(store)
    (call,) = await store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 1)], NOW)
    await store.call_done(call, "ref", [], [], None, NOW)
    assert await store.hooked(call.id, "x", NOW) is None
    assert await store.hooked("nobody", "x", NOW) is None


async def test_a_hook_before_accepted_is_kept(store: Opened) -> None:
    job = await running(store)
    (call,) = await store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 1)], NOW)
    await store.hooked(call.id, "early", NOW)
    taken = await store.call_accepted(call, "ref", None, NOW)
    assert (taken.hooked, taken.candidate) == (True, "early")
    await store.polled(taken, NOW)
    kept = await store.call(call.id)
    assert kept is not None
    assert (kept.hooked, kept.polls) == (False, 1)
