"""Gateways and workers apart: who takes the ask is not who draws and answers, and each shard has its own process."""

from __future__ import annotations

from dataclasses import replace

from bot.discord.front import DiscordFront
from bot.jobs.model import Job, JobState
from bot.jobs.place import Platform
from bot.slack.front import SlackFront
from bot.wiring import Bot
from tests.fakes.discord import Channel, FakeDiscord, Message
from tests.fakes.provider import ScriptedProvider
from tests.fakes.slack import FakeSlack
from tests.scenarios.cluster.conftest import Cluster
from tests.scenarios.discord.server import _at_once
from tests.scenarios.slack.held import QUICK
from tests.scenarios.slack.workspace import WAITS
from tests.support.wait import eventually


def hasten(bot: Bot) -> None:
    """discord.py waits five seconds before an identify, Slack scans files for seconds."""
    if isinstance(front := bot.fronts.get(Platform.DISCORD), DiscordFront):
        front.client.before_identify_hook = _at_once  # type: ignore[method-assign]
        front.chat.limits = replace(front.chat.limits, progress_seconds=0.05)
    if isinstance(slack := bot.fronts.get(Platform.SLACK), SlackFront):
        slack.make.config = replace(slack.make.config, waits=WAITS)


async def test_two_gateways_with_a_shard_each_and_a_worker_without_one(cluster: Cluster) -> None:
    async with FakeDiscord() as fake:
        homes: dict[int, Channel] = {}
        while len(homes) < 2:
            guild = fake.guild()
            homes.setdefault((guild.id >> 22) % 2, fake.channel(guild))
        cluster.prepare, cluster.more = hasten, [ScriptedProvider(QUICK)]
        cluster.settings |= {"DISCORD_TOKEN": fake.token, "DISCORD_API_URL": fake.api_url, "DISCORD_SHARD_COUNT": "2"}
        cluster.settings |= {"DISCORD_GATEWAY_URL": fake.gateway_url}
        await cluster.open("worker")
        for shard in ("0", "1"):
            await cluster.open("discord", DISCORD_SHARD_IDS=shard)
        await fake.ready(2)
        asked = [call.method for call in fake.calls if call.path.endswith("/commands")]
        assert asked == ["GET", "PUT"], "one process sees to the commands"
        ann = fake.user("ann")
        for channel in homes.values():
            shown = await fake.slash(ann, channel, "imagine", prompt="a red fox").response()
            assert not shown.ephemeral, shown.text
            await _pictures(fake, shown)
        jobs = await delivered(cluster, 2)
        assert len({job.place.community_id for job in jobs}) == 2
        assert [one.ready for bot in cluster.bots for one in bot.takes.values()] == [True, True]
        await cluster.close()
    assert fake.violations == []


async def test_a_slack_process_that_only_listens_and_a_worker_that_only_speaks(cluster: Cluster) -> None:
    fake = FakeSlack()
    await fake.start()
    cluster.prepare, cluster.more = hasten, [ScriptedProvider(QUICK)]
    cluster.settings |= {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_API_URL": fake.api_url}
    await cluster.open("worker", SLACK_APP_TOKEN=fake.app_token)
    await cluster.open("slack", SLACK_APP_TOKEN=fake.app_token)
    await fake.connected()
    ann, art = fake.user("ann"), fake.channel("art")
    told = await fake.command(ann, art, "a red fox")
    await told.acked()
    await delivered(cluster, 1)
    await cluster.close()
    await fake.stop()
    assert not fake.violations


async def _pictures(fake: FakeDiscord, shown: Message) -> None:
    await fake.until(lambda: shown.images, 20.0)


async def delivered(cluster: Cluster, count: int) -> list[Job]:
    async def all_told() -> list[Job]:
        jobs = await cluster.bots[0].store.jobs([JobState.DELIVERED], 10)
        return [job for job in jobs if job.told] if len(jobs) == count else []

    return await eventually(all_told, within=20.0)
