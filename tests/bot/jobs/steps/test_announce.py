"""Telling an end, while others change what is to be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from bot.jobs.advance import Advancer
from bot.jobs.chat_port import ChatFault
from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Platform
from bot.jobs.surface import Card
from providers.errors import Accepted, Family, ProviderError
from storage.tables import jobs
from tests.support.core import Core, running_core


async def change(core: Core, job: Job, **columns: object) -> None:
    """As the moderators' store does it, whoever holds the job."""
    async with core.db.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == job.id).values(told=False, due_at=core.clock(), **columns))


async def test_what_changes_while_it_is_told_is_told_by_the_same_look(tmp_path: Path) -> None:
    """Hidden by reports, and shown again by a moderator while that is being edited: it must not stay untold for ever."""
    async with running_core(tmp_path) as core:
        job = await core.drawn()
        await core.house.engine.stop(1.0)  # type: ignore[attr-defined]  # this test looks by itself
        await change(core, job, hidden=True, reason="hidden")
        chat, seen = core.house.chats[Platform.PLAYGROUND], list[bool]()
        edit = chat.edit

        async def shown_again(now: Job, card: Card) -> MessageRef:
            seen.append(now.hidden)
            if now.hidden:
                await change(core, now, hidden=False, reason="reviewed")
            return await edit(now, card)

        chat.edit = shown_again  # type: ignore[method-assign,assignment]
        assert await Advancer(core.house)(job.id) is None
        row = await core.job(job.id)
    assert (seen, row.told, row.hidden, row.due_at) == ([True, False], True, False, None)


async def test_a_row_that_is_not_told_is_due(tmp_path: Path) -> None:
    """Also where the process is killed behind the write."""
    async with running_core(tmp_path) as core:
        job = await core.drawn()
        await core.house.engine.stop(1.0)  # type: ignore[attr-defined]
        await change(core, job, hidden=True)
        now = core.clock()
        held = await core.store.claim(job.id, "me", now, now + 60)
        assert held is not None
        await change(core, job, hidden=False)
        told = await core.store.tell(held, None)
        await core.store.release(told, None)
        assert not told.told
        assert job.id in await core.store.due(core.clock(), 10)


@pytest.mark.parametrize(("method", "fault", "times"), [("edit", ChatFault.BUSY, 3), ("edit", ChatFault.GONE, 1)])
async def test_why_it_was_refused_is_whispered_once_whatever_comes_of_the_message(
    tmp_path: Path, method: str, fault: ChatFault, times: int
) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [ProviderError(Family.MODERATED, "contains a dragon", accepted=Accepted.NO)]
        core.chat.fail(method, fault, times)
        await core.ended(await core.accepted())
        assert [user for user, _ in core.chat.whispers] == ["ann"]
