"""What every Chat adapter promises, held against a double of its platform; the tests' own fake included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.model import Action, Job, JobState, Picture, Request
from bot.jobs.surface import Button, Card, Shown, Tone
from providers.base import Params, Size
from tests.contract.chats import CHATS, Room
from tests.fakes.provider import picture

CANCEL = Button("i1:cancel:0123456789abcdef0123:0", "Cancel")
UPSCALE = Button("i1:upscale:0123456789abcdef0123:1", "U1")
WAITING = Card(Tone.WAITING, title="a quiet lighthouse", status="waiting to start", rows=((CANCEL,),))


@pytest.fixture(params=CHATS)
async def room(request: pytest.FixtureRequest) -> AsyncIterator[Room]:
    async with CHATS[request.param]() as opened:
        yield opened
        assert opened.violations == []


def job_in(room: Room) -> Job:
    request = Request("a quiet lighthouse", "a quiet lighthouse", Params(), Size(64, 64))
    return Job("0123456789abcdef0123", Action.IMAGINE, JobState.NEW, room.actor, room.place, request, 4, "fake", 1.0)


async def placed(room: Room) -> Job:
    ref = await room.chat.place(job_in(room), WAITING)
    assert ref is not None
    return replace(job_in(room), message=ref)


async def done(room: Room) -> Card:
    data = picture(size=128)
    await room.pictures.put("jobs/x/shown", data, "image/jpeg")
    shown = Shown(Picture("jobs/x/shown", "image/jpeg", 128, 128, len(data)), "grid.jpg", "a lighthouse")
    return Card(Tone.DONE, title="a quiet lighthouse", status="done", pictures=(shown,), rows=((UPSCALE,),))


async def test_its_limits_make_sense(room: Room) -> None:
    limits = room.chat.limits
    assert limits.picture_bytes > 1_000_000
    assert {"image/png", "image/jpeg"} <= limits.formats
    assert limits.progress_seconds >= 0


async def test_a_placeholder_stands_with_its_words_and_buttons(room: Room) -> None:
    job = await placed(room)
    assert job.message is not None
    seen = await room.look(job.message)
    assert seen is not None
    assert "quiet lighthouse" in seen.text
    assert CANCEL.control in seen.controls
    assert seen.pictures == 0


async def test_placing_again_makes_no_second_message_where_the_platform_can(room: Room) -> None:
    if not room.repeat_safe:
        pytest.skip("Slack has no idempotency key for posts: placing is at-least-once there")
    first = await room.chat.place(job_in(room), WAITING)
    again = await room.chat.place(job_in(room), WAITING)
    assert first is not None
    assert again is not None
    assert first.message_id == again.message_id or await room.count() == 1


async def test_an_edit_shows_picture_and_new_buttons_and_can_be_repeated(room: Room) -> None:
    job, card = await placed(room), await done(room)
    for _ in range(2):
        job = replace(job, message=await room.chat.edit(job, card))
        assert job.message is not None
        seen = await room.look(job.message)
        assert seen is not None
        assert (seen.pictures, seen.controls) == (1, {UPSCALE.control})
    assert await room.count() == 1


async def test_a_message_that_a_person_deleted_is_gone(room: Room) -> None:
    job = await placed(room)
    assert job.message is not None
    await room.remove(job.message)
    with pytest.raises(ChatError) as caught:
        await room.chat.edit(job, await done(room))
    assert caught.value.fault is ChatFault.GONE
    assert await room.count() == 0


async def test_deleting_is_repeatable(room: Room) -> None:
    job = await placed(room)
    assert job.message is not None
    await room.chat.delete(job)
    await room.chat.delete(job)
    assert await room.look(job.message) is None


async def test_a_repost_is_a_message_of_its_own_with_everything(room: Room) -> None:
    job = await placed(room)
    ref = await room.chat.repost(job, await done(room))
    assert job.message is not None
    assert ref.message_id != job.message.message_id


async def test_a_whisper_is_not_public(room: Room) -> None:
    job = await placed(room)
    await room.chat.whisper(job, Card(Tone.FAILED, lines=("only for you",), private=True))
    assert await room.count() == 1


async def test_post_stands_in_the_channel_with_its_words_and_buttons(room: Room) -> None:
    ref = await room.chat.post(room.place, WAITING, "review:1")
    seen = await room.look(ref)
    assert seen is not None
    assert "quiet lighthouse" in seen.text
    assert (seen.pictures, seen.controls) == (0, {CANCEL.control})
    assert await room.count() == 1


async def test_post_shows_a_picture(room: Room) -> None:
    ref = await room.chat.post(room.place, await done(room), "review:1")
    seen = await room.look(ref)
    assert seen is not None
    assert (seen.pictures, seen.controls) == (1, {UPSCALE.control})


async def test_post_again_makes_no_second_message_where_the_platform_can(room: Room) -> None:
    first = await room.chat.post(room.place, WAITING, "review:1")
    again = await room.chat.post(room.place, WAITING, "review:1")
    other = await room.chat.post(room.place, WAITING, "review:2")
    assert other.message_id != first.message_id
    if room.repeat_safe:
        assert first.message_id == again.message_id
        assert await room.count() == 2


async def test_post_is_revised_as_often_as_one_likes(room: Room) -> None:
    ref = await room.chat.post(room.place, WAITING, "review:1")
    for card in (await done(room), await done(room), WAITING):
        ref = await room.chat.revise(room.place, ref, card)
        seen = await room.look(ref)
        assert seen is not None
        assert seen.pictures == len(card.pictures)
        assert seen.controls == {button.control for row in card.rows for button in row}
    assert await room.count() == 1


async def test_post_that_a_person_deleted_is_gone(room: Room) -> None:
    ref = await room.chat.post(room.place, WAITING, "review:1")
    await room.remove(ref)
    with pytest.raises(ChatError) as caught:
        await room.chat.revise(room.place, ref, await done(room))
    assert caught.value.fault is ChatFault.GONE
    assert await room.count() == 0
