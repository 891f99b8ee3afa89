"""Start and stop: what is registered, what a wrong token or a dead address says, who may connect where."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.discord.config import API_URL, DiscordConfig
from bot.discord.front import DiscordFront
from bot.discord.menus import MENUS
from bot.errors import ChatAway, StartError
from bot.jobs.catalog import COMMANDS
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Card, Tone
from bot.texts import discord as texts
from tests.bot.discord.conftest import Live
from tests.bot.discord.stub import StubCore, StubFetcher, StubPictures
from tests.fakes.discord import FakeDiscord, ManualClock, routes
from tests.fakes.discord.world import TOKEN
from tests.support.ports import free_port

pytestmark = pytest.mark.usefixtures("addresses")
NAMES = [spec.name for spec in COMMANDS] + [menu.name for menu in MENUS]
PUT = "PUT /applications/{application_id}"


def front(config: DiscordConfig) -> DiscordFront:
    return DiscordFront(config, StubPictures(), StubFetcher(), ManualClock())


async def test_ready_until_stopped(live: Live) -> None:
    assert live.front.ready
    assert [command["name"] for command in live.fake.commands[None]] == NAMES
    await live.front.stop()
    assert not live.front.ready


async def test_commands_are_registered_only_when_they_changed(live: Live) -> None:
    await live.front.stop()
    again = front(DiscordConfig(live.fake.token, api_url=live.fake.api_url))
    await again.start(live.core)
    await again.stop()
    assert live.fake.count(PUT) == 1
    live.fake.commands[None][0]["description"] = "old"
    third = front(DiscordConfig(live.fake.token, api_url=live.fake.api_url))
    await third.start(live.core)
    await third.stop()
    assert live.fake.count(PUT) == 2


async def test_in_named_guilds_they_are_not_also_global(live: Live) -> None:
    guild = live.fake.guild()
    await live.front.stop()
    local = front(DiscordConfig(live.fake.token, api_url=live.fake.api_url, guild_ids=(guild.id, 12345)))
    await local.start(live.core)
    await local.stop()
    assert [command["name"] for command in live.fake.commands[guild.id]] == NAMES
    assert live.fake.commands[None] == []


async def test_a_wrong_token_is_one_sentence() -> None:
    async with FakeDiscord() as fake:
        wrong = front(DiscordConfig("wrong", api_url=fake.api_url))
        with pytest.raises(StartError, match="DISCORD_TOKEN"):
            await wrong.start(StubCore())
        assert wrong.client.is_closed()


async def test_a_start_that_failed_before_the_login_can_be_stopped() -> None:
    """Else the operator reads of a queue that is not there, and not of the port that is taken."""
    unborn = front(DiscordConfig("token"))
    await unborn.stop()
    assert not unborn.ready


async def test_an_address_where_nobody_listens_is_one_sentence() -> None:
    dead = front(DiscordConfig("token", api_url="http://127.0.0.1:9/api/v10"))
    with pytest.raises(ChatAway, match=r"can't be reached at http://127\.0\.0\.1:9"):
        await dead.start(StubCore())


async def test_it_starts_when_discord_is_there_and_says_nothing_before() -> None:
    port = free_port()
    late = front(DiscordConfig(TOKEN, api_url=f"http://127.0.0.1:{port}/api/v10"))
    for _ in range(2):
        with pytest.raises(ChatAway):
            await late.start(StubCore())
        with pytest.raises(ChatError, match="not logged in") as caught:
            await late.chat.post(Place(Platform.DISCORD, "1", "2"), Card(Tone.DONE, lines=("x",)), "key")
        assert caught.value.fault is ChatFault.BROKEN
    async with FakeDiscord(port=port) as fake:
        await late.start(StubCore())
        asked = fake.slash(fake.user(), fake.channel(), "imagine", prompt="x")
        assert "lighthouse" in (await asked.response()).text
        await late.stop()


async def test_a_gateway_that_closes_for_good_is_one_sentence() -> None:
    async with FakeDiscord() as fake:
        stopped = front(DiscordConfig(fake.token, api_url=fake.api_url))
        async with fake.faults.hold("GET /gateway/bot"):
            starting = asyncio.create_task(stopped.start(StubCore()))
            await fake.until(lambda: fake.calls)
            fake.token = "changed"
        with pytest.raises(StartError):
            await starting


def test_shard_ids_need_a_count() -> None:
    with pytest.raises(StartError) as caught:
        front(DiscordConfig("token", shard_ids=(0,)))
    assert str(caught.value) == texts.SHARDS_UNCOUNTED


async def at_once(shard_id: int, *, initial: bool = False) -> None:
    """discord.py's own hook waits five seconds before every identify but the first."""


