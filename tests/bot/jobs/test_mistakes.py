"""Keys that are revoked while jobs run: clear ends, a line for the operator, nothing paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.jobs.model import JobState
from providers.base import Status
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, running_core

REVOKED = ProviderError(Family.BAD_KEY, "the key was refused", accepted=Accepted.NO)


class Revoked(ScriptedProvider):
    """Its key is refused for status questions, too, while `revoked`."""

    revoked = False

    async def status(self, ref: str) -> Status:
        if self.revoked:
            raise REVOKED
        return await super().status(ref)


async def test_a_key_revoked_before_the_submit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Certainly not paid: refunded, and the operator reads which key."""
    provider = ScriptedProvider(ASYNC)
    provider.script.extend([REVOKED] * 4)
    async with running_core(tmp_path, provider=provider) as core:
        job = await core.ended(await core.accepted())
        assert (job.state, job.cost) == (JobState.FAILED, 0)
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0
    assert "bad_key" in caplog.text


async def test_a_key_revoked_while_the_vendor_draws(tmp_path: Path) -> None:
    """What was paid is waited for: with the key back, the pictures come, from the first call."""
    provider = Revoked(ASYNC)
    provider.revoked = True
    async with running_core(tmp_path, provider=provider) as core:
        job_id = await core.accepted()
        await core.reaches(job_id, JobState.RUNNING)
        provider.revoked = False
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert len(await core.store.calls(job_id)) == 1
