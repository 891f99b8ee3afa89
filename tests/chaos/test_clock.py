"""The clock is set forward and back by an hour while jobs are under way: nothing stands still, nothing is paid twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.acceptance import Caps
from bot.jobs.model import JobState
from bot.policy.community import Community
from bot.policy.records import Entry, What
from tests.scenarios.discord.easel import Easel
from tests.support.core import FAST, Core, running_core
from tests.support.wait import eventually

HOUR = 3600.0
LATE = replace(FAST, poll_first=0.5, queue_refresh=0.5)
ONE = Caps(daily=100, user_running=1, user_waiting=10, running=50)
BOTH = pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])


async def _jump(core: Core, seconds: float) -> None:
    """Between two looks: every wish for the next one was made by the old clock."""

    async def at_rest() -> bool:
        return not core.engine._looks.running

    await eventually(at_rest)
    core.clock.ahead += seconds


async def _paid_once(core: Core, *jobs: str) -> None:
    for job_id in jobs:
        calls = await core.store.calls(job_id)
        assert len(calls) == 1, calls
        assert (await core.job(job_id)).cost == calls[0].cost


@BOTH
async def test_running_and_waiting_jobs_go_on(jump: float, tmp_path: Path) -> None:
    """Polls, leases and the line: the wish for the next look was made by the old clock."""
    easel = Easel()
    async with running_core(tmp_path, provider=easel, caps=ONE, timing=replace(LATE, queue_expires=2 * HOUR)) as core:
        running, waiting = await core.accepted("first"), await core.accepted("second")
        await core.reaches(running, JobState.RUNNING)
        await core.reaches(waiting, JobState.QUEUED)
        await _jump(core, jump)
        easel.finish()
        assert (await core.ended(running)).state is JobState.DELIVERED
        assert (await core.ended(waiting)).state is JobState.DELIVERED
        await _paid_once(core, running, waiting)


@BOTH
async def test_a_restart_after_the_jump_takes_everything_up(jump: float, tmp_path: Path) -> None:
    """Leases and due times of the old clock are in the rows."""
    easel = Easel()
    async with running_core(tmp_path, provider=easel, timing=LATE) as core:
        job_id, chat, pictures = await core.accepted(), core.chat, core.pictures
        await core.reaches(job_id, JobState.RUNNING)
    easel.finish()
    async with running_core(tmp_path, provider=easel, timing=LATE, chat=chat, pictures=pictures, started=False) as core:
        core.clock.ahead = jump
        await core.engine.start()
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        await _paid_once(core, job_id)


@BOTH
async def test_a_webhook_after_the_jump_wakes_its_call(jump: float, tmp_path: Path) -> None:
    easel = Easel()
    async with running_core(tmp_path, provider=easel, timing=replace(LATE, poll_first=1000.0)) as core:
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        await _jump(core, jump)
        easel.finish()
        (call,) = await core.store.calls(job_id)
        assert await core.store.hooked(call.id, "", core.clock()) == job_id
        core.engine.wake(job_id)
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        await _paid_once(core, job_id)


@BOTH
async def test_what_waits_longer_than_an_hour_is_refunded_and_told(jump: float, tmp_path: Path) -> None:
    """Forward, the line's own limit of an hour is over: said and refunded, never forgotten. Back, it is not."""
    easel = Easel()
    async with running_core(tmp_path, provider=easel, caps=ONE, timing=LATE) as core:
        await core.reaches(await core.accepted("first"), JobState.RUNNING)
        waiting = await core.accepted("second")
        await core.reaches(waiting, JobState.QUEUED)
        await _jump(core, jump)
        easel.finish()
        assert (await core.ended(waiting)).state in {JobState.EXPIRED, JobState.DELIVERED}
        assert jump > 0 or (await core.job(waiting)).state is JobState.DELIVERED
        ended = await core.job(waiting)
        used = (await core.store.standing(ended.actor.key, ended.created_at)).used
        assert used == (8 if ended.state is JobState.DELIVERED else 4)


@BOTH
async def test_cooldown_and_the_same_press_twice(jump: float, tmp_path: Path) -> None:
    """A pause of a minute stays one of a minute; the second press of a V after the jump is a new one."""
    async with running_core(tmp_path) as core:
        entry = Entry(core.place.community, What.SETTING)
        await core.house.policy.save_community(core.place.community, Community(cooldown=60), entry)
        await core.drawn("before")
        await _jump(core, jump)
        after = await core.drawn("after the jump")
        refused = await core.imagine("too soon")
        assert "60" in str(refused) or "59" in str(refused)
        assert after.created_at <= core.clock()
