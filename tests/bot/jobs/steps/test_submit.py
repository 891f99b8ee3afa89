"""Paid requests: an intent before each, never a second one on a guess, retries only where nothing was accepted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.advance import Advancer
from bot.jobs.asks import Private
from bot.jobs.model import Call, CallState, JobState
from bot.jobs.place import MessageRef
from bot.texts import states
from providers.base import Stage, Status
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.chat import FakeChat
from tests.fakes.pictures import MemoryPictures
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, running_core

BUSY = ProviderError(Family.BUSY, "429", accepted=Accepted.NO, retry_after=0.01)


async def test_busy_is_retried_with_a_new_row_and_pays_once(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [BUSY, None]
        job = await core.drawn()
        calls = await core.store.calls(job.id)
    assert [call.state for call in calls] == [CallState.REFUSED, CallState.DONE]
    assert [call.cost for call in calls] == [0, 40_000]
    assert job.cost == 40_000


async def test_busy_for_ever_ends_failed_and_refunded(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [BUSY] * 3
        job = await core.ended(await core.accepted())
        assert (job.state, job.reason, job.cost) == (JobState.FAILED, "busy", 0)
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0
        assert not core.provider.paid
        assert "busy" in core.chat.messages[f"m-{job.id}"][-1].lines[-1]


@pytest.mark.parametrize("family", [Family.BAD_KEY, Family.NO_MONEY, Family.BAD_REQUEST, Family.MODERATED])
async def test_final_refusals_are_not_retried(tmp_path: Path, family: Family) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [ProviderError(family, "no", accepted=Accepted.NO)]
        job = await core.ended(await core.accepted())
        assert len(await core.store.calls(job.id)) == 1
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0
    assert job.state is (JobState.REFUSED if family is Family.MODERATED else JobState.FAILED)


async def test_moderation_words_go_to_the_requester_alone(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [ProviderError(Family.MODERATED, "contains a dragon", accepted=Accepted.NO)]
        job = await core.ended(await core.accepted())
        public = core.chat.messages[f"m-{job.id}"][-1]
        assert "dragon" not in str(public)
        assert [(user, "contains a dragon" in card.lines) for user, card in core.chat.whispers] == [("ann", True)]


RAW = 'HTTP 422 {"detail": [{"loc": ["body", "prompt"], "msg": "no dragons here", "type": "content_policy_violation"}]}'


@pytest.mark.parametrize(("text", "said"), [(RAW, ["no dragons here"]), ("HTTP 200 CONTENT_FILTERED", [])])
async def test_a_person_reads_the_vendors_sentence_and_the_operator_all(tmp_path: Path, text: str, said: list[str]) -> None:
    async with running_core(tmp_path) as core:
        core.provider.script = [ProviderError(Family.MODERATED, text, accepted=Accepted.NO)]
        job = await core.ended(await core.accepted())
        answer = await core.press(f"i1:details:{job.id}:0")
        assert [list(card.lines[1:]) for _, card in core.chat.whispers] == ([said] if said else [])
        assert isinstance(answer, Private)
        assert dict(answer.card.facts)["Why"] == " ".join([states.reason("moderated"), *said])
        assert (await core.store.calls(job.id))[0].reason == f"moderated: {text}"
        assert job.detail == text


async def test_one_picture_per_call_makes_four_rows_and_one_grid(tmp_path: Path) -> None:
    single = replace(ASYNC, per_call=1)
    async with running_core(tmp_path, capabilities=single) as core:
        job = await core.drawn("a fox --seed 7")
        calls = await core.store.calls(job.id)
    assert [(call.slot, call.count) for call in calls] == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert [request.params.seed for request in core.provider.paid.values()] == [7, 8, 9, 10]
    assert len(job.pictures) == 4


async def test_a_blocking_provider_brings_bytes(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, asynchronous=False, webhook=False)) as core:
        job = await core.drawn()
    assert len(job.pictures) == 4
    assert core.provider.webhooks == [None]


async def test_three_of_four_are_delivered_and_charged_as_three(tmp_path: Path) -> None:
    single = replace(ASYNC, per_call=1)
    async with running_core(tmp_path, capabilities=single) as core:
        core.provider.script = [None, None, ProviderError(Family.BAD_REQUEST, "no", accepted=Accepted.NO), None]
        job = await core.drawn()
        assert len(job.pictures) == 3
        assert (await core.store.standing(job.actor.key, core.clock())).used == 3
        card = core.chat.messages[f"m-{job.id}"][-1]
        assert any("3 of 4" in line for line in card.lines)
        assert [button.label for button in card.rows[0]] == ["U1", "U2", "U3", "↻"]


async def test_done_without_pictures_is_a_failure(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        core.provider.stages = [Status(Stage.DONE)]
        job = await core.ended(await core.accepted())
        assert (job.state, job.reason) == (JobState.FAILED, "no_pictures")
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_the_provider_is_gone_after_a_restart(tmp_path: Path) -> None:
    chat, pictures = FakeChat(), MemoryPictures()
    async with running_core(tmp_path, chat=chat, pictures=pictures, started=False) as core:
        job_id = await core.accepted()
    other = ScriptedProvider(replace(ASYNC, name="other"))
    async with running_core(tmp_path, provider=other, chat=chat, pictures=pictures) as core:
        job = await core.ended(job_id)
        assert (job.state, job.reason) == (JobState.FAILED, "no_provider")


async def test_moderated_after_drawing_is_refused_and_its_money_stays_booked(tmp_path: Path) -> None:
    """A blocking vendor that withholds what it drew: the user is refunded, the vendor's bill is not wished away."""
    async with running_core(tmp_path, public=False) as core:
        core.provider.script = [ProviderError(Family.MODERATED, "withheld", accepted=Accepted.UNKNOWN)]
        job = await core.ended(await core.accepted())
        assert (job.state, job.cost) == (JobState.REFUSED, 40_000)
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_a_blocking_answer_without_pictures_says_why(tmp_path: Path) -> None:
    """Some vendors refuse with HTTP 200 and no picture; the status of that answer knows the reason."""
    async with running_core(tmp_path, capabilities=replace(ASYNC, asynchronous=False, webhook=False)) as core:
        core.provider.pictures_per_call = 0
        core.provider.stages = [Status(Stage.FAILED, error=ProviderError(Family.MODERATED, "IMAGE_SAFETY"))]
        job = await core.ended(await core.accepted())
        assert (job.state, job.detail) == (JobState.REFUSED, "IMAGE_SAFETY")
        silent = await core.ended(await core.accepted())
        assert (silent.state, silent.reason) == (JobState.FAILED, "no_pictures")


async def test_a_fault_at_one_answer_leaves_the_siblings_to_be_written_down(tmp_path: Path) -> None:
    """Their requests are paid, and nobody else waits for what the provider says to them."""
    async with running_core(tmp_path, capabilities=replace(ASYNC, per_call=1), started=False) as core:
        job_id, accepted = await core.accepted(), core.store.call_accepted
        await core.store.placed(job_id, MessageRef("hall", "m1"), core.clock())

        async def one_fails(call: Call, *rest: Any) -> Call:
            if call.slot == 0:
                raise RuntimeError("a fault of ours")
            await asyncio.sleep(0.05)
            return await accepted(call, *rest)

        core.store.call_accepted = one_fails  # type: ignore[method-assign, assignment]
        await Advancer(core.house)(job_id)
        states = [call.state for call in await core.store.calls(job_id)]
        assert states == [CallState.INTENT, *[CallState.ACCEPTED] * 3]
