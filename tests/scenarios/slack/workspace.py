"""A loopback workspace with the whole bot in it, and what scenarios ask of both."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from bot.jobs.controls import Control, read_control
from bot.jobs.house import Tries
from bot.jobs.model import Job, JobState
from bot.jobs.place import Platform
from bot.slack.config import Waits
from bot.slack.front import SlackFront
from bot.wiring import Bot
from providers.base import Provider
from tests.fakes.provider import ScriptedProvider
from tests.fakes.slack import Channel, Delivery, FakeSlack, Message, User
from tests.scenarios.slack.held import QUICK
from tests.support.bot import running_bot
from tests.support.wait import eventually

WAITS = Waits(processed=(0.0, 0.02, 0.02), race=(0.02, 0.05, 0.1))
"""Slack's own scan takes seconds; the loopback's takes as long as a scenario says."""
ACK, PLACEHOLDER, WITHIN = 3.0, 5.0, 20.0
"""Seconds: Slack's three are the limit for an acknowledgement; a placeholder is promised within one."""


def hasten(bot: Bot) -> None:
    """Short waits where the real ones are made for the real Slack."""
    front = bot.fronts[Platform.SLACK]
    assert isinstance(front, SlackFront)
    front.make.config = replace(front.make.config, waits=WAITS)
    front.chat.limits = replace(front.chat.limits, progress_seconds=0.05)
    bot.house.timing = replace(bot.house.timing, backoff_first=0.05, backoff_cap=0.2, webhook_grace=0.3)
    bot.house.tries = Tries(submit=3, fetch=2, chat=4)


