"""Held jobs: what moderators see, what they decide, who wins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk import reviewing
from bot.desk.review_card import PRIVATE, review_card
from bot.jobs.asks import Private, Update
from bot.jobs.model import JobState
from bot.policy.records import Cause, Entry, What
from bot.texts import desk
from bot.texts import review as texts
from tests.bot.desk import hall
from tests.support.core import Core, running_core
from tests.support.wait import eventually


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path) as running:
        await hall.settled(running, review_channel="mods")
        yield running


async def test_the_card_says_who_what_where_why_and_what_before(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    await core.drawn("an owl")
    hall.hold(monkeypatch)
    job, review = await hall.held(core, "a bloody fox")
    card = await review_card(core.house, review)
    assert card.title == "a bloody fox"
    assert "Ann (" in hall.words(card)
    assert "the prompt was flagged (violence)" in hall.words(card)
    assert "• delivered: an owl" in card.lines
    assert card.links[0].url == job.message.url if job.message else False
    assert list(hall.buttons(card)) == ["Approve", "Reject", "Reject and block", "Person"]
    assert not card.pictures


async def test_approved_it_is_drawn(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    answer = await hall.press(core, hall.buttons(await review_card(core.house, review))["Approve"])
    assert isinstance(answer, Update)
    assert answer.card.status == "Approved by Mod"
    assert not answer.card.rows
    assert (await core.ended(job.id)).state is JobState.DELIVERED
    (entry,) = await hall.logged(core, What.APPROVED)
    assert (entry.actor, entry.subject, entry.job_id) == ("playground:mod", "playground:ann", job.id)


async def test_rejected_the_user_reads_the_reason(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    control = hall.buttons(await review_card(core.house, review))["Reject"]
    form = hall.form_of(await hall.press(core, control))
    answer = await hall.type_in(core, form, {"reason": "no  blood\nhere"})
    assert hall.card_of(answer).status == "Rejected by Mod: no blood here"
    ended = await core.ended(job.id)
    assert (ended.state, ended.detail) == (JobState.REFUSED, "no blood here")
    assert core.chat.whispers[-1][1].lines[-1] == "no blood here"
    assert (await core.store.standing("playground:ann", core.clock())).used == 0


async def test_blocking_also_rejects(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    control = hall.buttons(await review_card(core.house, review))["Reject and block"]
    form = hall.form_of(await hall.press(core, control))
    assert "whole number from 0" in hall.said(await hall.type_in(core, form, {"hours": "soon", "reason": ""}))
    assert await core.house.policy.block_of(hall.HERE, "playground:ann", core.clock()) is None
    await hall.type_in(core, form, {"hours": "0", "reason": "spam"})
    block = await core.house.policy.block_of(hall.HERE, "playground:ann", core.clock())
    assert block is not None
    assert (block.until, block.reason, block.by) == (None, "spam", "playground:mod")
    assert (await core.ended(job.id)).state is JobState.REFUSED
    assert len(await hall.logged(core, What.BLOCKED)) == 1


async def test_two_at_once_one_wins(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    found = hall.buttons(await review_card(core.house, review))
    answers = await asyncio.gather(
        hall.press(core, found["Approve"], "mod"),
        hall.type_in(core, found["Reject"], {"reason": "no"}, "max"),
    )
    (lost,) = [answer for answer in answers if isinstance(answer, Private)]
    (won,) = [answer for answer in answers if isinstance(answer, Update)]
    winner = "Mod" if won.card.status.startswith("Approved") else "Max"
    assert lost.refused
    assert f"{winner} was faster" in hall.said(lost)
    again = await hall.press(core, found["Approve"], "third")
    assert f"{winner} was faster" in hall.said(again)
    entries = await hall.logged(core, What.APPROVED) + await hall.logged(core, What.REJECTED)
    assert len(entries) == 1
    await core.ended(job.id)


@pytest.mark.parametrize("label", ["Approve", "Reject", "Reject and block"])
async def test_members_and_strangers_may_not(core: Core, monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    control = hall.buttons(await review_card(core.house, review))[label]
    for answer in (
        await hall.press(core, control, "ann", moderator=False),
        await hall.type_in(core, control, {"reason": "x", "hours": "1"}, "ann", moderator=False),
    ):
        assert hall.said(answer).strip() == desk.NOT_MODERATOR
    core.place = replace(core.place, community_id="another")
    assert hall.said(await hall.press(core, control)).strip() == desk.NO_JOB
    core.place = replace(core.place, community_id="")
    assert hall.said(await hall.press(core, control)).strip() == desk.NO_COMMUNITY
    assert (await core.job(job.id)).verdict == ""


async def test_the_page_lists_what_is_open_and_is_renewed(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    for number in range(3):
        await hall.held(core, f"fox {number}")
    ask = core.ask("mod", moderator=True)
    page = hall.card_of(await reviewing.page(core.house, hall.command(ask, "review")))
    assert page.private
    assert [line[:8] for line in page.lines] == ["1. fox 0", "2. fox 1", "3. fox 2"]
    assert len(page.links) == 3
    look = await hall.press(core, hall.buttons(page)["1 Look"])
    assert hall.card_of(look).private
    answer = await hall.press(core, hall.buttons(page)["1 Approve"])
    assert isinstance(answer, Update)
    assert [line[:8] for line in answer.card.lines] == ["1. fox 1", "2. fox 2"]
    member = await reviewing.page(core.house, hall.command(core.ask("ann"), "review"))
    assert hall.refused(member)


async def test_pictures_are_covered_until_it_is_decided(core: Core) -> None:
    job = await core.drawn("a fox")
    review = await core.house.policy.ask(hall.HERE, job.id, Cause.PICTURE, "violence", Entry(hall.HERE, What.HELD))
    card = await review_card(core.house, review, where=PRIVATE)
    assert [shown.spoiler for shown in card.pictures] == [True]
    assert texts.no_pictures("/imagine-admin review") in (await review_card(core.house, review, pictures=False)).lines
    answer = await hall.press(core, hall.buttons(card)["Approve"])
    assert not hall.card_of(answer).pictures
    assert hall.card_of(answer).private


async def test_what_has_expired_says_so(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.hold(monkeypatch)
    job, review = await hall.held(core)
    control = hall.buttons(await review_card(core.house, review))["Approve"]
    core.clock.ahead = 73 * 3600.0
    core.engine.wake(job.id)

    async def gone() -> bool:
        return (await core.job(job.id)).state is JobState.EXPIRED

    await eventually(gone)
    assert "needs no decision any more" in hall.said(await hall.press(core, control))
    late = await core.house.policy.review(review.id)
    assert late is not None
    assert (await review_card(core.house, late)).status == texts.EXPIRED
