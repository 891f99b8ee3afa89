"""Messages of no job: posted once, revised in place, silent; and files and spoilers on any message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.convert import TOKEN_SECONDS
from bot.jobs.asks import Private, Update
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.surface import Button, Card, Download, Style, Tone
from bot.texts import discord as texts
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import PNG, picture
from tests.fakes.discord import Channel, routes

APPROVE = "i1:review:0123456789abcdef0123:0"
ROWS = ((Button(APPROVE, "Approve", Style.PRIMARY),),)
CARD = Card(Tone.WAITING, title="@everyone a lighthouse", by=Actor(Platform.DISCORD, "42", "ann"), rows=ROWS)
EXPORT = Download("export", "about you.json", "application/json")


def place_of(channel: Channel) -> Place:
    """As the core keeps it."""
    assert channel.guild is not None
    return Place(Platform.DISCORD, str(channel.id), str(channel.guild.id))


async def test_a_post_is_one_message_and_pings_nobody(live: Live) -> None:
    channel = live.fake.channel()
    first = await live.front.chat.post(place_of(channel), CARD, "review:1")
    second = await live.front.chat.post(place_of(channel), CARD, "review:1")
    [message] = live.fake.messages_in(channel)
    assert first == second
    assert first.message_id == str(message.id)
    assert channel.guild is not None
    assert first.url == f"https://discord.com/channels/{channel.guild.id}/{channel.id}/{message.id}"
    assert message.pinged == ()
    assert message.mentions is not None
    assert not any(message.mentions.values())
    body = next(call.body for call in live.fake.calls if call.route == routes.POST_MESSAGE)
    assert body["enforce_nonce"]
    assert 0 < len(body["nonce"]) <= 25


async def test_other_keys_and_channels_are_other_messages(live: Live) -> None:
    one, two = live.fake.channel(), live.fake.channel()
    await live.front.chat.post(place_of(one), CARD, "review:1")
    await live.front.chat.post(place_of(one), CARD, "review:2")
    await live.front.chat.post(place_of(two), CARD, "review:1")
    assert (len(live.fake.messages_in(one)), len(live.fake.messages_in(two))) == (2, 1)


async def test_a_thread_takes_posts(live: Live) -> None:
    parent = live.fake.channel()
    thread = live.fake.thread(parent)
    ref = await live.front.chat.post(replace(place_of(parent), thread_id=str(thread.id)), CARD, "log:1")
    assert ref.channel_id == str(thread.id)
    assert len(live.fake.messages_in(thread)) == 1
    thread.archived = True
    await live.front.chat.revise(place_of(parent), ref, replace(CARD, status="approved"))
    assert "approved" in live.fake.messages_in(thread)[0].text


async def test_a_revision_keeps_the_pictures_that_stand_there(live: Live) -> None:
    channel = live.fake.channel()
    live.pictures.stored["grid"] = PNG
    shown = replace(CARD, pictures=(picture(),))
    ref = await live.front.chat.post(place_of(channel), shown, "review:1")
    ref = await live.front.chat.revise(place_of(channel), ref, replace(shown, status="approved by bob", rows=()))
    [message] = live.fake.messages_in(channel)
    assert "approved by bob" in message.text
    assert (message.buttons, [file.data for file in message.images]) == ([], [PNG])
    assert live.pictures.read == ["grid"]
    await live.front.chat.revise(place_of(channel), ref, CARD)
    assert message.images == []
    assert message.pinged == ()


async def test_a_press_updates_the_public_card_in_place_and_a_later_revision_still_works(live: Live) -> None:
    channel, mod = live.fake.channel(), live.fake.user("mod")
    live.pictures.stored["grid"] = PNG
    shown = replace(CARD, pictures=(picture(),))
    ref = await live.front.chat.post(place_of(channel), shown, "review:1")
    [message] = live.fake.messages_in(channel)
    live.core.answer = Update(replace(shown, status="approved by mod", rows=()))
    pressed = live.fake.press(mod, message, APPROVE)
    assert (await pressed.acknowledged()).type == 7
    assert live.fake.messages_in(channel) == [message]
    assert "approved by mod" in message.text
    assert (pressed.followups, message.buttons, len(message.images), message.pinged) == ([], [], 1, ())
    await live.front.chat.revise(place_of(channel), ref, replace(shown, status="done"))
    assert "done" in message.text
    assert [file.data for file in message.images] == [PNG]
    live.fake.violations.clear()  # the reference knew the attachment that the press replaced: refused once, sent again


async def test_a_slow_press_updates_the_public_card_too(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.intake.FORM_SECONDS", 0.05)
    channel, mod = live.fake.channel(), live.fake.user("mod")
    await live.front.chat.post(place_of(channel), CARD, "review:1")
    [message] = live.fake.messages_in(channel)
    live.core.answer, live.core.hold = Update(replace(CARD, status="approved")), lambda: pressed.ack is not None
    pressed = live.fake.press(mod, message, APPROVE)
    await live.fake.until(lambda: "approved" in message.text)
    assert pressed.ack is not None
    assert pressed.ack.type == 6
    assert live.fake.messages_in(channel) == [message]


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [(403, 50001, ChatFault.FORBIDDEN), (404, 10003, ChatFault.GONE), (503, 0, ChatFault.BROKEN)],
)
async def test_faults_have_their_meaning(live: Live, status: int, code: int, fault: ChatFault) -> None:
    channel = live.fake.channel()
    live.fake.faults.fail("POST /channels", status, code=code, times=9)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.post(place_of(channel), CARD, "review:1")
    assert caught.value.fault is fault


async def test_a_file_comes_with_a_private_answer(live: Live) -> None:
    live.pictures.stored["export"] = b'{"jobs": []}'
    live.core.answer = Private(Card(Tone.DONE, lines=("Everything kept about you.",), files=(EXPORT,), private=True))
    shown = await live.fake.slash(live.fake.user(), live.fake.channel(), "imagine-privacy").response()
    assert shown.ephemeral
    [file] = shown.attachments
    assert (file.filename, file.data) == ("about_you.json", b'{"jobs": []}')
    assert [part["file"]["url"] for part in shown.components[0]["components"] if part["type"] == 13] == [
        "attachment://about_you.json"
    ]


async def test_a_file_comes_with_a_slow_answer_a_whisper_and_a_post(live: Live) -> None:
    live.pictures.stored |= {"export": b"{}", "grid": PNG, "more": b"more"}
    card = Card(
        Tone.DONE, lines=("kept",), pictures=(picture(),), files=(EXPORT, replace(EXPORT, key="grid2")), private=True
    )
    live.pictures.stored["grid2"] = b"more"
    user, channel = live.fake.user(), live.fake.channel()
    interaction, placed = await imagine(live, user, channel)
    assert await live.front.chat.whisper(placed, card)
    whispered = await interaction.followup()
    live.core.answer, live.core.hold = Private(card), lambda: slow.ack is not None
    slow = live.fake.slash(user, channel, "imagine-privacy")
    answered = await slow.response()
    await live.front.chat.post(place_of(channel), card, "log:1")
    posted = live.fake.messages_in(channel)[-1]
    for message in (whispered, answered, posted):
        assert [file.data for file in message.attachments] == [PNG, b"{}", b"more"]
        assert [file.filename for file in message.attachments] == ["grid.png", "2-about_you.json", "3-about_you.json"]


async def test_a_file_that_is_too_large_is_said(live: Live) -> None:
    live.pictures.stored["export"] = bytes(11 * 1024 * 1024)
    live.core.answer = Private(Card(Tone.DONE, lines=("kept",), files=(EXPORT,), private=True))
    asked = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine-privacy")
    told = await asked.response()
    assert told.ephemeral
    assert texts.FILE_TOO_LARGE in told.text


async def test_a_spoiler_is_hidden_on_a_post_an_edit_and_a_revision(live: Live) -> None:
    channel = live.fake.channel()
    live.pictures.stored["grid"] = PNG
    hidden = replace(CARD, pictures=(replace(picture(), spoiler=True),))
    interaction, placed = await imagine(live, live.fake.user(), channel)
    ref = await live.front.chat.edit(placed, hidden)
    assert interaction.message is not None
    assert spoilers(interaction.message.components) == [True]
    await live.front.chat.edit(replace(placed, message=ref), replace(CARD, pictures=(picture(),)))
    assert spoilers(interaction.message.components) == [False]
    posted = await live.front.chat.post(place_of(channel), hidden, "review:1")
    message = live.fake.messages_in(channel)[-1]
    assert spoilers(message.components) == [True]
    await live.front.chat.revise(place_of(channel), posted, hidden)
    assert spoilers(message.components) == [True]
    live.clock.advance(TOKEN_SECONDS)
    await live.front.chat.edit(replace(placed, message=ref), hidden)
    assert spoilers(interaction.message.components) == [True]


def spoilers(components: list[dict[str, object]]) -> list[bool]:
    """Whether each picture is covered."""
    [container] = components
    parts = container["components"]
    assert isinstance(parts, list)
    return [bool(item.get("spoiler")) for part in parts if part["type"] == 12 for item in part["items"]]
