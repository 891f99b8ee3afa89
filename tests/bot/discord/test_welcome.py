"""The guide for whoever adds the bot: who gets it, where it goes when a DM is refused, and that it comes once."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.discord.client import ImagineClient
from bot.discord.config import DiscordConfig
from bot.discord.front import DiscordFront
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live
from tests.bot.discord.stub import StubFetcher, until
from tests.bot.discord.test_front import at_once
from tests.fakes.discord import Guild, User, routes
from tests.fakes.discord.model import VIEW_AUDIT_LOG

GUIDE = Card(Tone.DONE, title="Hello", lines=("Start with /imagine-admin settings.",))


def people(live: Live, **adder: bool) -> tuple[Guild, User, User]:
    """A server that the bot is not in, its owner, and a moderator who will add it."""
    owner, adding = live.fake.user("owner"), live.fake.user("adding", **adder)
    guild = live.fake.guild("club", installed=False, owner=owner)
    guild.system = live.fake.channel(guild, "general")
    live.core.guide = GUIDE
    return guild, owner, adding


def told(live: Live, user: User) -> list[str]:
    return [message.text for message in live.fake.messages_in(live.fake.dm(user))]


async def test_who_added_it_stands_in_the_audit_log(live: Live) -> None:
    live.fake.me.permissions |= VIEW_AUDIT_LOG
    guild, owner, adding = people(live)
    live.fake.guild("another")
    live.fake.add_bot(guild, adding)
    await live.fake.until(lambda: told(live, adding))
    [(place, adder)] = live.core.joins
    assert guild.system is not None
    assert (place.community, place.channel_id, adder) == (f"discord:{guild.id}", str(guild.system.id), str(adding.id))
    assert "/imagine-admin settings" in told(live, adding)[0]
    assert told(live, owner) == []
    assert live.fake.messages_in(guild.system) == []


async def test_where_the_audit_log_is_closed_it_is_the_owner(live: Live) -> None:
    guild, owner, adding = people(live)
    live.fake.add_bot(guild, adding)
    await live.fake.until(lambda: told(live, owner))
    assert [adder for _, adder in live.core.joins] == [str(owner.id)]
    assert live.fake.count(routes.AUDIT_LOG) == 1
    assert told(live, adding) == []


async def test_closed_dms_send_it_to_the_system_channel(live: Live) -> None:
    live.fake.me.permissions |= VIEW_AUDIT_LOG
    guild, _, adding = people(live, dms_open=False)
    live.fake.add_bot(guild, adding)
    assert guild.system is not None
    hall = guild.system
    await live.fake.until(lambda: live.fake.messages_in(hall))
    [message] = live.fake.messages_in(hall)
    assert "/imagine-admin settings" in message.text
    assert message.pinged == ()


async def test_nowhere_to_say_it_is_no_fault(live: Live) -> None:
    live.fake.me.permissions |= VIEW_AUDIT_LOG
    guild, owner, adding = people(live, dms_open=False)
    hall, guild.system = guild.system, None
    assert hall is not None
    live.fake.add_bot(guild, adding)
    await until(lambda: live.core.joins)
    await live.fake.until(lambda: any(call.code == 50007 for call in live.fake.calls))
    await barrier(live)
    assert (told(live, adding), told(live, owner), live.fake.messages_in(hall)) == ([], [], [])


async def test_a_core_without_a_guide_says_nothing(live: Live) -> None:
    guild, owner, adding = people(live)
    live.core.guide = None
    live.fake.add_bot(guild, adding)
    await until(lambda: live.core.joins)
    await barrier(live)
    assert (told(live, owner), told(live, adding)) == ([], [])


@pytest.mark.parametrize("again", ["start", "session", "connection"])
async def test_guilds_that_discord_tells_again_are_not_joined_again(
    live: Live, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    monkeypatch.setattr(live.client, "before_identify_hook", at_once)
    heard = heard_joins(monkeypatch)
    guild, owner, adding = people(live)
    live.fake.add_bot(guild, adding)
    await live.fake.until(lambda: told(live, owner))
    if again == "session":
        live.fake.invalidate_sessions()
        await live.fake.until(lambda: live.fake.gateway.identifies == 2)
    elif again == "connection":
        await live.fake.close_gateway(4000)
    else:
        await live.front.stop()
        second = DiscordFront(
            DiscordConfig(live.fake.token, api_url=live.fake.api_url), live.pictures, StubFetcher(), live.clock
        )
        await second.start(live.core)
        live.front = second
    await barrier(live)
    await live.front.stop()
    assert heard == [guild.id]
    assert len(live.core.joins) == len(told(live, owner)) == 1


def heard_joins(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every join that discord.py tells, before anything is done about it."""
    heard: list[int] = []
    original = ImagineClient.on_guild_join

    async def listening(client: ImagineClient, guild: discord.Guild) -> None:
        heard.append(guild.id)
        await original(client, guild)

    monkeypatch.setattr(ImagineClient, "on_guild_join", listening)
    return heard


async def barrier(live: Live) -> None:
    """Everything that the gateway sent before has been taken: events come in order, and so does this one."""
    asked = live.fake.slash(live.fake.user(), live.fake.channel(), "help")
    async with asyncio.timeout(10):
        await asked.acknowledged(10)
