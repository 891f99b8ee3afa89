"""The Chat adapter against the strict loopback Discord: which way it goes, what it keeps, what each fault becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.convert import TOKEN_SECONDS
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import PNG, picture, with_buttons

CARD = Card(Tone.RUNNING, title="a lighthouse", status="drawing", percent=50)


async def test_an_edit_goes_by_token_first_and_by_channel_later(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    await live.front.chat.edit(placed, CARD)
    assert interaction.message is not None
    assert "50 % drawing" in interaction.message.text
    live.clock.advance(TOKEN_SECONDS - 29)
    await live.front.chat.edit(placed, replace(CARD, percent=60))
    assert "60 % drawing" in interaction.message.text
    routes_used = [call.route.split("/")[1] for call in live.fake.calls if call.method == "PATCH"]
    assert routes_used == ["webhooks", "channels"]


async def test_a_token_that_is_dead_early_falls_over_to_the_channel(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.fake.faults.fail("PATCH /webhooks", 401, code=50027)
    await live.front.chat.edit(placed, CARD)
    assert interaction.message is not None
    assert "50 % drawing" in interaction.message.text


@pytest.mark.parametrize(("status", "code"), [(401, 50027), (404, 10015)])
async def test_a_dead_token_is_not_asked_by_again(live: Live, status: int, code: int) -> None:
    """Discord counts invalid requests, and bans an address for too many of them."""
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    known = len(live.fake.calls)
    live.fake.faults.fail("PATCH /webhooks", status, code=code)
    await live.front.chat.edit(placed, CARD)
    await live.front.chat.edit(placed, replace(CARD, percent=60))
    assert not await live.front.chat.whisper(placed, CARD)
    assert [call.route.split("/")[1] for call in list(live.fake.calls)[known:]] == ["webhooks", "channels", "channels"]


async def test_a_token_that_brings_no_more_follow_ups_still_edits(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.fake.faults.fail("POST /webhooks", 400, code=40094)
    assert not await live.front.chat.whisper(placed, CARD)
    await live.front.chat.edit(placed, CARD)
    assert interaction.message is not None
    assert [call.route.split("/")[1] for call in live.fake.calls if call.method == "PATCH"] == ["webhooks"]


async def test_pictures_are_uploaded_once(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.pictures.stored["grid"] = PNG
    ref = await live.front.chat.edit(placed, replace(CARD, pictures=(picture(),)))
    again = await live.front.chat.edit(replace(placed, message=ref), replace(CARD, pictures=(picture(),), status="done"))
    assert interaction.message is not None
    assert [file.data for file in interaction.message.images] == [PNG]
    assert live.pictures.read == ["grid"]
    assert "done" in interaction.message.text
    assert again.extra["files"] == ref.extra["files"]


async def test_kept_pictures_that_are_refused_are_uploaded_again(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.pictures.stored["grid"] = PNG
    ref = await live.front.chat.edit(placed, replace(CARD, pictures=(picture(),)))
    live.fake.faults.fail("PATCH /webhooks", 400, code=50035)
    await live.front.chat.edit(replace(placed, message=ref), replace(CARD, pictures=(picture(),)))
    assert interaction.message is not None
    assert len(interaction.message.images) == 1
    assert live.pictures.read == ["grid", "grid"]


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (404, 10008, ChatFault.GONE),
        (403, 50013, ChatFault.FORBIDDEN),
        (413, 40005, ChatFault.TOO_LARGE),
        (400, 50035, ChatFault.BROKEN),
        (503, 0, ChatFault.BROKEN),
    ],
)
async def test_every_fault_has_its_meaning(live: Live, status: int, code: int, fault: ChatFault) -> None:
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.clock.advance(TOKEN_SECONDS)
    live.fake.faults.fail("PATCH /channels", status, code=code)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is fault


async def test_a_rate_limit_is_busy_with_its_seconds(live: Live) -> None:
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.clock.advance(TOKEN_SECONDS)
    live.fake.faults.limit("PATCH /channels", retry_after=90)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert (caught.value.fault, caught.value.retry_after) == (ChatFault.BUSY, 90)


async def test_an_edit_without_an_answer_gives_up(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.chat.PROGRESS_SECONDS", 0.05)
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    async with live.fake.faults.hold("PATCH /webhooks"):
        with pytest.raises(ChatError) as caught:
            await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is ChatFault.BROKEN


async def test_a_message_that_somebody_deleted_is_gone(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    assert interaction.message is not None
    live.fake.delete_message(interaction.message)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is ChatFault.GONE
    await live.front.chat.delete(placed)


async def test_an_archived_thread_is_woken(live: Live) -> None:
    parent = live.fake.channel()
    thread = live.fake.thread(parent)
    interaction, placed = await imagine(live, live.fake.user(), thread)
    assert (placed.place.channel_id, placed.place.thread_id) == (str(parent.id), str(thread.id))
    assert placed.message is not None
    assert placed.message.channel_id == str(thread.id)
    live.clock.advance(TOKEN_SECONDS)
    thread.archived = True
    live.pictures.stored["grid"] = PNG
    await live.front.chat.edit(placed, replace(CARD, tone=Tone.DONE, pictures=(picture(),)))
    assert interaction.message is not None
    assert [file.data for file in interaction.message.images] == [PNG]
    assert not thread.archived


async def test_progress_wakes_no_archived_thread(live: Live) -> None:
    thread = live.fake.thread(live.fake.channel())
    _, placed = await imagine(live, live.fake.user(), thread)
    live.clock.advance(TOKEN_SECONDS)
    thread.archived = True
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is ChatFault.FORBIDDEN
    assert thread.archived


async def test_a_locked_archived_thread_is_forbidden(live: Live) -> None:
    thread = live.fake.thread(live.fake.channel())
    _, placed = await imagine(live, live.fake.user(), thread)
    live.clock.advance(TOKEN_SECONDS)
    thread.archived = thread.locked = True
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, replace(CARD, tone=Tone.DONE))
    assert caught.value.fault is ChatFault.FORBIDDEN


async def test_a_button_on_an_edited_message_comes_back(live: Live) -> None:
    user = live.fake.user()
    interaction, placed = await imagine(live, user, live.fake.channel())
    await live.front.chat.edit(placed, with_buttons("i1:upscale:job1:2"))
    assert interaction.message is not None
    pressed = live.fake.press(user, interaction.message, "i1:upscale:job1:2")
    assert (await pressed.response()) is not interaction.message