async def test_some_shards_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeDiscord() as fake:
        config = DiscordConfig(fake.token, api_url=fake.api_url, shard_count=4, shard_ids=(1, 3))
        some = front(replace(config, gateway_url=fake.gateway_url))
        monkeypatch.setattr(some.client, "before_identify_hook", at_once)
        await some.start(StubCore())
        assert sorted(some.client.shards) == [1, 3]
        await some.stop()


async def test_it_resumes_after_a_lost_connection(live: Live) -> None:
    await live.fake.close_gateway(4000)
    interaction = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    assert "lighthouse" in (await interaction.response()).text


async def test_it_identifies_anew_when_its_session_is_gone(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.client, "before_identify_hook", at_once)
    live.fake.invalidate_sessions()
    await live.fake.ready()
    interaction = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    assert "lighthouse" in (await interaction.response()).text


def test_only_another_server_is_trusted_and_the_token_is_not_shown() -> None:
    assert DiscordConfig("secret-token", api_url=API_URL).trusted_host == ""
    other = DiscordConfig("secret-token", api_url="http://127.0.0.1:8123/api/v10")
    assert other.trusted_host == "127.0.0.1:8123"
    assert "secret-token" not in repr(other)


@pytest.mark.parametrize("route", [routes.ME, routes.GET_COMMANDS, PUT])
@pytest.mark.parametrize("via", [True, False])
async def test_a_rate_limit_at_the_start_is_waited_out(route: str, *, via: bool) -> None:
    """By Discord: longer than the library waits (30 s). Or by who stands before it."""
    async with FakeDiscord() as fake:
        fake.limit(route, retry_after=77.0, via=via)
        limited = front(DiscordConfig(fake.token, api_url=fake.api_url))
        with pytest.raises(ChatAway) as caught:
            await limited.start(StubCore())
        assert caught.value.wait == 77.0
        await limited.start(StubCore())
        await limited.stop()


async def test_commands_that_discord_does_not_take_are_told_and_the_bot_goes_on(live: Live) -> None:
    """30034: so many were made today."""
    await live.front.stop()
    live.fake.commands[None][0]["description"] = "old"
    live.fake.fail(PUT, 400, code=30034)
    again = front(DiscordConfig(live.fake.token, api_url=live.fake.api_url))
    with capture_logs() as said:
        await again.start(live.core)
    told = [(line["event"], line["code"]) for line in said if line["log_level"] == "error"]
    assert told == [("discord commands not registered, those from before stay: restart the bot tomorrow", 30034)]
    asked = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    assert "lighthouse" in (await asked.response()).text
    await again.stop()


@pytest.mark.parametrize(("status", "kind"), [(401, StartError), (403, StartError), (503, ChatAway)])
async def test_what_is_no_matter_of_the_commands_ends_the_start(status: int, kind: type[StartError]) -> None:
    async with FakeDiscord() as fake:
        fake.fail(PUT, status)
        refused = front(DiscordConfig(fake.token, api_url=fake.api_url))
        try:
            with pytest.raises(StartError) as caught:
                await refused.start(StubCore())
        finally:
            await refused.stop()
        assert type(caught.value) is kind
