"""Notices on their way to moderators' channels: nothing twice, nothing lost, no flood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.desk.messenger import HOUR, TRIES, Messenger
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Place
from bot.jobs.surface import Card
from bot.policy.records import Cause, Entry, What
from bot.texts import review as texts
from tests.bot.desk import hall
from tests.bot.desk.notices import due, notices, question
from tests.support.core import Core, running_core


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    async with running_core(tmp_path) as running:
        await hall.settled(running, review_channel="mods", log_channel="log")
        yield running


async def test_posted_once_and_edited_when_decided(core: Core) -> None:
    _, review = await question(core)
    messenger = Messenger(core.house)
    await messenger.round()
    await messenger.round()
    ((name, cards),) = notices(core).items()
    assert len(cards) == 1
    assert hall.buttons(cards[0])
    await hall.press(core, hall.buttons(cards[0])["Let it stand"])
    await messenger.round()
    assert core.chat.messages[name][-1].status == "Approved by Mod"
    assert not core.chat.messages[name][-1].rows
    assert review.decided == ""


async def test_a_decision_between_reading_and_recording_is_not_lost(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    job, _ = await question(core)
    post = core.chat.post

    async def slow(place: Place, card: Card, key: str) -> MessageRef:
        message = await post(place, card, key)
        await hall.press(core, hall.buttons(card)["Let it stand"])
        return message

    monkeypatch.setattr(core.chat, "post", slow)
    messenger = Messenger(core.house, gap=0.0)
    await messenger.round()
    await messenger.round()
    cards = next(cards for name, cards in notices(core).items() if cards[0].title == job.request.prompt)
    assert cards[-1].status == "Approved by Mod"


async def test_a_crash_after_posting_posts_nothing_twice(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    await question(core)
    posted = core.house.policy.posted

    async def crash(*_: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(core.house.policy, "posted", crash)
    with suppress(asyncio.CancelledError):
        await Messenger(core.house).round()
    assert len(notices(core)) == 1
    monkeypatch.setattr(core.house.policy, "posted", posted)
    await Messenger(core.house).round()
    assert [len(cards) for cards in notices(core).values()] == [1]
    assert await due(core) == 0


async def test_a_busy_chat_is_asked_again_no_sooner_than_it_says(core: Core) -> None:
    await hall.settled(core, review_channel="mods")
    await question(core)
    core.chat.faults["post"] = [ChatError(ChatFault.BUSY, "slow down", retry_after=40.0)]
    messenger = Messenger(core.house)
    await messenger.round()
    core.clock.ahead += 39.0
    await messenger.round()
    assert not notices(core)
    core.clock.ahead += 2.0
    await messenger.round()
    assert len(notices(core)) == 1


async def test_a_card_that_is_not_whole_is_finished_and_not_posted_again(core: Core) -> None:
    """Its decision is told in it as in any other."""
    await hall.settled(core, review_channel="mods")
    await question(core)
    core.chat.halves.add("post")
    messenger, before = Messenger(core.house), core.clock()
    await messenger.round()
    assert not await core.house.policy.due_notices(before), "not at once again"
    core.chat.fail("revise", ChatFault.BUSY)
    for _ in range(3):
        core.clock.ahead += 60.0
        await messenger.round()
    ((_, *edits),) = notices(core).values()
    assert len(edits) == 1
    await hall.press(core, hall.buttons(edits[0])["Let it stand"])
    await messenger.round()
    assert [cards[-1].status for cards in notices(core).values()] == ["Approved by Mod"]


async def test_too_large_pictures_stay_away(core: Core) -> None:
    await question(core)
    core.chat.fail("post", ChatFault.TOO_LARGE)
    await Messenger(core.house).round()
    ((card,),) = notices(core).values()
    assert not card.pictures
    assert texts.no_pictures("/imagine-admin review") in card.lines


async def test_a_closed_channel_is_tried_for_days_and_then_given_up(core: Core) -> None:
    job, _ = await question(core)
    core.chat.fail("post", ChatFault.FORBIDDEN, times=TRIES)
    messenger = Messenger(core.house)
    for attempt in range(TRIES):
        await messenger.round()
        assert await due(core) == 0, attempt
        core.clock.ahead += min(24, attempt + 1) * HOUR + 1
    assert not core.chat.faults["post"]
    assert await due(core) == 0
    assert await core.house.policy.open_review(job.id) is not None


async def test_no_channel_yet_and_then_one(core: Core) -> None:
    await hall.settled(core)
    await question(core)
    messenger = Messenger(core.house)
    await messenger.round()
    assert not notices(core)
    await hall.settled(core, review_channel="mods")
    core.clock.ahead += HOUR + 1
    await messenger.round()
    assert len(notices(core)) == 1


async def test_a_deleted_card_comes_again_while_it_is_open(core: Core) -> None:
    job, review = await question(core)
    messenger = Messenger(core.house)
    await messenger.round()
    (name,) = notices(core)
    del core.chat.messages[name]
    await hall.type_in(core, f"i1:report:{job.id}:0", {"reason": "blood"}, "bob", moderator=False)
    await messenger.round()
    again = next(cards for cards in notices(core).values() if cards[0].title == job.request.prompt)
    assert "blood" in hall.words(again[-1])
    for name in notices(core):
        del core.chat.messages[name]
    await hall.press(core, f"i1:review:{job.id}:1")
    for _ in range(3):
        core.clock.ahead += 3.0
        await messenger.round()
    assert all(cards[0].title != job.request.prompt for cards in notices(core).values())
    assert review.id


async def test_one_community_does_not_hold_up_another(core: Core) -> None:
    other = "playground:other"
    await hall.settled(core, review_channel="mods")
    await question(core)
    settings = replace(await core.house.policy.community(hall.HERE), review_channel="theirs")
    await core.house.policy.save_community(other, settings, Entry(other, What.SETTING))
    core.place = replace(core.place, community_id="other")
    job = await core.drawn("an owl")
    await core.house.policy.ask(other, job.id, Cause.REPORTS, "", Entry("", What.HELD))
    core.chat.fail("post", ChatFault.BUSY)
    await Messenger(core.house).round()
    assert len(notices(core)) == 1


async def test_a_fault_of_ours_ends_neither_the_loop_nor_the_others(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, _ = await question(core, "a broken one")
    await question(core, "a good one")
    job = core.house.store.job

    async def fails(job_id: str) -> Job | None:
        if job_id == broken.id:
            raise RuntimeError("a fault")
        return await job(job_id)

    monkeypatch.setattr(core.house.store, "job", fails)
    running = asyncio.create_task(Messenger(core.house, every=0.05, gap=0.01).run())
    try:
        await core.chat.until(lambda: len(notices(core)) == 1)
        monkeypatch.setattr(core.house.store, "job", job)
        await core.chat.until(lambda: len(notices(core)) == 2)
        assert not running.done()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert {cards[0].title for cards in notices(core).values()} == {"a good one", "a broken one"}


async def test_news_wake_the_loop(core: Core) -> None:
    running = asyncio.create_task(Messenger(core.house, every=600.0).run())
    try:
        job = await core.drawn("a fox")
        await hall.type_in(core, f"i1:report:{job.id}:0", {"reason": "gore"}, "bob", moderator=False)
        await core.chat.until(lambda: any(cards[0].title == "a fox" for cards in notices(core).values()))
        assert [cards[0].title for cards in notices(core).values()].count("a fox") == 1
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
