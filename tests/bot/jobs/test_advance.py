"""A look at a job that somebody else looks at, or that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.jobs.advance import Advancer
from bot.jobs.model import JobState
from bot.jobs.ports import Held
from tests.support.core import running_core


async def test_a_job_that_another_process_holds_is_said_to_be_held(tmp_path: Path) -> None:
    """Not "nothing to do": what woke this look may have come too late for that one."""
    async with running_core(tmp_path, started=False) as core:
        job_id = await core.accepted()
        now = core.clock()
        held = await core.store.claim(job_id, "another process", now, now + 30.0)
        assert held is not None
        with pytest.raises(Held):
            await Advancer(core.house)(job_id)
        await core.store.release(held, now)
        await Advancer(core.house)(job_id)
        assert (await core.job(job_id)).state is not JobState.NEW


async def test_an_unknown_job_is_nothing_to_do(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        assert await Advancer(core.house)("nothing") is None
