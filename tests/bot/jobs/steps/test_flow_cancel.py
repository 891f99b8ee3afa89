"""A job that is cancelled, and one that is deleted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from bot.jobs.acceptance import Caps
from bot.jobs.asks import Placeholder, Private, Quiet
from bot.jobs.model import JobState
from bot.texts import answers
from providers.base import Stage, Status
from storage.tables import calls, jobs
from tests.support.core import ASYNC, running_core
from tests.support.wait import eventually

TAKEN = {"id": "c", "slot": 0, "attempt": 0, "provider": "fake", "state": "accepted", "count": 4, "created_at": 0.0}


async def test_cancel_while_waiting_refunds(tmp_path: Path) -> None:
    caps = Caps(daily=100, user_running=1, user_waiting=5, running=50)
    async with running_core(tmp_path, caps=caps) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        await core.accepted()
        waiting = await core.accepted()
        assert isinstance(await core.press(f"i1:cancel:{waiting}:0", "bob"), Private)
        assert isinstance(await core.press(f"i1:cancel:{waiting}:0"), Quiet)
        job = await core.ended(waiting)
        assert job.state is JobState.CANCELLED
        assert (await core.store.standing(job.actor.key, core.clock())).used == 4


@pytest.mark.parametrize("confirmed", [True, False])
async def test_cancel_while_running_refunds_only_if_the_provider_confirms(tmp_path: Path, confirmed: bool) -> None:
    async with running_core(tmp_path) as core:
        core.provider.confirm_cancel = confirmed
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        assert isinstance(await core.press(f"i1:cancel:{job_id}:0"), Quiet)
        await eventually(lambda: asyncio.sleep(0, core.provider.cancelled))
        core.provider.stages.clear()
        job = await core.ended(job_id)
        assert job.state is (JobState.CANCELLED if confirmed else JobState.DELIVERED)
        assert (await core.store.standing(job.actor.key, core.clock())).used == (0 if confirmed else 4)
        assert job.cost == (0 if confirmed else 40_000)


async def test_cancel_is_refused_where_the_provider_cannot(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, cancel=False)) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        answer = await core.press(f"i1:cancel:{job_id}:0")
        assert isinstance(answer, Private)
        assert "too late" in answer.card.lines[0]


@pytest.mark.parametrize("state", [state for state in JobState if not state.waiting])
async def test_why_it_is_too_late_is_said_as_it_is(tmp_path: Path, state: JobState) -> None:
    drawing, drawn = {JobState.SUBMITTING, JobState.RUNNING}, {JobState.FINISHED, JobState.REVIEW, JobState.STORED}
    ended = answers.TOO_LATE_DRAWN if state in drawn else answers.TOO_LATE_ENDED
    async with running_core(tmp_path, capabilities=replace(ASYNC, cancel=False), started=False) as core:
        job_id = await core.accepted()
        async with core.db.write() as connection:
            await connection.execute(update(jobs).values(state=state.value))
            await connection.execute(insert(calls).values(**TAKEN, job_id=job_id))
        answer = await core.press(f"i1:cancel:{job_id}:0")
        assert isinstance(answer, Private)
        assert answer.card.lines == (answers.TOO_LATE if state in drawing else ended,)


async def test_deleting_removes_message_and_pictures(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn()
        refused = await core.press(f"i1:delete:{job.id}:0", "bob")
        assert isinstance(refused, Private)
        assert refused.refused
        assert f"m-{job.id}" in core.chat.messages
        await core.press(f"i1:delete:{job.id}:0", "mod", moderator=True)
        await core.chat.until(lambda: job.id in core.chat.deleted)
        await core.ended(job.id)
        with pytest.raises(KeyError):
            await core.pictures.get(job.pictures[0].key)
        answer = await core.press(f"i1:upscale:{job.id}:1")
        assert isinstance(answer, Private)
        assert "deleted" in answer.card.lines[0]


async def test_a_running_child_keeps_its_parents_tile(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        parent = await core.drawn()
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        child = await core.press(f"i1:variation:{parent.id}:1")
        assert isinstance(child, Placeholder)
        await core.press(f"i1:delete:{parent.id}:0")
        await core.chat.until(lambda: parent.id in core.chat.deleted)
        assert await core.pictures.get(parent.pictures[0].key)
        core.provider.stages.clear()
        assert (await core.ended(child.job_id)).state is JobState.DELIVERED
        with pytest.raises(KeyError):
            await core.pictures.get(parent.pictures[0].key)
