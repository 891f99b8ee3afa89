"""Where an ended job re-enters, and what is never sent again on a guess."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.chat_port import ChatFault
from bot.jobs.model import GIVEN_UP, Action, Call, CallState, Job, JobState, Picture, Request
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.revive import NotRevived, entry, revive
from bot.texts import revive as texts
from providers.base import Params, Size
from providers.errors import Accepted, Family, ProviderError
from tests.scenarios.discord.easel import Easel
from tests.support.core import FAST, Core, running_core
from tests.support.wait import eventually

PICTURE = Picture("jobs/j/1", "image/png", 1, 1, 1)
JOB = Job(
    id="j", action=Action.IMAGINE, state=JobState.FAILED, actor=Actor(Platform.PLAYGROUND, "ann", "Ann"),
    place=Place(Platform.PLAYGROUND, "hall"), request=Request("a fox", "a fox", Params(), Size(8, 8)), units=4,
    provider="fake", created_at=0.0,
)  # fmt: skip


def job(state: JobState, **changes: object) -> Job:
    return replace(JOB, state=state, **changes)  # type: ignore[arg-type]


def calls(*states: CallState) -> list[Call]:
    return [Call(f"c{slot}", "j", slot, 0, "fake", state, 1, 0.0) for slot, state in enumerate(states)]


def given_up(ref: str) -> Call:
    """Past the provider's deadline; `ref`: the provider's id."""
    return Call("late", "j", 3, 0, "fake", CallState.REFUSED, 1, 0.0, ref=ref, reason=GIVEN_UP)


ACCEPTED, DONE, REFUSED, UNKNOWN, INTENT = (
    CallState.ACCEPTED, CallState.DONE, CallState.REFUSED, CallState.UNKNOWN, CallState.INTENT
)  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "found", "goes_on"),
    [
        (job(JobState.FAILED, pictures=(PICTURE,), shown=PICTURE), calls(DONE), JobState.STORED),
        (job(JobState.FAILED), calls(DONE, REFUSED), JobState.FINISHED),
        (job(JobState.FAILED), calls(DONE, ACCEPTED), JobState.RUNNING),
        (job(JobState.UNCERTAIN), calls(ACCEPTED, UNKNOWN), JobState.RUNNING),
        (job(JobState.UNCERTAIN), calls(DONE, UNKNOWN), JobState.FINISHED),
        (job(JobState.FAILED), [given_up("p")], JobState.RUNNING),
        (job(JobState.FAILED), [*calls(DONE, UNKNOWN), given_up("p")], JobState.RUNNING),
    ],
)
@pytest.mark.parametrize("pay_again", [False, True])
def test_it_re_enters_where_the_product_is_missing(
    ended: Job, found: list[Call], goes_on: JobState, *, pay_again: bool
) -> None:
    assert entry(ended, found, pay_again=pay_again) is goes_on


@pytest.mark.parametrize(
    ("ended", "found", "sentence"),
    [
        (job(JobState.RUNNING), calls(ACCEPTED), texts.OPEN),
        (job(JobState.FAILED, deleted=True), calls(DONE), texts.DELETED),
        (job(JobState.DELIVERED, pictures=(PICTURE,), shown=PICTURE), calls(DONE), texts.DELIVERED),
        (job(JobState.FAILED), calls(REFUSED), texts.FRESH),
        (job(JobState.CANCELLED), [], texts.FRESH),
        (job(JobState.EXPIRED), [], texts.FRESH),
        (job(JobState.FAILED), [given_up("")], texts.FRESH),
    ],
)
@pytest.mark.parametrize("pay_again", [False, True])
def test_these_stay_as_they_are(ended: Job, found: list[Call], sentence: str, *, pay_again: bool) -> None:
    with pytest.raises(NotRevived, match=sentence[:20]) as caught:
        entry(ended, found, pay_again=pay_again)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("ended", [JobState.UNCERTAIN, JobState.FAILED])
@pytest.mark.parametrize("doubt", [UNKNOWN, INTENT])
def test_a_second_payment_must_be_asked_for(ended: JobState, doubt: CallState) -> None:
    with pytest.raises(NotRevived) as caught:
        entry(job(ended), calls(REFUSED, doubt), pay_again=False)
    assert str(caught.value) == texts.MAY_BE_PAID
    assert entry(job(ended), calls(REFUSED, doubt), pay_again=True) is JobState.SUBMITTING


async def test_an_undeliverable_job_is_delivered_and_stays_free(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.chat.fail("edit", ChatFault.FORBIDDEN, times=20)
        core.chat.fail("repost", ChatFault.FORBIDDEN)
        ended = await core.ended(await core.accepted())
        assert (ended.state, ended.reason) == (JobState.FAILED, "undeliverable")
        core.chat.faults.clear()
        assert await revive(core.store, ended.id, core.clock()) is JobState.STORED
        core.engine.wake(ended.id)
        again = await core.ended(ended.id)
        assert again.state is JobState.DELIVERED
        assert (await core.store.standing("playground:ann", core.clock())).used == 0
        assert len(await core.store.calls(ended.id)) == 1


async def test_an_uncertain_job_is_sent_again_only_when_told_so(tmp_path: Path) -> None:
    async with running_core(tmp_path, public=False) as core:
        core.provider.script = [ProviderError(Family.BROKEN, "reset", accepted=Accepted.UNKNOWN)]
        lost = await core.ended(await core.accepted())
        assert lost.state is JobState.UNCERTAIN
        with pytest.raises(NotRevived):
            await revive(core.store, lost.id, core.clock())
        assert await revive(core.store, lost.id, core.clock(), pay_again=True) is JobState.SUBMITTING
        core.engine.wake(lost.id)
        await core.chat.until(lambda: bool(core.chat.messages[f"m-{lost.id}"][-1].pictures))
        drawn = await core.ended(lost.id)
        assert drawn.state is JobState.DELIVERED
        assert len(core.provider.paid) == 2
        assert drawn.cost == 80_000
        assert (await core.store.standing(drawn.actor.key, core.clock())).used == 0


async def test_what_was_given_up_at_the_deadline_is_asked_for_again(tmp_path: Path) -> None:
    """Nothing is paid again, the provider has its whole time anew, and what comes is free: the units were given back."""
    easel = Easel()
    async with running_core(tmp_path, provider=easel, timing=replace(FAST, poll_first=0.02)) as core:
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        core.clock.ahead += easel.capabilities.deadline + 1
        late = await core.ended(job_id)
        assert (late.state, late.reason) == (JobState.FAILED, "deadline")
        assert await revive(core.store, job_id, core.clock()) is JobState.RUNNING
        core.engine.wake(job_id)
        (call,) = await core.store.calls(job_id)
        assert (call.state, call.reason) == (CallState.ACCEPTED, "")
        await eventually(lambda: polled(core, job_id))
        assert (await core.job(job_id)).state is JobState.RUNNING, "its time begins anew"
        easel.finish()
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert len(easel.paid) == 1
        assert (await core.store.standing("playground:ann", core.clock())).used == 0


async def polled(core: Core, job_id: str) -> bool:
    (call,) = await core.store.calls(job_id)
    return call.polls >= 2


async def test_an_unknown_job(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        with pytest.raises(NotRevived, match="no such job"):
            await revive(core.store, "nothing", core.clock())


@pytest.mark.parametrize("reason", ["flagged", "rejected", "review"])
def test_what_moderators_have_not_let_through_is_not_taken_up(reason: str) -> None:
    with pytest.raises(NotRevived) as caught:
        entry(job(JobState.EXPIRED, reason=reason, pictures=(PICTURE,), shown=PICTURE), calls(DONE), pay_again=True)
    assert str(caught.value) == texts.JUDGED
