"""The Chat adapter on the board."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.model import Action, Job, JobState, Request
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.surface import Card, Tone
from bot.playground.board import Board
from bot.playground.chat import PlaygroundChat
from bot.playground.memory import MemoryMessages
from providers.base import Params, Size

ROBIN = Actor(Platform.PLAYGROUND, "robin", "Robin")
MODERATORS = Place(Platform.PLAYGROUND, "moderators", "playground")
REQUEST = Request("a fox", "a fox", Params(), Size(512, 512))
JOB = Job("j1", Action.IMAGINE, JobState.NEW, ROBIN, Place(Platform.PLAYGROUND, "playground"), REQUEST, 4, "sketch", 0.0)
CARD = Card(Tone.WAITING, "a fox")


@pytest.fixture
def store() -> MemoryMessages:
    return MemoryMessages()


@pytest.fixture
def chat(store: MemoryMessages) -> PlaygroundChat:
    return PlaygroundChat(Board(store, lambda: 5.0))


async def test_placing_twice_makes_one_message(chat: PlaygroundChat, store: MemoryMessages) -> None:
    first, second = await chat.place(JOB, CARD), await chat.place(JOB, CARD)
    assert first == second
    assert first is not None
    assert (first.message_id, first.url) == ("j1", "/#m-j1")
    assert len(await store.page("kim", 10)) == 1


async def test_edit_shows_the_new_card(chat: PlaygroundChat, store: MemoryMessages) -> None:
    job = replace(JOB, message=await chat.place(JOB, CARD))
    assert await chat.edit(job, Card(Tone.DONE, "done now")) == job.message
    assert '"done now"' in (await store.page("kim", 1))[0].card


async def test_a_deleted_message_is_gone_for_good(chat: PlaygroundChat) -> None:
    job = replace(JOB, message=await chat.place(JOB, CARD))
    await chat.delete(job)
    await chat.delete(job)
    with pytest.raises(ChatError) as caught:
        await chat.edit(job, CARD)
    assert caught.value.fault is ChatFault.GONE
    assert await chat.place(JOB, CARD) is None


async def test_repost_is_a_second_message(chat: PlaygroundChat, store: MemoryMessages) -> None:
    await chat.place(JOB, CARD)
    ref = await chat.repost(JOB, CARD)
    assert ref == await chat.repost(JOB, CARD)
    assert [row.id for row in await store.page("kim", 10)] == ["j1", ref.message_id]


async def test_whisper_and_ping_reach_the_requester_alone(chat: PlaygroundChat, store: MemoryMessages) -> None:
    assert await chat.whisper(JOB, CARD)
    await chat.ping(replace(JOB, message=await chat.place(JOB, CARD)), "Your picture is done.")
    assert len(await store.page("kim", 10)) == 1
    private = [row for row in await store.page("robin", 10) if row.visible_to == "robin"]
    assert len(private) == 2
    assert any("Your picture is done." in row.card and "/#m-j1" in row.card for row in private)


async def test_a_post_for_moderators_is_theirs_alone(chat: PlaygroundChat, store: MemoryMessages) -> None:
    ref = await chat.post(MODERATORS, CARD, "review:1")
    assert ref == await chat.post(MODERATORS, CARD, "review:1")
    assert ref.channel_id == "moderators"
    assert await chat.revise(MODERATORS, ref, Card(Tone.DONE, "approved")) == ref
    assert await store.since(0, "robin", 10) == []
    (row,) = await store.since(0, "robin", 10, moderator=True)
    assert (row.id, row.channel, row.private_to) == (ref.message_id, "moderators", "")
    assert '"approved"' in row.card


async def test_the_same_key_in_another_channel_is_another_message(chat: PlaygroundChat) -> None:
    public = await chat.post(JOB.place, CARD, "log:1")
    assert public.message_id != (await chat.post(MODERATORS, CARD, "log:1")).message_id


async def test_nothing_is_posted_in_a_channel_that_is_not_there(chat: PlaygroundChat, store: MemoryMessages) -> None:
    with pytest.raises(ChatError) as caught:
        await chat.post(replace(MODERATORS, channel_id="hall"), CARD, "review:1")
    assert caught.value.fault is ChatFault.GONE
    assert await store.counter() == 0


async def test_a_job_of_the_moderators_channel_stays_in_it(chat: PlaygroundChat, store: MemoryMessages) -> None:
    job = replace(JOB, place=MODERATORS)
    await chat.place(job, CARD)
    await chat.repost(job, CARD)
    await chat.whisper(job, CARD)
    assert await store.since(0, "robin", 10) == []
    assert len(await store.page("robin", 10, channel="moderators")) == 3
    assert len(await store.page("kim", 10, channel="moderators")) == 2
