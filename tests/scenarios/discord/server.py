"""A loopback Discord with the whole bot in it, and what scenarios ask of both."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image
from structlog.testing import capture_logs

from bot.discord.front import DiscordFront
from bot.engine.embedded import EmbeddedEngine
from bot.jobs.controls import read_control
from bot.jobs.house import Tries
from bot.jobs.model import Job, JobState
from bot.jobs.place import Platform
from bot.wiring import Bot
from providers.base import Provider
from tests.fakes.discord import Channel, FakeDiscord, FakeInteraction, Message, User
from tests.support.bot import running_bot
from tests.support.core import Clock
from tests.support.wait import eventually

T = TypeVar("T")
WITHIN = 20.0
"""Seconds that a loaded machine may take for anything."""
ANSWERED = 3.0
"""Seconds to the first answer; Discord's own limit is three."""
DIRECT, DEFERRED, UPDATED = 4, 5, 7
"""Callback types."""


def hasten(bot: Bot) -> None:
    """Short waits where the real ones are made for the real Discord."""
    front = bot.fronts[Platform.DISCORD]
    assert isinstance(front, DiscordFront)
    front.chat.limits = replace(front.chat.limits, progress_seconds=0.05)
    front.client.before_identify_hook = _at_once  # type: ignore[method-assign]  # discord.py waits five seconds here
    cast("EmbeddedEngine", bot.engine)._tick = 0.1
    bot.messenger._every, bot.messenger._gap = 0.2, 0.0
    bot.house.timing = replace(bot.house.timing, backoff_first=0.05, backoff_cap=0.2, queue_refresh=0.1)
    bot.house.tries = Tries(submit=3, fetch=2, chat=4)


async def _at_once(shard_id: int | None, *, initial: bool = False) -> None:
    """Identify without waiting."""


@dataclass
class Server:
    """`bot` is the one that runs now; `restart` replaces it over the same folder. `expected`: errors that may be logged."""

    fake: FakeDiscord
    folder: Path
    clock: Clock
    more: Sequence[Provider] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        self.guild = self.fake.guild()
        self.art = self.fake.channel(self.guild)
        self.ann, self.bob = self.fake.user("ann"), self.fake.user("bob")

    async def start(self) -> None:
        """Bring a bot up over the folder."""
        fake = self.fake
        names = {"DISCORD_TOKEN": fake.token, "DISCORD_API_URL": fake.api_url, "DISCORD_GATEWAY_URL": fake.gateway_url}
        self._stack = AsyncExitStack()
        running = running_bot(self.folder, names | dict(self.settings), more=self.more, clock=self.clock, prepare=hasten)
        self.bot = await self._stack.enter_async_context(running)
        await fake.ready()

    async def stop(self) -> None:
        """End the bot; Discord stays."""
        await self._stack.aclose()

    async def restart(self) -> None:
        """A new process' worth of bot over the same folder."""
        await self.stop()
        await self.start()

    async def imagine(
        self, prompt: str = "a red fox", user: User | None = None, channel: Channel | None = None, **options: Any
    ) -> FakeInteraction:
        """`/imagine`, acknowledged in time."""
        asked = self.fake.slash(user or self.ann, channel or self.art, "imagine", prompt=prompt, **options)
        assert (await asked.acknowledged()).seconds < ANSWERED
        return asked

    async def command(self, name: str, user: User | None = None) -> Message:
        """The private answer to another command."""
        return await private(self.fake.slash(user or self.ann, self.art, name))

    async def placed(self, prompt: str = "a red fox", **more: Any) -> Message:
        """The placeholder of an accepted job."""
        shown = await (await self.imagine(prompt, **more)).response()
        assert not shown.ephemeral, shown.text
        return shown

    async def drawn(self, prompt: str = "a red fox", **more: Any) -> Message:
        """The message of a finished job."""
        return await self.finished(await self.placed(prompt, **more))

    async def finished(self, message: Message) -> Message:
        """Wait until a message has its pictures, and its job the end."""
        await self.until(lambda: message.images)
        await self.ends(message, JobState.DELIVERED)
        return message

    async def until(self, check: Callable[[], T]) -> T:
        """Wait for something that the fake or the bot shows."""

        async def asked() -> T:
            return check()

        return await eventually(asked, WITHIN)

    async def press(self, message: Message, label: str, user: User | None = None, **more: Any) -> FakeInteraction:
        """Press a button, acknowledged in time."""
        pressed = self.fake.press(user or self.ann, message, message.button(label), **more)
        assert (await pressed.acknowledged()).seconds < ANSWERED
        return pressed

    async def child(self, message: Message, label: str, user: User | None = None) -> Message:
        """Press a button that draws; the finished message of the new job."""
        return await self.finished(await (await self.press(message, label, user)).response())

    async def forged(self, message: Message, custom_id: str, user: User | None = None) -> FakeInteraction:
        """Press a button that the message does not have."""
        stale = {"type": 2, "style": 1, "label": "?", "custom_id": custom_id}
        pressed = self.fake.press(user or self.ann, message, custom_id, stale=stale)
        await pressed.acknowledged()
        return pressed

    async def job(self, message: Message) -> Job:
        """The row behind a message."""
        jobs = await self.bot.store.jobs([], 200)
        ids = {control.job for one in message.buttons if (control := read_control(str(one.get("custom_id"))))}
        found = [job for job in jobs if job.id in ids or (job.message and job.message.message_id == str(message.id))]
        assert len(found) == 1, (found, message.text)
        return found[0]

    async def ends(self, message: Message, state: JobState) -> Job:
        """Wait for the job's end, told in the chat."""
        job_id = (await self.job(message)).id

        async def there() -> Job | None:
            job = await self.bot.store.job(job_id)
            return job if job and job.state is state and job.told else None

        found = await eventually(there, WITHIN)
        assert found is not None
        return found

    async def reaches(self, message: Message, state: JobState) -> Job:
        """Wait for a state of the row."""
        job_id = (await self.job(message)).id

        async def there() -> Job | None:
            job = await self.bot.store.job(job_id)
            return job if job and job.state is state else None

        found = await eventually(there, WITHIN)
        assert found is not None
        return found

    async def used(self, user: User | None = None) -> int:
        """Pictures of today's quota that are charged or reserved."""
        return (await self.bot.store.standing(f"discord:{(user or self.ann).id}", self.clock())).used


