"""The real core and the front end in the simulator.

The engine runs outside the bot, which simcord settles around, and begins after it: a webhook call finds the simulator by
its context.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.env import Env
from simcord.results import InteractionResult

from bot.discord.config import DiscordConfig
from bot.discord.front import DiscordFront
from bot.jobs.model import Job, JobState
from bot.jobs.place import Platform
from providers.fetch import GuardedFetcher
from tests.scenarios.discord.easel import Easel
from tests.support.core import Core, running_core
from tests.support.wait import eventually


@dataclass
class Stage:
    """The simulator with people in one channel."""

    env: Env
    core: Core
    easel: Easel
    channel: ChannelHandle
    ann: MemberActor
    bob: MemberActor

    async def restart(self) -> None:
        """Bot and engine anew over the same rows."""
        await self.core.engine.stop(1.0)
        await self.env.restart_bot()
        await self.core.engine.start()

    async def finished(self, result: InteractionResult) -> discord.Message:
        """The message of a job once it shows its pictures."""
        assert result.response is not None
        job = await self.ended(result.response.id, JobState.DELIVERED)
        assert job.shown is not None
        return result.response.message

    async def ended(self, message_id: int, state: JobState) -> Job:
        """Wait for the end of the job that stands in a message."""

        async def there() -> Job | None:
            jobs = await self.core.store.jobs([], 50)
            found = [job for job in jobs if job.message and job.message.message_id == str(message_id)]
            return found[0] if found and found[0].state is state and found[0].told else None

        job = await eventually(there)
        assert job is not None
        return job


@pytest.fixture
async def easel() -> Easel:
    return Easel()


@pytest.fixture
async def core(tmp_path: Path, easel: Easel) -> AsyncIterator[Core]:
    async with running_core(tmp_path, provider=easel, started=False) as running:
        yield running


@pytest.fixture
async def simcord_bot(core: Core) -> discord.Client:
    """What simcord's own fixture logs in."""
    front = DiscordFront(DiscordConfig("token", shard_count=1), core.pictures, GuardedFetcher(), core.clock)
    core.house.chats = {Platform.DISCORD: front.chat}
    front.bind(core.service)
    return front.client


@pytest.fixture
async def stage(simcord_env: Env, core: Core, easel: Easel) -> AsyncIterator[Stage]:
    simcord_env.settle_timeout = 20.0  # seconds of a machine that may have much else to do
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("art")
    ann, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("ann", "bob"))
    await core.engine.start()
    yield Stage(simcord_env, core, easel, channel, ann, bob)
    await core.engine.stop(1.0)


def text_of(components: list[dict[str, object]]) -> str:
    """All text of a Components V2 message."""
    found, pending = [], list(components)
    while pending:
        part = pending.pop(0)
        found += [str(part["content"])] if "content" in part else []
        inner = part.get("components", [])
        pending = [*(inner if isinstance(inner, list) else []), *pending]
    return "\n".join(found)
