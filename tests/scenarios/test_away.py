"""A chat is away when the bot starts: the other one is served, and the first one as soon as it is there."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import TOKEN
from tests.fakes.slack import FakeSlack
from tests.support.ports import free_port
from tests.support.process import bot_process

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