@dataclass
class Workspace:
    """`bot` is the one that runs now; `restart` replaces it over the same folder.

    `now`: the bot's clock.
    `more`: providers before sketch; None: one that gives plain colours at once. `foreseen`: errors that the log may show.
    """

    fake: FakeSlack
    folder: Path
    mode: str = "socket"
    more: Sequence[Provider] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, str] | None = None
    prepare: Callable[[Bot], None] = hasten
    now: Callable[[], float] = time.time
    foreseen: set[str] = field(default_factory=set)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _heard: int = 0

    def __post_init__(self) -> None:
        self.more = [ScriptedProvider(QUICK)] if self.more is None else self.more
        self.ann, self.bob = self.fake.user("ann"), self.fake.user("bob")
        self.chief = self.fake.user("chief", admin=True)
        self.art = self.fake.channel("art")

    async def start(self) -> None:
        """Bring a bot up over the folder."""
        fake = self.fake
        way = {"SLACK_APP_TOKEN": fake.app_token} if self.mode == "socket" else {"SLACK_SIGNING_SECRET": fake.signing_secret}
        settings = {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_API_URL": fake.api_url, **way, **self.settings}
        self._stack = AsyncExitStack()
        running = running_bot(
            self.folder, settings, more=self.more or (), hosts=self.hosts, prepare=self.prepare, clock=self.now
        )
        self.bot = await self._stack.enter_async_context(running)
        if self.mode == "socket":
            await fake.connected()
        else:
            fake.http(f"{self.bot.url}slack/events")

    async def stop(self) -> None:
        """End the bot; Slack stays."""
        await self._stack.aclose()

    async def restart(self) -> None:
        """A new process' worth of bot over the same folder."""
        await self.stop()
        await self.start()

    async def asks(self, text: str, user: User | None = None, channel: Channel | None = None) -> Delivery:
        """`/imagine text`, acknowledged in time."""
        told = await self.fake.command(user or self.ann, channel or self.art, text)
        assert (await told.acked()).seconds < ACK
        return told

    async def placed(self, text: str, user: User | None = None, channel: Channel | None = None) -> Message:
        """`/imagine text`; the placeholder's message."""
        place = channel or self.art
        before = len(self.fake.messages(place))
        await self.asks(text, user, place)
        await self.fake.until(lambda: len(self.fake.messages(place)) > before, WITHIN)
        return self.fake.messages(place)[before]

    async def kept(self, message: Message) -> Message:
        """Wait until the row knows its message: a stop before that makes Slack show a second one (it has no nonce)."""

        async def there() -> bool:
            return (await self.job(message)).message is not None

        await eventually(there, WITHIN)
        return message

    async def called(self, method: str) -> None:
        """Wait until the bot has begun a call of this method, answered or not."""

        async def there() -> bool:
            return bool(self.fake.calls_of(method))

        await eventually(there, WITHIN)

    async def drawn(self, text: str = "a red fox", user: User | None = None, channel: Channel | None = None) -> Message:
        """The message of a finished job."""
        return await self.shown(await self.placed(text, user, channel))

    async def shown(self, message: Message) -> Message:
        """Wait until a message has its picture and the job its end."""
        await self.fake.until(lambda: message.pictures, WITHIN)
        await self.ends(message, JobState.DELIVERED)
        return message

    async def child(self, message: Message, action: str, index: int = 0, user: User | None = None) -> Message:
        """Press a button that draws; the finished message of the new job."""
        place = self.fake.channels[message.channel]
        before = {one.ts for one in self.fake.messages(place)}
        await self.press(message, action, index, user)
        fresh = await self.fake.until(lambda: [one for one in self.fake.messages(place) if one.ts not in before], WITHIN)
        return await self.shown(fresh[0])

    async def press(self, message: Message, action: str, index: int = 0, user: User | None = None) -> Delivery:
        """Press a button of a job's message, acknowledged in time."""
        told = await self.fake.press(user or self.ann, message, find(message, action, index))
        assert (await told.acked()).seconds < ACK
        return told

    async def said(self, user: User | None = None) -> Message:
        """The next private message, which must be to `user`."""
        found = await self.fake.until(lambda: self.fake.ephemerals[self._heard :], WITHIN)
        self._heard += 1
        assert found[0].to == (user or self.ann).id, found[0]
        return found[0]

    async def job(self, message: Message) -> Job:
        """The row behind a message, by its reference; also without buttons."""
        ids = {control.job for one in message.action_ids if (control := read_control(one))}
        job_id = ids.pop() if ids else await self._by_message(message)
        job = await self.bot.store.job(job_id)
        assert job is not None
        return job

    async def _by_message(self, message: Message) -> str:
        for job in await self.bot.store.jobs([], 100):
            if job.message is not None and job.message.message_id == message.ts:
                return job.id
        raise AssertionError(f"no job stands in {message.ts}")

    async def ends(self, message: Message, state: JobState) -> Job:
        """Wait for the job's end in the store, told in the chat."""

        async def there() -> Job | None:
            job = await self.job(message)
            return job if job.state is state and job.told else None

        found = await eventually(there, WITHIN)
        assert found is not None
        return found

    async def used(self, user: User | None = None) -> int:
        """Pictures of today's quota that are charged or reserved."""
        standing = await self.bot.store.standing(f"slack:T00000001:{(user or self.ann).id}", self.bot.house.clock())
        return standing.used


def find(message: Message, action: str, index: int = 0) -> str:
    """The action_id of a job's button."""
    for one in message.action_ids:
        control = read_control(one)
        if control and (control.action, control.index) == (action, index):
            return one
    raise AssertionError(f"no {action} {index} among {message.action_ids}")


def controls(message: Message) -> list[tuple[str, int]]:
    """Action and index of every button, in order."""
    found = [read_control(one) for one in message.action_ids]
    return [(one.action, one.index) for one in found if isinstance(one, Control)]


def words(shown: Any) -> str:
    """All text of a message or of blocks, as a person reads it."""
    if isinstance(shown, Message):
        return words(shown.blocks)
    if isinstance(shown, list):
        return " ".join(filter(None, map(words, shown)))
    if isinstance(shown, dict) and shown.get("type") == "channel":
        return f"#{shown['channel_id']}"
    if isinstance(shown, dict):
        own = shown["text"] if isinstance(shown.get("text"), str) else words(shown.get("text"))
        return " ".join(
            filter(None, [own, *(words(shown[key]) for key in ("elements", "options", "placeholder") if key in shown)])
        )
    return ""


def opened(message: Message) -> Image.Image:
    """The one picture that a message shows, decoded."""
    (data,) = message.pictures
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
