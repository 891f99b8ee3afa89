"""A job that waits for a moderator: nothing is paid before they agree, and their answer survives everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.asks import Quiet
from bot.jobs.model import JobState
from bot.policy import gate
from bot.policy.case import Case, Hold, Tools
from bot.policy.records import Cause, What
from tests.fakes.chat import FakeChat
from tests.fakes.moderation import NUDE, ScriptedModeration
from tests.fakes.pictures import MemoryPictures
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, CAPS, Core, running_core
from tests.support.held import REVIEW_SECONDS, asked, decide, last_status, logged, pictures_shown, used
from tests.support.wait import eventually


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate wants a moderator for everything."""

    async def hold(tools: Tools, case: Case) -> tuple[Hold, ...]:
        return (Hold(Cause.NEW_USER, "first picture"),)

    monkeypatch.setattr(gate, "ask", hold)


@pytest.fixture
def nude() -> ScriptedModeration:
    return ScriptedModeration(NUDE, texts=False)


async def held(core: Core, cause: Cause = Cause.NEW_USER, state: JobState = JobState.HELD) -> str:
    """A job of which the moderators have been asked."""
    job_id = await core.accepted()
    await core.reaches(job_id, state)
    await asked(core, job_id, cause)
    return job_id


async def rests(core: Core, job_id: str) -> None:
    """Wait until no step works on it."""

    async def resting() -> bool:
        job = await core.job(job_id)
        return not job.lease and (job.due_at or 0.0) > core.clock() + 60.0

    await eventually(resting)