@asynccontextmanager
async def open_server(folder: Path, *more: Provider, **settings: str) -> AsyncIterator[Server]:
    """A Discord, and a bot on it. At the end: no rule broken, no error in the log that the scenario did not expect."""
    base, gateway, clock = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Clock()
    try:
        with capture_logs() as lines:
            async with FakeDiscord(clock) as fake:
                server = Server(fake, folder, clock, more, settings)
                await server.start()
                try:
                    yield server
                finally:
                    await server.stop()
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    assert server.fake.violations == [], server.fake.violations
    wrong = [line for line in lines if line["log_level"] in {"error", "critical"} and line["event"] not in server.expected]
    assert wrong == [], wrong


def whispered(interaction: FakeInteraction) -> Message | None:
    """What only the asker is shown by now: the answer itself, or a follow-up."""
    own = [interaction.message] if interaction.message and not interaction.message.loading else []
    return next((one for one in [*interaction.followups, *own] if one.ephemeral and not one.deleted), None)


async def private(interaction: FakeInteraction) -> Message:
    """Wait for what only the asker is shown."""
    shown = await interaction.until(lambda: whispered(interaction), WITHIN)
    assert shown is not None
    assert shown.viewer is interaction.user
    return shown


def opened(message: Message) -> Image.Image:
    """The one picture that a message shows, decoded."""
    (file,) = message.images
    image = Image.open(io.BytesIO(file.data))
    image.load()
    return image


def labels(message: Message) -> list[list[str]]:
    """Labels of the buttons, row by row."""
    (container,) = message.components
    rows = [part["components"] for part in container["components"] if part["type"] == 1]
    return [[str(button.get("label") or button.get("placeholder")) for button in row] for row in rows]


def alts(message: Message) -> list[str]:
    """What people who cannot see the pictures are told."""
    (container,) = message.components
    galleries = [part for part in container["components"] if part["type"] == 12]
    return [str(item["description"]) for gallery in galleries for item in gallery["items"]]


def links(message: Message) -> dict[str, str]:
    """Label and address of the link buttons."""
    return {str(button["label"]): str(button["url"]) for button in message.buttons if "url" in button}


def url_of(message: Message) -> str:
    """The address of a message."""
    guild = message.channel.guild.id if message.channel.guild else "@me"
    return f"https://discord.com/channels/{guild}/{message.channel.id}/{message.id}"


def bodies(fake: FakeDiscord, route: str) -> list[str]:
    """What the bot sent to a route, as text."""
    return [json.dumps(call.body) for call in fake.calls if call.route == route]
