"""A chat is away or silent when the bot starts: the other one is served, and the first one as soon as it is there."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.wiring import opening
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.gateway import GREETING
from tests.fakes.discord.world import TOKEN
from tests.fakes.slack import FakeSlack
from tests.scenarios.discord.server import hasten
from tests.support.bot import running_bot
from tests.support.ports import free_port
from tests.support.process import bot_process
from tests.support.wait import eventually

WITHIN = 30.0


async def test_slack_is_served_while_discord_is_away(tmp_path: Path) -> None:
    port = free_port()
    address = {"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10"}
    async with FakeSlack() as slack:
        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
        async with bot_process(tmp_path, **address, **tokens) as bot:
            away = await bot.said("chat is away, it will be tried again")
            assert away["chat"] == "discord"
            assert "can't be reached" in away["why"]
            await bot.said("started")
            await slack.connected(WITHIN)
            room = slack.channel("art")
            await (await slack.command(slack.user("cara"), room, "a fox")).acked(WITHIN)
            await slack.until(lambda: any(one.pictures for one in slack.messages(room)), WITHIN)
            async with FakeDiscord(port=port) as discord:
                await discord.ready(timeout=WITHIN)
                asked = discord.slash(discord.user(), discord.channel(), "imagine", prompt="a fox")
                await asked.until(lambda: asked.message and asked.message.attachments, WITHIN)


async def test_slack_is_served_while_discords_gateway_takes_the_connection_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0.3)
    async with FakeSlack() as slack, FakeDiscord() as discord, AsyncExitStack() as stack:
        address = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}
        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
        async with discord.hold(GREETING):
            bot = await stack.enter_async_context(running_bot(tmp_path, address | tokens, prepare=hasten))
            await slack.connected(WITHIN)
            room = slack.channel("art")
            await (await slack.command(slack.user("cara"), room, "a fox")).acked(WITHIN)
            await slack.until(lambda: any(one.pictures for one in slack.messages(room)), WITHIN)
            page = await stack.enter_async_context(httpx.AsyncClient(base_url=bot.base))
            told = await page.get("/readyz")
            assert told.status_code == 503
            assert [name for name, there in told.json()["parts"].items() if not there] == ["discord"]
        await discord.ready(timeout=WITHIN)
        asked = discord.slash(discord.user(), discord.channel(), "imagine", prompt="a fox")
        await asked.until(lambda: asked.message and asked.message.attachments, WITHIN)

        async def ready() -> bool:
            return (await page.get("/readyz")).status_code == 200

        await eventually(ready, WITHIN)