@pytest.mark.usefixtures("holding")
async def test_nothing_is_paid_before_a_moderator_agrees(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job_id = await held(core)
        await core.chat.until(lambda: "waits for a moderator" in last_status(core, job_id))
        await rests(core, job_id)
        assert (core.provider.paid, await core.store.calls(job_id), await used(core)) == ({}, [], 4)
        review = await asked(core, job_id, Cause.NEW_USER)
        assert review.text == "first picture"
        assert await decide(core, review, "approved")
        job = await core.ended(job_id)
        assert (job.state, len(core.provider.paid), await used(core)) == (JobState.DELIVERED, 1, 4)
        assert await core.house.policy.open_review(job_id) is None


@pytest.mark.usefixtures("holding")
async def test_an_agreed_job_has_its_hour_in_the_line_from_then_on(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job_id = await held(core)
        await rests(core, job_id)
        core.clock.ahead = 2 * 3600.0
        await decide(core, await asked(core, job_id, Cause.NEW_USER), "approved")
        assert (await core.ended(job_id)).state is JobState.DELIVERED


@pytest.mark.usefixtures("holding")
async def test_a_held_job_keeps_nobody_from_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_core(tmp_path, caps=replace(CAPS, running=1, user_running=1)) as core:
        first = await held(core)
        monkeypatch.undo()
        await core.drawn(user="ben")
        assert (await core.job(first)).state is JobState.HELD


@pytest.mark.usefixtures("holding")
async def test_a_rejected_prompt_is_refunded_and_nothing_was_paid(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job_id = await held(core)
        await decide(core, await asked(core, job_id, Cause.NEW_USER), "rejected", "Not here.")
        job = await core.ended(job_id)
        assert (job.state, job.reason, job.detail) == (JobState.REFUSED, "rejected", "Not here.")
        assert (core.provider.paid, await used(core)) == ({}, 0)


@pytest.mark.usefixtures("holding")
async def test_nobody_decides_for_three_days(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job_id = await held(core)
        await rests(core, job_id)
        core.clock.ahead = REVIEW_SECONDS - 60.0

        async def looked_at() -> bool:
            job = await core.job(job_id)
            return not job.lease and core.clock() < (job.due_at or 0.0) <= core.clock() + 60.0

        await eventually(looked_at)
        assert (await core.job(job_id)).state is JobState.HELD
        core.clock.ahead = REVIEW_SECONDS + 1.0
        job = await core.ended(job_id)
        assert (job.state, job.reason, await used(core)) == (JobState.EXPIRED, "review", 0)
        assert await core.house.policy.open_review(job_id) is None
        assert (await logged(core, job_id)).count(What.EXPIRED) == 1
        assert "72 hours" in core.chat.messages[f"m-{job_id}"][-1].lines[0]


async def test_pictures_that_nobody_approved_in_three_days_are_gone(tmp_path: Path, nude: ScriptedModeration) -> None:
    async with running_core(tmp_path, moderation=nude) as core:
        job_id = await held(core, Cause.PICTURE, JobState.REVIEW)
        await rests(core, job_id)
        assert core.pictures.kept
        core.clock.ahead = REVIEW_SECONDS + 1.0
        job = await core.ended(job_id)
        assert (job.state, job.reason, await used(core)) == (JobState.EXPIRED, "review", 0)
        assert (core.pictures.kept, pictures_shown(core)) == ({}, [])


@pytest.mark.usefixtures("holding")
async def test_a_person_takes_a_held_job_back(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job_id = await held(core)
        review = await asked(core, job_id, Cause.NEW_USER)
        assert isinstance(await core.press(f"i1:cancel:{job_id}:0"), Quiet)
        job = await core.ended(job_id)
        assert (job.state, await used(core), core.provider.paid) == (JobState.CANCELLED, 0, {})
        closed = await core.house.policy.review(review.id)
        assert closed is not None
        assert closed.decided == "withdrawn"
        assert await decide(core, review, "approved") is False
        assert (await core.job(job_id)).state is JobState.CANCELLED


async def test_a_deleted_job_in_review_closes_its_review(tmp_path: Path, nude: ScriptedModeration) -> None:
    async with running_core(tmp_path, moderation=nude) as core:
        job_id = await held(core, Cause.PICTURE, JobState.REVIEW)
        await core.press(f"i1:delete:{job_id}:0")
        await core.ended(job_id)
        assert await core.house.policy.open_review(job_id) is None
        assert core.pictures.kept == {}


@pytest.mark.usefixtures("holding")
async def test_an_agreed_prompt_does_not_wave_its_pictures_through(tmp_path: Path, nude: ScriptedModeration) -> None:
    async with running_core(tmp_path, moderation=nude) as core:
        job_id = await held(core)
        await decide(core, await asked(core, job_id, Cause.NEW_USER), "approved")
        await core.reaches(job_id, JobState.REVIEW)
        await rests(core, job_id)
        await asked(core, job_id, Cause.PICTURE)
        assert pictures_shown(core) == []


@pytest.mark.usefixtures("holding")
@pytest.mark.parametrize(("decided", "ends"), [("approved", JobState.DELIVERED), ("rejected", JobState.REFUSED)])
async def test_a_verdict_outlives_the_process(tmp_path: Path, decided: str, ends: JobState) -> None:
    """The process is gone before any step has seen the decision."""
    chat, pictures, provider = FakeChat(), MemoryPictures(), ScriptedProvider(ASYNC)
    async with running_core(tmp_path, chat=chat, pictures=pictures, provider=provider) as core:
        job_id = await held(core)
        review = await asked(core, job_id, Cause.NEW_USER)
        await rests(core, job_id)
    async with running_core(tmp_path, chat=chat, pictures=pictures, provider=provider, started=False) as core:
        assert await decide(core, review, decided)
        assert (await core.job(job_id)).state is JobState.HELD
    async with running_core(tmp_path, chat=chat, pictures=pictures, provider=provider) as core:
        assert (await core.ended(job_id)).state is ends
        assert len(provider.paid) == (1 if decided == "approved" else 0)


async def test_a_restart_asks_the_moderators_no_second_time(tmp_path: Path, nude: ScriptedModeration) -> None:
    chat, pictures, provider = FakeChat(), MemoryPictures(), ScriptedProvider(ASYNC)
    async with running_core(tmp_path, chat=chat, pictures=pictures, provider=provider, moderation=nude) as core:
        job_id = await held(core, Cause.PICTURE, JobState.REVIEW)
        review = await asked(core, job_id, Cause.PICTURE)
        await rests(core, job_id)
    async with running_core(tmp_path, chat=chat, pictures=pictures, provider=provider, moderation=nude) as core:
        await rests(core, job_id)
        assert (await asked(core, job_id, Cause.PICTURE)).id == review.id
        assert (await logged(core, job_id)).count(What.HELD) == 1
        assert pictures_shown(core) == []
        await decide(core, review, "approved")
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert len(provider.paid) == 1
