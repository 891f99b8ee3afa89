"""One bot that stands in a Discord, in a Slack and in the playground at once, over one vendor's loopback server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.jobs.asks import Answer, Ask, Imagine, Placeholder, Press
from bot.jobs.model import Action, Job, JobState, new_id
from bot.jobs.place import Actor, Place, Platform
from bot.texts import states
from bot.wiring import Bot
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import Message as SlackMessage
from tests.scenarios.discord.server import Server, open_server
from tests.scenarios.discord.server import opened as opened_discord
from tests.scenarios.slack.workspace import Workspace, hasten, words
from tests.scenarios.slack.workspace import opened as opened_slack
from tests.support.wait import eventually

NOTES = frozenset({states.LANCZOS, states.IMAGE_TO_IMAGE, states.NEW_SEED})
LETTERS = {Action.UPSCALE: "U", Action.VARIATION: "V"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished job as one chat shows it: `text` is what people read, `size` that of the one picture in px."""

    message: Any
    job: Job
    text: str
    size: tuple[int, int]

    @property
    def notes(self) -> set[str]:
        """Which labels of a U or V that is not native stand in the message."""
        return {note for note in NOTES if note in self.text}


@dataclass(frozen=True, slots=True)
class Chats:
    """The same is asked in both chats at the same time; answers come as (Discord's, Slack's)."""

    server: Server
    slack: Workspace

    async def draw(self, prompt: str) -> tuple[Shown, Shown]:
        """`/imagine`."""
        return await self._shown(*await asyncio.gather(self.server.drawn(prompt), self.slack.drawn(prompt)))

    async def press(self, grids: tuple[Shown, Shown], action: Action, number: int) -> tuple[Shown, Shown]:
        """A button under both grids."""
        label = f"{LETTERS[action]}{number}"
        return await self._shown(
            *await asyncio.gather(
                self.server.child(grids[0].message, label), self.slack.child(grids[1].message, action.value, number)
            )
        )

    async def in_playground(self, prompt: str) -> Job:
        """`/imagine` in the third front end."""
        return await self._delivered(await self._bot.service.imagine(Imagine(_ask(), prompt)))

    async def press_in_playground(self, job: Job, action: Action, number: int) -> Job:
        """A button under a grid there."""
        return await self._delivered(await self._bot.service.press(Press(_ask(), f"i1:{action}:{job.id}:{number}")))

    @property
    def _bot(self) -> Bot:
        return self.server.bot

    async def _delivered(self, answer: Answer) -> Job:
        assert isinstance(answer, Placeholder), answer

        async def over() -> Job | None:
            job = await self._bot.store.job(answer.job_id)
            return job if job is not None and job.told and not job.state.open else None

        job = await eventually(over, within=30.0)
        assert job is not None
        assert job.state is JobState.DELIVERED, (job.state, job.reason, job.detail)
        return job

    async def used(self) -> tuple[int, int]:
        """Pictures of today's quota that are charged or reserved."""
        return await self.server.used(), await self.slack.used()

    async def _shown(self, one: DiscordMessage, two: SlackMessage) -> tuple[Shown, Shown]:
        return (
            Shown(one, await self.server.job(one), one.text, opened_discord(one).size),
            Shown(two, await self.slack.job(two), words(two), opened_slack(two).size),
        )


def _ask() -> Ask:
    place = Place(Platform.PLAYGROUND, "playground", "playground")
    return Ask(Actor(Platform.PLAYGROUND, "ann", "Ann"), place, new_id())


@asynccontextmanager
async def both(folder: Path, **settings: str) -> AsyncIterator[Chats]:
    """Open both chats and the bot. At the end: no rule of theirs broken, no error in the log."""
    slack = FakeSlack()
    await slack.start()
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}
    tokens["IMAGINE_PLAYGROUND"] = "on"
    try:
        async with open_server(folder, **tokens, **settings) as server:
            workspace = Workspace(slack, folder)
            workspace.bot = server.bot
            hasten(server.bot)
            await slack.connected()
            yield Chats(server, workspace)
    finally:
        await slack.stop()
    assert not slack.violations, slack.violations
