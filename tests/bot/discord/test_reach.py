"""Where the Chat adapter finds, posts, whispers and pings when the first way is closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.discord.convert import TOKEN_SECONDS
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import WAITING, until
from tests.fakes.discord import routes

CARD = Card(Tone.RUNNING, title="a lighthouse", status="drawing", percent=50)


def calls(live: Live, since: int) -> list[tuple[str, int]]:
    return [(call.route, call.status) for call in list(live.fake.calls)[since:]]


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


async def test_after_a_lost_reply_the_response_is_adopted(live: Live) -> None:
    live.fake.faults.fail(routes.CALLBACK, 502, after=True)
    interaction = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    await until(lambda: live.core.placed_at)
    assert interaction.message is not None
    assert live.core.placed_at[0][1].message_id == str(interaction.message.id)
    assert live.core.unplaced_jobs == []
