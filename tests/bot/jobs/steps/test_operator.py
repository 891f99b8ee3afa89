"""A refused key or an empty account is told to the operator once, not once for each job; the estimate stays with the job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from structlog.testing import capture_logs

from bot.jobs.asks import Placeholder
from bot.jobs.model import JobState
from providers.base import Status
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, running_core

NO_KEY = ProviderError(Family.BAD_KEY, "HTTP 401", accepted=Accepted.NO)
EVENT = "the provider needs its operator"


async def test_a_wrong_key_is_one_error_for_ten_jobs_and_a_good_call_resets(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        heard: list[tuple[str, str]] = []
        core.house.troubles.listeners.append(lambda label, sentence: heard.append((label, sentence)))
        with capture_logs() as lines:
            for number in range(10):
                core.provider.script = [NO_KEY]
                job = await core.ended(await core.accepted(user=f"user-{number}"))
                assert job.state is JobState.FAILED
            assert [line["event"] for line in lines if line["log_level"] == "error"] == [EVENT]
            await core.drawn()
            core.provider.script = [NO_KEY]
            await core.ended(await core.accepted())
        assert [line["event"] for line in lines if line["log_level"] == "error"] == [EVENT, EVENT]
        assert heard == [
            ("the fake", "It refuses the key: HTTP 401"),
            ("the fake", "It works again."),
            ("the fake", "It refuses the key: HTTP 401"),
        ]


@dataclass
class Forgetful(ScriptedProvider):
    """Its status route refuses the key twice."""

    refusals: int = 2

    async def status(self, ref: str) -> Status:
        if self.refusals:
            self.refusals -= 1
            raise ProviderError(Family.NO_MONEY, "HTTP 402")
        return await super().status(ref)


async def test_a_status_question_tells_it_too(tmp_path: Path) -> None:
    async with running_core(tmp_path, provider=Forgetful(ASYNC)) as core:
        with capture_logs() as lines:
            assert (await core.drawn()).state is JobState.DELIVERED
    assert [line["family"] for line in lines if line["event"] == EVENT] == ["no_money"]


async def test_the_estimate_is_reckoned_at_the_acceptance(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, draft_price=2_000)) as core:
        grid, draft = await core.drawn("a fox"), await core.drawn("a fox --draft")
        answer = await core.press(f"i1:upscale:{grid.id}:1")
        enlarged = await core.ended(answer.job_id)  # type: ignore[union-attr]
    assert [job.estimate for job in (grid, draft, enlarged)] == [40_000, 8_000, 5_000]
    assert [job.cost for job in (grid, draft, enlarged)] == [40_000, 8_000, 5_000]


async def test_what_is_made_from_another_picture_has_its_own_price_from_the_intent_on(tmp_path: Path) -> None:
    """An answer that is lost leaves what the intent has booked."""
    async with running_core(tmp_path, capabilities=replace(ASYNC, redraw_price=25_000)) as core:
        grid = await core.drawn()
        answer = await core.press(f"i1:variation:{grid.id}:1")
        assert isinstance(answer, Placeholder)
        varied = await core.ended(answer.job_id)
        assert (grid.estimate, varied.estimate, varied.cost) == (40_000, 100_000, 100_000)
