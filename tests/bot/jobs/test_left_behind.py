"""Messages that nobody edits any more: a second placeholder, and one that could not show the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.jobs.asks import Press, Private, Quiet, Update
from bot.jobs.model import JobState
from bot.texts import states
from providers.base import Stage, Status
from tests.support.core import running_core


async def test_an_orphaned_placeholder_becomes_a_link(tmp_path: Path) -> None:
    """A kill inside the post: the job goes on in the second message; the first one's button leads there."""
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        core.chat.messages["orphan"] = core.chat.messages[f"m-{job_id}"][:1]
        answer = await core.service.press(Press(core.ask("bob"), f"i1:cancel:{job_id}:0", message_id="orphan"))
        assert isinstance(answer, Quiet)
        card = core.chat.messages["orphan"][-1]
        assert (card.rows, card.links[0].url) == ((), f"chat://m-{job_id}")
        assert not (await core.job(job_id)).cancel_requested


async def test_a_button_that_outlived_its_job_says_so(tmp_path: Path) -> None:
    """Where the front end answers itself the press brings what the message could not show; elsewhere it leads on."""
    async with running_core(tmp_path) as core:
        job = await core.drawn()
        ask = replace(core.ask("bob"), answers=True)
        answer = await core.service.press(Press(ask, f"i1:cancel:{job.id}:0", message_id="left behind"))
        assert isinstance(answer, Update)
        assert answer.card.pictures
        own = await core.service.press(Press(ask, f"i1:cancel:{job.id}:0", message_id=f"m-{job.id}"))
        assert isinstance(own, Private), "it shows the pictures already"
        core.chat.messages["orphan"] = core.chat.messages[f"m-{job.id}"][:1]
        await core.service.press(Press(core.ask("bob"), f"i1:cancel:{job.id}:0", message_id="orphan"))
        assert core.chat.messages["orphan"][-1].lines == (states.ORPHAN_OVER,)
