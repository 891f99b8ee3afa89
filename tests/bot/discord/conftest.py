"""One front in the simulator (flows), or connected to the strict loopback Discord (errors, tokens, start)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env

from bot.discord.config import DiscordConfig
from bot.discord.front import DiscordFront
from bot.jobs.model import Job
from tests.bot.discord.stub import StubCore, StubFetcher, StubPictures, job, until
from tests.fakes.discord import Channel, FakeDiscord, FakeInteraction, ManualClock, User


@dataclass
class Stage:
    """The simulator with one member in one channel."""

    env: Env
    core: StubCore
    front: DiscordFront
    fetcher: StubFetcher
    channel: ChannelHandle
    ann: MemberActor

    def calls(self) -> list[str]:
        """Method and path without ids of everything that the bot sent, in order."""
        return [f"{entry.method} {_shape(entry.path)}" for entry in self.env.http_requests]

    def bodies(self, part: str) -> list[dict[str, object]]:
        """JSON bodies of the calls whose path holds `part`."""
        return [entry.json for entry in self.env.http_requests if part in entry.path and isinstance(entry.json, dict)]

    def deferred(self) -> bool:
        """Whether the bot has deferred something (callback types 5 and 6)."""
        return any(body.get("type") in {5, 6} for body in self.bodies("/callback"))


@pytest.fixture
def core() -> StubCore:
    return StubCore()


@pytest.fixture
def fetcher() -> StubFetcher:
    return StubFetcher()


@pytest.fixture
def front(core: StubCore, fetcher: StubFetcher) -> DiscordFront:
    made = DiscordFront(DiscordConfig("token", shard_count=1), StubPictures(), fetcher, ManualClock())
    made.bind(core)
    return made


@pytest.fixture
def simcord_bot(front: DiscordFront) -> discord.Client:
    """What simcord's own fixture logs in."""
    return front.client


@pytest.fixture
async def stage(simcord_env: Env, front: DiscordFront, core: StubCore, fetcher: StubFetcher) -> Stage:
    simcord_env.settle_timeout = 20.0  # seconds of a machine that may have much else to do
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("art")
    ann = guild.add_member(simcord_env.create_user("ann"))
    return Stage(simcord_env, core, front, fetcher, channel, ann)


@pytest.fixture
def addresses() -> Iterator[None]:
    """discord.py keeps both addresses on its classes."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@dataclass
class Live:
    """The front connected to a Discord on a socket; `clock` is the front's and the fake's."""

    fake: FakeDiscord
    front: DiscordFront
    core: StubCore
    pictures: StubPictures
    clock: ManualClock

    @property
    def client(self) -> discord.Client:
        return self.front.client


@pytest.fixture
async def live(core: StubCore, addresses: None) -> AsyncIterator[Live]:
    clock = ManualClock()
    pictures = StubPictures()
    async with FakeDiscord(clock=clock) as fake:
        front = DiscordFront(DiscordConfig(fake.token, api_url=fake.api_url), pictures, StubFetcher(), clock)
        await front.start(core)
        try:
            yield Live(fake, front, core, pictures, clock)
        finally:
            await front.stop()
    assert fake.violations == []


async def imagine(live: Live, user: User, channel: Channel) -> tuple[FakeInteraction, Job]:
    """A placeholder in a channel, and the job as the core would keep it."""
    known = len(live.core.placed_at)
    interaction = live.fake.slash(user, channel, "imagine", prompt="a lighthouse")
    await interaction.response()
    await until(lambda: len(live.core.placed_at) > known)
    ask = live.core.ask
    return interaction, job(user.id, ask.place, reply=ask.reply, message=live.core.placed_at[-1][1])


def _shape(path: str) -> str:
    parts = ["*" if part.isdecimal() or len(part) > 20 or part.startswith("tok") else part for part in path.split("/")]
    return "/".join(parts)
