"""Requests whose answer never came: nothing is sent again, and what comes after all is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.jobs.model import Call, CallState, JobState
from providers.base import DrawRequest, Submitted
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.chat import FakeChat
from tests.fakes.pictures import MemoryPictures
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, FAST, Core, running_core
from tests.support.wait import eventually

LOST = ProviderError(Family.BROKEN, "connection reset", accepted=Accepted.UNKNOWN)


async def lost_calls(core: Core, job_id: str) -> list[Call]:
    return [call for call in await core.store.calls(job_id) if call.state is CallState.UNKNOWN]


async def spent(core: Core) -> int:
    from sqlalchemy import func, select

    from storage.tables import spend

    async with core.db.read() as connection:
        return int((await connection.execute(select(func.coalesce(func.sum(spend.c.micro_usd), 0)))).scalar_one())


async def test_a_lost_reply_is_never_sent_again(tmp_path: Path) -> None:
    async with running_core(tmp_path, public=False) as core:
        core.provider.script = [LOST]
        job = await core.ended(await core.accepted())
        assert job.state is JobState.UNCERTAIN
        assert len(core.provider.paid) == 1
        assert len(await core.store.calls(job.id)) == 1
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0
        assert await spent(core) == 40_000, "money is not voided without proof"
        assert "no answer" in core.chat.messages[f"m-{job.id}"][-1].lines[-1]


async def test_a_webhook_brings_a_lost_reply_back(tmp_path: Path) -> None:
    timing = replace(FAST, webhook_grace=20.0)
    async with running_core(tmp_path, timing=timing) as core:
        core.provider.script = [LOST]
        job_id = await core.accepted()
        calls = await eventually(lambda: lost_calls(core, job_id))
        assert await core.store.hooked(calls[0].id, f"ref-{calls[0].id}", core.clock()) == job_id
        core.engine.wake(job_id)
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert len(core.provider.paid) == 1


async def test_a_candidate_that_the_provider_does_not_know_is_not_believed(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [LOST]
        job_id = await core.accepted()
        calls = await eventually(lambda: lost_calls(core, job_id))
        await core.store.hooked(calls[0].id, "ref-somebody-elses", core.clock())
        core.engine.wake(job_id)
        assert (await core.ended(job_id)).state is JobState.UNCERTAIN


async def test_pictures_after_uncertain_still_arrive_free_of_units(tmp_path: Path) -> None:
    async with running_core(tmp_path, public=False) as core:
        core.provider.script = [LOST]
        job = await core.ended(await core.accepted())
        assert job.state is JobState.UNCERTAIN
        (call,) = await core.store.calls(job.id)
        assert await core.store.hooked(call.id, f"ref-{call.id}", core.clock()) == job.id
        core.engine.wake(job.id)
        await core.chat.until(lambda: bool(core.chat.messages[f"m-{job.id}"][-1].pictures))
        late = await core.ended(job.id)
        assert late.state is JobState.DELIVERED
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


def hanging(provider: ScriptedProvider) -> tuple[asyncio.Event, Callable[..., Any]]:
    """From now on requests arrive and are not answered; set with the first one. And what answers."""
    gate, original = asyncio.Event(), provider.submit

    async def hang(request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        await original(request, key, webhook_url)
        gate.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    provider.submit = hang  # type: ignore[method-assign]
    return gate, original


async def test_an_intent_of_an_earlier_life_is_not_sent_again(tmp_path: Path) -> None:
    """The process died between the intent and the answer: the same rows, a new process."""
    provider, chat, pictures = ScriptedProvider(ASYNC), FakeChat(), MemoryPictures()
    gate, original = hanging(provider)
    async with running_core(tmp_path, provider=provider, chat=chat, pictures=pictures, public=False) as core:
        job_id = await core.accepted()
        await asyncio.wait_for(gate.wait(), 5)
    provider.submit = original  # type: ignore[method-assign]
    async with running_core(tmp_path, provider=provider, chat=chat, pictures=pictures, public=False) as core:
        job = await core.ended(job_id)
        assert job.state is JobState.UNCERTAIN
        assert len(provider.paid) == 1


async def test_an_intent_is_looked_up_where_the_provider_can(tmp_path: Path) -> None:
    provider, chat, pictures = ScriptedProvider(replace(ASYNC, lookup=True)), FakeChat(), MemoryPictures()
    gate, original = hanging(provider)
    async with running_core(tmp_path, provider=provider, chat=chat, pictures=pictures) as core:
        job_id = await core.accepted()
        await asyncio.wait_for(gate.wait(), 5)
    provider.submit = original  # type: ignore[method-assign]
    async with running_core(tmp_path, provider=provider, chat=chat, pictures=pictures) as core:
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert len(provider.paid) == 1


async def test_a_process_that_stood_still_before_it_sent_sends_nothing(tmp_path: Path) -> None:
    """Frozen for a minute between the intent and its request: another process may have given it up and sent its own."""
    async with running_core(tmp_path, capabilities=replace(ASYNC, lookup=True)) as core:
        intend = core.store.intend

        async def frozen(*args: Any) -> list[Call]:
            calls = await intend(*args)
            core.store.intend = intend  # type: ignore[method-assign]
            core.clock.ahead += 60.0
            return calls

        core.store.intend = frozen  # type: ignore[method-assign, assignment]
        job = await core.drawn()
        first, second = await core.store.calls(job.id)
        assert (first.state, first.reason) == (CallState.REFUSED, "broken: never arrived")
        assert list(core.provider.paid) == [second.id]
