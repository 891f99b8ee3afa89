"""A look at a job that somebody else looks at, or that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
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


async def test_after_an_outage_a_lease_that_ended_meanwhile_is_its_holders_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not be renewed, and its holder may be in the middle of a paid request."""
    async with running_core(tmp_path, started=False) as core:
        job_id, now, claim = await core.accepted(), core.clock(), core.store.claim
        assert await core.store.claim(job_id, "another process", now, now - 1.0) is not None
        look = Advancer(core.house)

        async def away(*_: object) -> None:
            raise StoreUnavailable("the server restarts")

        monkeypatch.setattr(core.store, "claim", away)
        with pytest.raises(StoreUnavailable):
            await look(job_id)
        monkeypatch.setattr(core.store, "claim", claim)
        with pytest.raises(Held):
            await look(job_id)
        await Advancer(core.house)(job_id)
        assert (await core.job(job_id)).state is not JobState.NEW, "one who saw no outage takes it"


async def test_an_unknown_job_is_nothing_to_do(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        assert await Advancer(core.house)("nothing") is None
