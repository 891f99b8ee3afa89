"""A submit that waits for its next try: no wake makes the wait shorter, and a person who cancels then is believed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.advance import Advancer
from bot.jobs.asks import Quiet
from bot.jobs.model import CallState, Job, JobState, new_id
from bot.jobs.place import MessageRef
from bot.jobs.store import NewCall
from providers.base import Stage, Status
from providers.errors import Accepted, Family, ProviderError
from tests.support.core import ASYNC, FAST, Core, running_core

BUSY = ProviderError(Family.BUSY, "full", accepted=Accepted.NO, retry_after=60.0)
SINGLE = replace(ASYNC, per_call=1)


async def placed(core: Core) -> str:
    """A job whose placeholder stands, to be looked at by hand."""
    job_id = await core.accepted()
    await core.store.placed(job_id, MessageRef("hall", "m1"), core.clock())
    return job_id


async def states(core: Core, job_id: str) -> list[CallState]:
    return [call.state for call in await core.store.calls(job_id)]


async def test_a_siblings_webhook_does_not_cut_the_wait_short(tmp_path: Path) -> None:
    """Nor does a restart: both make the job due at once, and each would cost one of its tries."""
    async with running_core(tmp_path, capabilities=SINGLE, started=False) as core:
        core.provider.script = [None, None, None, BUSY]
        look, job_id = Advancer(core.house), await placed(core)
        first = await look(job_id)
        assert first is not None
        assert first >= 60.0
        for sibling in (await core.store.calls(job_id))[:3]:
            assert await core.store.hooked(sibling.id, sibling.ref, core.clock()) == job_id
            again = await look(job_id)
            assert again is not None
            assert 50.0 < again <= first
        await core.store.clear_leases()
        await look(job_id)
        assert len(core.provider.paid) == 3
        core.clock.ahead = first + 1
        await look(job_id)
        assert len(core.provider.paid) == 4
        assert sorted(await states(core, job_id)) == [*[CallState.DONE] * 4, CallState.REFUSED]


async def test_a_clock_that_was_set_back_does_not_lengthen_it(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        core.provider.script = [BUSY]
        look, job_id = Advancer(core.house), await placed(core)
        await look(job_id)
        core.clock.ahead = -3600.0
        await look(job_id)
        assert len(core.provider.paid) == 1


@pytest.mark.parametrize("can", [True, False])
async def test_cancel_while_it_waits_sends_nothing_and_refunds(tmp_path: Path, can: bool) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, cancel=can), started=False) as core:
        core.provider.script = [BUSY]
        look, job_id = Advancer(core.house), await placed(core)
        await look(job_id)
        assert await core.store.cancel(job_id, core.clock())
        await look(job_id)
        job = await core.job(job_id)
        assert (job.state, job.reason, job.cost, core.provider.paid) == (JobState.CANCELLED, "person", 0, {})
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


@pytest.mark.parametrize("can", [True, False])
async def test_the_button_says_so_too(tmp_path: Path, can: bool) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, cancel=can), started=False) as core:
        core.provider.script = [BUSY]
        look, job_id = Advancer(core.house), await placed(core)
        await look(job_id)
        assert isinstance(await core.press(f"i1:cancel:{job_id}:0"), Quiet)
        await look(job_id)
        assert (await core.job(job_id)).state is JobState.CANCELLED


@pytest.mark.parametrize("stopped", [True, False])
async def test_cancel_between_two_calls_sends_no_other(tmp_path: Path, stopped: bool) -> None:
    """What was taken is asked to stop; where it cannot be stopped, that much is drawn."""
    async with running_core(tmp_path, capabilities=SINGLE, started=False) as core:
        core.provider.script = [None, BUSY, BUSY, BUSY]
        core.provider.confirm_cancel = stopped
        look, job_id = Advancer(core.house), await placed(core)
        await look(job_id)
        await core.store.cancel(job_id, core.clock())
        for _ in range(2):
            await look(job_id)
        job = await core.job(job_id)
        assert len(core.provider.paid) == 1
        assert job.state is (JobState.CANCELLED if stopped else JobState.DELIVERED)
        assert (await core.store.standing(job.actor.key, core.clock())).used == (0 if stopped else 1)


async def test_cancel_of_an_intent_of_an_earlier_life_sends_no_other(tmp_path: Path) -> None:
    """The provider is asked whether it got it; it did not, so nothing was paid."""
    lookup, timing = replace(ASYNC, lookup=True, webhook=False), replace(FAST, webhook_grace=30.0)
    async with running_core(tmp_path, capabilities=lookup, timing=timing, started=False) as core:
        look, job = Advancer(core.house), await died_sending(core)
        await core.store.cancel(job.id, core.clock())
        wait = await look(job.id)
        assert wait is not None
        assert 25.0 < wait <= 30.0
        core.clock.ahead = 31.0
        await look(job.id)
        assert ((await core.job(job.id)).state, core.provider.paid) == (JobState.CANCELLED, {})


async def died_sending(core: Core) -> Job:
    """The row as a process left it that died while it sent."""
    job_id = await placed(core)
    await core.store.admit(core.house.caps, core.clock())
    job = await core.store.claim(job_id, "me", core.clock(), core.clock() + 300)
    assert job is not None
    await core.store.intend(job, [NewCall(new_id(), 0, 0, "fake", 4, 40_000)], core.clock())
    await core.store.release(job, core.clock())
    return job


async def test_a_provider_has_its_whole_time_from_the_moment_of_sending(tmp_path: Path) -> None:
    """Not from the admission: the first tries, or a bot that stood still, may have taken longer than that."""
    async with running_core(tmp_path, started=False) as core:
        core.provider.script = [BUSY]
        core.provider.stages = [Status(Stage.RUNNING)] * 10
        look, job_id = Advancer(core.house), await placed(core)
        await look(job_id)
        core.clock.ahead = ASYNC.deadline + 100.0
        await look(job_id)
        await look(job_id)
        assert (await core.job(job_id)).state is JobState.RUNNING
        core.clock.ahead += ASYNC.deadline + 1.0
        await look(job_id)
        assert ((await core.job(job_id)).reason, len(core.provider.paid)) == ("deadline", 1)
