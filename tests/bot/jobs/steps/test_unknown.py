"""Requests whose answer never came: found by our key where the API can be asked, and never sent again on a guess."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.model import CallState, Job, JobState, new_id
from bot.jobs.place import MessageRef
from bot.jobs.steps import submit
from bot.jobs.store import NewCall
from providers.errors import Family, ProviderError
from tests.support.core import ASYNC, FAST, Core, running_core

LOOKUP = replace(ASYNC, lookup=True, webhook=False)
LOST = ProviderError(Family.BROKEN, "the line was cut")


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path, capabilities=LOOKUP, timing=replace(FAST, webhook_grace=0.3)) as core:
        yield core


async def test_a_lost_answer_is_found_by_our_key_without_any_webhook(core: Core) -> None:
    core.provider.script.append(LOST)
    job = await core.drawn()
    assert len(core.provider.paid) == 1
    assert [call.state for call in await core.store.calls(job.id)] == [CallState.DONE]


async def test_a_key_that_the_provider_never_got_is_refunded_and_not_sent_again(core: Core) -> None:
    core.provider.script.append(LOST)
    core.provider.lookup = _nothing  # type: ignore[method-assign]
    job = await core.ended(await core.accepted())
    call = (await core.store.calls(job.id))[0]
    assert (job.state, job.reason, call.state, call.cost) == (JobState.FAILED, "broken", CallState.REFUSED, 0)
    assert len(core.provider.paid) == 1
    assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_an_intent_of_an_earlier_life_is_not_sent_again_while_it_may_be_under_way(tmp_path: Path) -> None:
    timing = replace(FAST, webhook_grace=30.0)
    async with running_core(tmp_path, capabilities=LOOKUP, timing=timing, started=False) as core:
        job = await _submitting(core, await core.accepted())
        call = (await core.store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 40_000)], core.clock()))[0]
        wait = await submit.step(core.house, job)
        assert isinstance(wait, float)
        assert 25.0 < wait <= 30.0
        assert [one.state for one in await core.store.calls(job.id)] == [CallState.INTENT]
        core.clock.ahead = 31.0
        await submit.step(core.house, job)
        calls = await core.store.calls(job.id)
        assert [one.state for one in calls] == [CallState.REFUSED, CallState.ACCEPTED]
        assert set(core.provider.paid) == {calls[1].id} != {call.id}


async def test_one_that_came_late_to_the_provider_is_taken_up(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=LOOKUP, timing=replace(FAST, webhook_grace=30.0), started=False) as core:
        job = await _submitting(core, await core.accepted())
        call = (await core.store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 40_000)], core.clock()))[0]
        assert isinstance(await submit.step(core.house, job), float)
        core.provider.paid[call.id] = None  # type: ignore[assignment]
        await submit.step(core.house, job)
        assert [one.state for one in await core.store.calls(job.id)] == [CallState.ACCEPTED]


async def _submitting(core: Core, job_id: str) -> Job:
    """The row as a process left it that died while it sent."""
    await core.store.placed(job_id, MessageRef("hall", "m1"), core.clock())
    await core.store.admit(core.house.caps, core.clock())
    job = await core.store.claim(job_id, "me", core.clock(), core.clock() + 300)
    assert job is not None
    return job


async def _nothing(key: str) -> None:
    return None
