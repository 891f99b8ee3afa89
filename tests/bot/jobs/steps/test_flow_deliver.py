"""A job's pictures on their way into the chat, whatever the chat says."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.jobs.asks import Placeholder
from bot.jobs.chat_port import ChatFault
from bot.jobs.model import JobState
from bot.jobs.place import MessageRef
from bot.texts import states
from providers.base import Stage, Status
from tests.support.core import running_core


async def test_too_large_is_made_smaller(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.chat.fail("edit", ChatFault.TOO_LARGE)
        job = await core.drawn()
        assert job.shown is not None
        assert core.chat.messages[f"m-{job.id}"][-1].pictures[0].picture.key == job.shown.key


@pytest.mark.parametrize("fault", [ChatFault.BUSY, ChatFault.BROKEN])
async def test_a_chat_that_fails_for_a_while_gets_the_picture(tmp_path: Path, fault: ChatFault) -> None:
    async with running_core(tmp_path) as core:
        core.chat.fail("edit", fault, 3)
        assert (await core.drawn()).state is JobState.DELIVERED


async def test_a_deleted_message_is_not_reposted(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        await core.chat.until(lambda: f"m-{job_id}" in core.chat.messages)
        await core.reaches(job_id, JobState.RUNNING)
        del core.chat.messages[f"m-{job_id}"]
        core.provider.stages.clear()
        job = await core.ended(job_id)
        assert (job.state, job.reason) == (JobState.DELIVERED, "withdrawn")
        assert not core.chat.messages
        ((user, card),) = core.chat.whispers
        assert (user, len(card.pictures), card.rows, card.private) == ("ann", 1, (), True)
        assert len(job.pictures) == 4


async def test_without_access_it_is_posted_elsewhere(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.chat.fail("edit", ChatFault.FORBIDDEN)
        job = await core.drawn()
        assert job.message == MessageRef("elsewhere", f"r-{job.id}")
        (anew,) = core.chat.messages[f"r-{job.id}"]
        assert (anew.lines, anew.links[0].url) == ((states.ELSEWHERE,), f"chat://m-{job.id}")
        left = core.chat.messages[f"m-{job.id}"][-1]
        assert (left.lines, left.rows, left.pictures, left.percent) == ((states.MOVED_DIRECTLY,), (), (), None)


@pytest.mark.parametrize("ping", [False, True])
async def test_what_is_posted_elsewhere_in_part_is_finished_there(tmp_path: Path, *, ping: bool) -> None:
    async with running_core(tmp_path) as core:
        core.chat.halves.add("repost")
        core.chat.fail("edit", ChatFault.FORBIDDEN)
        if ping:
            await core.press("i1:setting:ping:0")
        job = await core.drawn()
        assert (job.state, job.told, job.message) == (
            JobState.DELIVERED,
            True,
            MessageRef("elsewhere", f"r-{job.id}"),
        )
        assert [len(card.pictures) for card in core.chat.messages[f"r-{job.id}"]] == [1, 1]
        assert len(core.chat.pings) == ping
        assert job.reason == ""


async def test_undeliverable_is_refunded_and_kept(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.chat.fail("edit", ChatFault.FORBIDDEN, 5)
        core.chat.fail("repost", ChatFault.FORBIDDEN, 5)
        job = await core.ended(await core.accepted())
        assert (job.state, job.reason) == (JobState.FAILED, "undeliverable")
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0
        assert await core.pictures.get(job.pictures[0].key)


async def test_a_dead_interaction_cancels_uncharged(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        job_id = await core.accepted()
        core.chat.dead_interactions.add(job_id)
        await core.engine.start()
        job = await core.ended(job_id)
        assert job.state is JobState.CANCELLED
        assert not core.provider.paid
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_a_placeholder_that_fails_for_a_while_is_posted(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.chat.fail("place", ChatFault.BROKEN, 2)
        assert (await core.drawn()).state is JobState.DELIVERED


async def test_the_front_end_that_answers_itself_has_time(tmp_path: Path) -> None:
    """The engine leaves a fresh job alone; `placed` starts it, `unplaced` cancels it."""
    from bot.jobs.asks import Imagine

    async with running_core(tmp_path) as core:
        answer = await core.service.imagine(Imagine(core.ask(answers=True), "a fox"))
        assert isinstance(answer, Placeholder)
        await asyncio.sleep(0.2)
        assert (await core.job(answer.job_id)).state is JobState.NEW
        core.chat.messages["own"] = [answer.card]
        await core.service.placed(answer.job_id, MessageRef("hall", "own"))
        assert (await core.ended(answer.job_id)).state is JobState.DELIVERED
        other = await core.service.imagine(Imagine(core.ask(answers=True), "a hen"))
        assert isinstance(other, Placeholder)
        await core.service.unplaced(other.job_id)
        assert (await core.ended(other.job_id)).state is JobState.CANCELLED
        assert len(core.provider.paid) == 1


async def test_ping_when_done(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        from bot.jobs.asks import Update

        assert isinstance(await core.press("i1:setting:ping:0"), Update)
        job = await core.drawn()
        assert core.chat.pings == [f"{job.id} your pictures are ready"]
