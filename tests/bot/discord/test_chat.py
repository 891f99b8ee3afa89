"""The Chat adapter against the strict loopback Discord: which way it goes, what it keeps, what each fault becomes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.discord.convert import TOKEN_SECONDS
from bot.jobs.model import Job
from bot.jobs.ports import ChatError, ChatFault
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live
from tests.bot.discord.stub import PNG, WAITING, job, picture, until, with_buttons
from tests.fakes.discord import Channel, FakeInteraction, User, routes

CARD = Card(Tone.RUNNING, title="a lighthouse", status="drawing", percent=50)


async def imagine(live: Live, user: User, channel: Channel) -> tuple[FakeInteraction, Job]:
    """A placeholder in a channel, and the job as the core would keep it."""
    known = len(live.core.placed_at)
    interaction = live.fake.slash(user, channel, "imagine", prompt="a lighthouse")
    await interaction.response()
    await until(lambda: len(live.core.placed_at) > known)
    ask = live.core.ask
    return interaction, job(user.id, ask.place, reply=ask.reply, message=live.core.placed_at[-1][1])


def calls(live: Live, since: int) -> list[tuple[str, int]]:
    return [(call.route, call.status) for call in list(live.fake.calls)[since:]]


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


async def test_a_lost_channel_is_forbidden_and_the_repost_is_a_dm(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    _, placed = await imagine(live, user, channel)
    live.clock.advance(TOKEN_SECONDS)
    live.fake.revoke(channel)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is ChatFault.FORBIDDEN
    ref = await live.front.chat.repost(placed, CARD)
    [sent] = live.fake.messages_in(live.fake.dm(user))
    assert (ref.message_id, ref.url) == (str(sent.id), f"https://discord.com/channels/@me/{sent.channel.id}/{sent.id}")
    await live.front.chat.edit(replace(placed, message=ref), replace(CARD, status="still here"))
    assert "still here" in sent.text


async def test_a_repost_that_is_repeated_is_one_message(live: Live) -> None:
    channel = live.fake.channel()
    _, placed = await imagine(live, live.fake.user(), channel)
    first = await live.front.chat.repost(placed, CARD)
    second = await live.front.chat.repost(placed, CARD)
    assert first.message_id == second.message_id
    assert len(live.fake.messages_in(channel)) == 2


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
    await live.front.chat.edit(placed, replace(CARD, pictures=(picture(),)))
    assert interaction.message is not None
    assert [file.data for file in interaction.message.images] == [PNG]
    assert not thread.archived


async def test_a_locked_archived_thread_is_forbidden(live: Live) -> None:
    thread = live.fake.thread(live.fake.channel())
    _, placed = await imagine(live, live.fake.user(), thread)
    live.clock.advance(TOKEN_SECONDS)
    thread.archived = thread.locked = True
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is ChatFault.FORBIDDEN


async def test_a_user_install_has_only_its_token(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel(live.fake.guild(installed=False))
    interaction, placed = await imagine(live, user, channel)
    assert not placed.place.reachable
    await live.front.chat.edit(placed, CARD)
    assert interaction.message is not None
    assert "50 % drawing" in interaction.message.text
    live.clock.advance(TOKEN_SECONDS)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, CARD)
    assert caught.value.fault is ChatFault.FORBIDDEN
    await live.front.chat.repost(placed, CARD)
    assert len(live.fake.messages_in(live.fake.dm(user))) == 1


async def test_where_external_apps_are_denied_the_forced_private_answer_is_marked(live: Live) -> None:
    guild = live.fake.guild(installed=False, external_apps=False)
    _, placed = await imagine(live, live.fake.user(), live.fake.channel(guild))
    assert placed.message is not None
    assert placed.message.extra == {"ephemeral": "1"}


async def test_place_adopts_the_response_after_a_crash(live: Live) -> None:
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    found = await live.front.chat.place(replace(placed, message=None), WAITING)
    assert found == placed.message


async def test_place_finds_nothing_where_nothing_was_said(live: Live) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    assert interaction.message is not None
    live.fake.delete_message(interaction.message)
    assert await live.front.chat.place(placed, WAITING) is None


async def test_place_does_not_ask_with_a_dead_token(live: Live) -> None:
    _, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.clock.advance(TOKEN_SECONDS)
    before = len(live.fake.calls)
    assert await live.front.chat.place(placed, WAITING) is None
    assert calls(live, before) == []


async def test_place_without_interaction_posts_once(live: Live) -> None:
    channel = live.fake.channel()
    _, placed = await imagine(live, live.fake.user(), channel)
    bare = replace(placed, reply=None, message=None)
    first, second = await live.front.chat.place(bare, WAITING), await live.front.chat.place(bare, WAITING)
    assert first == second
    assert first is not None
    assert first.extra == {"route": "channel"}


async def test_whisper_is_private_and_ends_with_the_token(live: Live) -> None:
    user = live.fake.user()
    interaction, placed = await imagine(live, user, live.fake.channel())
    assert await live.front.chat.whisper(placed, CARD)
    whispered = await interaction.followup()
    assert whispered.ephemeral
    assert whispered.viewer is user
    live.clock.advance(TOKEN_SECONDS)
    assert not await live.front.chat.whisper(placed, CARD)


async def test_ping_answers_the_message_and_mentions_the_requester_alone(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    interaction, placed = await imagine(live, user, channel)
    await live.front.chat.ping(placed, "@everyone your picture is ready")
    await live.front.chat.ping(placed, "@everyone your picture is ready")
    assert interaction.message is not None
    [_, ping] = live.fake.messages_in(channel)
    assert ping.text == f"<@{user.id}> @\u200beveryone your picture is ready"
    assert ping.reference is not None
    assert ping.reference["message_id"] in {interaction.message.id, str(interaction.message.id)}
    assert ping.mentions is not None
    assert (ping.mentions["parse"], [str(one) for one in ping.mentions["users"]]) == ([], [str(user.id)])


async def test_ping_goes_by_dm_where_the_bot_may_not_speak(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    _, placed = await imagine(live, user, channel)
    live.fake.revoke(channel)
    await live.front.chat.ping(placed, "ready")
    [ping] = live.fake.messages_in(live.fake.dm(user))
    assert placed.message is not None
    assert ping.text.endswith(placed.message.url)


async def test_closed_dms_are_forbidden(live: Live) -> None:
    user = live.fake.user(dms_open=False)
    _, placed = await imagine(live, user, live.fake.channel(live.fake.guild(installed=False)))
    with pytest.raises(ChatError) as caught:
        await live.front.chat.ping(placed, "ready")
    assert caught.value.fault is ChatFault.FORBIDDEN


@pytest.mark.parametrize("late", [False, True])
async def test_delete_removes_it_either_way(live: Live, *, late: bool) -> None:
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    live.clock.advance(TOKEN_SECONDS if late else 0)
    await live.front.chat.delete(placed)
    assert interaction.message is None or interaction.message.deleted
    await live.front.chat.delete(placed)


async def test_a_button_on_an_edited_message_comes_back(live: Live) -> None:
    user = live.fake.user()
    interaction, placed = await imagine(live, user, live.fake.channel())
    await live.front.chat.edit(placed, with_buttons("i1:upscale:job1:2"))
    assert interaction.message is not None
    pressed = live.fake.press(user, interaction.message, "i1:upscale:job1:2")
    assert (await pressed.response()) is not interaction.message


async def test_after_a_lost_reply_the_response_is_adopted(live: Live) -> None:
    live.fake.faults.fail(routes.CALLBACK, 502, after=True)
    interaction = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    await until(lambda: live.core.placed_at)
    assert interaction.message is not None
    assert live.core.placed_at[0][1].message_id == str(interaction.message.id)
    assert live.core.unplaced_jobs == []


async def test_200_at_once_are_all_acknowledged_in_time(live: Live) -> None:
    channel = live.fake.channel()
    asked = [live.fake.slash(live.fake.user(f"u{n}"), channel, "imagine", prompt="x") for n in range(200)]
    acks = await asyncio.gather(*(one.acknowledged(timeout=10) for one in asked))
    assert max(ack.seconds for ack in acks) < 3
