"""Placing, queueing, watching, delivering, telling, cancelling: each step against the real store and engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.acceptance import Caps
from bot.jobs.asks import Private
from bot.jobs.model import Job, JobState
from bot.jobs.place import MessageRef
from bot.jobs.surface import Card
from providers.base import DrawRequest, Stage, Status, Submitted
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.chat import FakeChat
from tests.fakes.pictures import MemoryPictures
from tests.support.core import ASYNC, FAST, running_core


async def test_progress_is_what_the_provider_said(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.RUNNING, fraction=n / 10) for n in range(1, 9)]
        job = await core.drawn()
        percents = [card.percent for card in core.chat.messages[f"m-{job.id}"] if card.percent is not None]
    assert percents
    assert percents == sorted(percents)
    assert set(percents) <= {10, 20, 30, 40, 50, 60, 70, 80}


async def test_no_percent_is_invented(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.QUEUED, queue_position=3)] * 3 + [Status(Stage.RUNNING)] * 3
        job = await core.drawn()
        cards = core.chat.messages[f"m-{job.id}"]
    assert all(card.percent is None for card in cards)
    assert any("number 3 in the queue" in card.status for card in cards)


async def test_a_slow_progress_edit_never_overwrites_the_end(tmp_path: Path) -> None:
    class Slow(FakeChat):
        async def edit(self, job: Job, card: Card) -> MessageRef:
            if card.percent is not None:
                await asyncio.sleep(0.3)
            return await super().edit(job, card)

    async with running_core(tmp_path, chat=Slow()) as core:
        core.provider.stages = [Status(Stage.RUNNING, fraction=0.5)]
        job = await core.drawn()
        await asyncio.sleep(0.4)
        assert core.chat.messages[f"m-{job.id}"][-1].pictures


async def test_above_the_cap_jobs_wait_and_say_so(tmp_path: Path) -> None:
    caps = Caps(daily=100, user_running=1, user_waiting=2, running=50)
    async with running_core(tmp_path, caps=caps) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        ids = [await core.accepted(f"fox {n}") for n in range(3)]
        refused = await core.imagine("one too many")
        assert isinstance(refused, Private)
        assert "queue is full" in refused.card.lines[0]
        await core.chat.until(lambda: len(core.chat.messages) == 3)
        states = [(await core.job(job_id)).state for job_id in ids]
        assert states.count(JobState.QUEUED) + states.count(JobState.NEW) == 2
        assert "1 job ahead" in core.chat.messages[f"m-{ids[2]}"][0].status
        core.provider.stages.clear()
        for job_id in ids:
            assert (await core.ended(job_id)).state is JobState.DELIVERED


async def test_a_job_that_waits_an_hour_expires_refunded(tmp_path: Path) -> None:
    caps = Caps(daily=100, user_running=1, user_waiting=2, running=50)
    slow = replace(ASYNC, deadline=100_000.0)
    async with running_core(tmp_path, capabilities=slow, caps=caps, timing=replace(FAST, queue_refresh=0.05)) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        running = await core.accepted()
        await core.reaches(running, JobState.RUNNING)
        waiting = await core.accepted()
        await core.reaches(waiting, JobState.QUEUED)
        core.clock.ahead = 3601.0
        job = await core.ended(waiting)
        assert (job.state, job.reason) == (JobState.EXPIRED, "queue")
        assert (await core.store.standing(job.actor.key, core.clock())).used == 4


async def test_the_deadline_of_the_provider_ends_the_wait(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        await core.chat.until(lambda: f"m-{job_id}" in core.chat.messages)
        await core.reaches(job_id, JobState.RUNNING)
        core.clock.ahead = 601.0
        job = await core.ended(job_id)
        assert (job.state, job.reason) == (JobState.FAILED, "deadline")


async def test_a_webhook_wakes_at_once(tmp_path: Path) -> None:
    async with running_core(tmp_path, timing=replace(FAST, poll_first=30.0)) as core:
        core.provider.stages = [Status(Stage.RUNNING)]
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        (call,) = await core.store.calls(job_id)
        await core.store.hooked(call.id, call.ref, core.clock())
        core.engine.wake(job_id)
        assert (await asyncio.wait_for(core.ended(job_id), 3)).state is JobState.DELIVERED


async def test_a_webhook_before_our_commit_is_honoured(tmp_path: Path) -> None:
    async with running_core(tmp_path, timing=replace(FAST, poll_first=30.0)) as core:
        original = core.provider.submit

        async def early(request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
            await core.store.hooked(key, f"ref-{key}", core.clock())
            return await original(request, key, webhook_url)

        core.provider.submit = early  # type: ignore[method-assign]
        assert (await asyncio.wait_for(core.drawn(), 3)).state is JobState.DELIVERED


async def test_a_fault_of_ours_ends_the_job_refunded(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.status = None  # type: ignore[assignment]
        job = await core.ended(await core.accepted())
        assert (job.state, job.reason) == (JobState.FAILED, "broken")
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_after_a_restart_the_same_message_is_finished(tmp_path: Path) -> None:
    chat, pictures = FakeChat(), MemoryPictures()
    async with running_core(tmp_path, chat=chat, pictures=pictures) as core:
        provider = core.provider
        provider.stages = [Status(Stage.RUNNING)] * 10_000
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
    provider.stages.clear()
    async with running_core(tmp_path, chat=chat, pictures=pictures, provider=provider) as core:
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert list(chat.messages) == [f"m-{job_id}"]
        assert chat.messages[f"m-{job_id}"][-1].pictures


async def test_the_log_tells_who_what_and_how_much(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with running_core(tmp_path) as core:
        core.provider.script = [ProviderError(Family.BUSY, "HTTP 429 slow down", accepted=Accepted.NO)]
        job = await core.drawn()
    lines = [record.getMessage() for record in caplog.records]
    who = (f"job='{job.id}'", f"user='{job.alias}'", "community='playground:guild'", "provider='fake'")
    keys = [picture.key for picture in (*job.pictures, job.shown) if picture]
    told = {
        "job accepted": ("action='imagine'", "units=4", "estimate=40000"),
        "submit failed": ("attempt=0", "error='HTTP 429 slow down'"),
        "submit again": ("attempt=1", "seconds="),
        "call accepted": ("attempt=1", "ref='", "seconds="),
        "call done": ("attempt=1", "polls=", "hooked=False", "cost=", "seconds="),
        "job moved": ("state='running'",),
        "job ended": ("state='delivered'", "cost=40000", "estimate=40000", "seconds=", f"pictures={keys}"),
    }
    for event, facts in told.items():
        said = [line for line in lines if line.startswith(f"event='{event}'")]
        assert said, event
        assert [fact for fact in (*who, *facts) if not any(fact in line for line in said)] == [], event
    assert "http" not in "".join(keys)
