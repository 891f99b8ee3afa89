"""Another provider takes over only where certainly nothing was accepted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.asks import Placeholder
from bot.jobs.model import CallState, JobState
from providers.errors import Accepted, Family, ProviderError
from providers.registry import Registry
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, running_core


def other(**changes: object) -> ScriptedProvider:
    return ScriptedProvider(replace(ASYNC, name="other", label="the other", **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("family", [Family.BUSY, Family.BROKEN, Family.NO_MONEY, Family.BAD_KEY])
async def test_the_next_provider_draws_and_is_named(tmp_path: Path, family: Family) -> None:
    second = other(honours=frozenset())
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(family, "no", accepted=Accepted.NO)]
        job = await core.drawn("a fox --chaos 5")
        assert (job.provider, len(second.paid), len(core.provider.paid)) == ("other", 1, 0)
        card = core.chat.messages[f"m-{job.id}"][-1]
        assert "the other" in card.status
        assert any("--chaos" in line and "the other" in line for line in card.lines)
        assert [call.state for call in await core.store.calls(job.id)] == [CallState.REFUSED, CallState.DONE]
        assert job.cost == 40_000


@pytest.mark.parametrize("family", [Family.MODERATED, Family.BAD_REQUEST, Family.REFUSED])
async def test_never_after_a_refusal_of_the_prompt(tmp_path: Path, family: Family) -> None:
    second = other()
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(family, "no", accepted=Accepted.NO)]
        job = await core.ended(await core.accepted())
        assert job.state in {JobState.REFUSED, JobState.FAILED}
        assert not second.paid


async def test_never_where_something_may_have_been_accepted(tmp_path: Path) -> None:
    second = other()
    async with running_core(tmp_path, more=[second], public=False) as core:
        core.provider.script = [ProviderError(Family.BROKEN, "reset", accepted=Accepted.UNKNOWN)]
        assert (await core.ended(await core.accepted())).state is JobState.UNCERTAIN
        assert not second.paid


async def test_a_provider_that_the_person_named_stays(tmp_path: Path) -> None:
    second = other()
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(Family.NO_MONEY, "empty", accepted=Accepted.NO)]
        job = await core.ended(await core.accepted("a fox --provider fake"))
        assert (job.state, job.reason) == (JobState.FAILED, "no_money")
        assert not second.paid


async def test_other_numbers_of_calls_are_no_trouble(tmp_path: Path) -> None:
    """One call of four pictures there, four calls of one here."""
    second = other(per_call=1)
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(Family.BROKEN, "down", accepted=Accepted.NO)]
        job = await core.drawn()
        assert (job.provider, len(job.pictures), len(second.paid)) == ("other", 4, 4)


async def test_all_of_them_refuse(tmp_path: Path) -> None:
    second = other()
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(Family.NO_MONEY, "empty", accepted=Accepted.NO)]
        second.script = [ProviderError(Family.BAD_KEY, "who?", accepted=Accepted.NO)]
        job = await core.ended(await core.accepted())
        assert (job.state, job.cost) == (JobState.FAILED, 0)
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_the_breaker_skips_a_provider_that_only_fails(tmp_path: Path) -> None:
    second = other()
    async with running_core(tmp_path, more=[second]) as core:
        core.provider.script = [ProviderError(Family.BROKEN, "down", accepted=Accepted.NO)] * 5
        for _ in range(5):
            await core.drawn()
        assert await core.store.troubled(core.clock()) == {"fake"}
        answer = await core.imagine("a hen")
        assert isinstance(answer, Placeholder)
        assert (await core.job(answer.job_id)).provider == "other"
        core.clock.ahead = 61.0
        assert await core.store.troubled(core.clock()) == frozenset()
        assert (await core.drawn()).provider == "fake"


async def test_who_is_named_is_asked_also_when_in_trouble(tmp_path: Path) -> None:
    """A provider that is busy for a moment is no unknown one."""
    async with running_core(tmp_path, more=[other()]) as core:
        core.provider.script = [ProviderError(Family.BUSY, "429", accepted=Accepted.NO)] * 5
        for _ in range(5):
            await core.drawn()
        assert await core.store.troubled(core.clock()) == {"fake"}
        assert (await core.drawn("a hen --provider fake")).provider == "fake"


async def test_the_calls_of_one_grid_are_one_fault(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, per_call=1), more=[other()]) as core:
        core.provider.script = [ProviderError(Family.BUSY, "429", accepted=Accepted.NO)] * 8
        for _ in range(2):
            assert (await core.drawn()).provider == "other"
        assert await core.store.troubled(core.clock()) == frozenset()
        assert (await core.drawn()).provider == "fake"


def test_by_cost_the_cheapest_that_can() -> None:
    dear, cheap = ScriptedProvider(ASYNC), other(price=10, image_input=False)
    from providers.base import Kind

    by_cost = Registry([dear, cheap], cheapest=True)
    assert by_cost.choose(Kind.IMAGINE, "", image=False) is cheap
    assert by_cost.choose(Kind.IMAGINE, "", image=True) is dear
    assert by_cost.choose(Kind.IMAGINE, "fake", image=False) is dear
    assert Registry([dear, cheap]).choose(Kind.IMAGINE, "", image=False) is dear
