"""One bot for many loopback workspaces, and a browser in which somebody installs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.jobs.model import Job, JobState
from bot.jobs.place import Platform
from bot.slack.branches import Branches
from bot.slack.front import SlackFront
from bot.wiring import Bot
from providers.base import Provider
from tests.fakes.provider import ScriptedProvider
from tests.fakes.slack import Channel, FakeSlack, Message, User
from tests.fakes.slack.model import CLIENT_ID, CLIENT_SECRET, Organisation
from tests.fakes.slack.play import Play
from tests.scenarios.slack.held import QUICK
from tests.scenarios.slack.workspace import WITHIN, hasten
from tests.support.bot import running_bot
from tests.support.wait import eventually

PUBLIC = "http://127.0.0.1:1/bot"
"""What people's browsers see; a proxy would take `/bot` away."""
INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"


@dataclass
class Town:
    """`bot` serves every workspace of `fake` that installs it; the fake's first workspace has none of its own here."""

    fake: FakeSlack
    folder: Path
    mode: str = "socket"
    now: Callable[[], float] = time.time
    settings: Mapping[str, str] = field(default_factory=dict)
    more: Sequence[Provider] | None = None
    prepare: Callable[[Bot], None] = hasten
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        """Bring a bot up over the folder."""
        fake, self.fake.bot_token = self.fake, ""
        fake.consents.redirect_urls = {f"{PUBLIC}{BACK}"}
        way = {"SLACK_APP_TOKEN": fake.app_token} if self.mode == "socket" else {"SLACK_SIGNING_SECRET": fake.signing_secret}
        client = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET, "PUBLIC_URL": PUBLIC}
        settings = {"SLACK_API_URL": fake.api_url, **way, **client, **self.settings}
        self._stack = AsyncExitStack()
        more = [ScriptedProvider(QUICK)] if self.more is None else self.more
        running = running_bot(self.folder, settings, more=more, prepare=self.prepare, clock=self.now)
        self.bot: Bot = await self._stack.enter_async_context(running)
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

    def browser(self) -> Browser:
        """A fresh one, without cookies."""
        return Browser(self)

    async def workspace(self, name: str, organisation: Organisation | None = None, *, org_wide: bool = False) -> Play:
        """One more workspace with a channel, a person, and the app installed by that person."""
        world = self.fake.workspace(name, organisation)
        ann, _ = world.user("ann", admin=True), world.channel("art")
        if not world.token:
            page = await self.browser().installs(world, ann, org_wide=org_wide)
            assert page.status_code == 200, page.text
        return world

    async def drawn(self, world: Play, text: str = "a red fox") -> Message:
        """A finished picture, asked for by the first person in the first channel of that workspace."""
        return await self.shown(world, await self.placed(world, text))

    async def placed(self, world: Play, text: str = "a red fox") -> Message:
        """Its placeholder."""
        before = len(world.messages(art(world)))
        await (await world.command(ann(world), art(world), text)).acked()
        await self.fake.until(lambda: len(world.messages(art(world))) > before, WITHIN)
        return world.messages(art(world))[before]

    async def shown(self, world: Play, message: Message) -> Message:
        """Until it shows its picture, and its job has ended in the books."""
        await self.fake.until(lambda: message.pictures, WITHIN)

        async def ended() -> bool:
            theirs = [job for job in await self.jobs() if job.message and job.message.message_id == message.ts]
            return bool(theirs) and all(job.state is JobState.DELIVERED and job.told for job in theirs)

        await eventually(ended, WITHIN)
        return message

    async def pictures(self, world: Play, count: int) -> None:
        """Until so many messages in its first channel show one."""
        await self.fake.until(lambda: sum(bool(one.pictures) for one in world.messages(art(world))) == count, WITHIN)

    async def running(self, count: int) -> None:
        """Until so many jobs are drawn and their rows know their messages."""

        async def there() -> bool:
            return sum(job.state is JobState.RUNNING and job.message is not None for job in await self.jobs()) == count

        await eventually(there, WITHIN)

    async def jobs(self) -> list[Job]:
        """All of them."""
        return list(await self.bot.store.jobs([], 100))

    async def forgotten(self, count: int = 0) -> None:
        """Until so many installations are kept."""

        async def gone() -> bool:
            return len(await self.branches._store.all()) == count

        await eventually(gone, WITHIN)

    @property
    def branches(self) -> Branches:
        """The bot's offices."""
        front = self.bot.fronts[Platform.SLACK]
        assert isinstance(front, SlackFront)
        assert isinstance(front.offices, Branches)
        return front.offices


@dataclass
class Browser:
    """Follows no redirect by itself, so that a test stands between Slack and the bot."""

    town: Town

    def __post_init__(self) -> None:
        self.cookies: dict[str, str] = {}

    async def opens(self, address: str) -> httpx.Response:
        """A page of the bot's, by its public address or by its path."""
        path = address.removeprefix(PUBLIC)
        url = f"{self.town.bot.url.rstrip('/')}{path}"
        async with httpx.AsyncClient() as client:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            answer = await client.get(url, headers={"cookie": cookies} if cookies else {})
        self.cookies |= dict(answer.cookies.items())
        if "Max-Age=0" in answer.headers.get("set-cookie", ""):
            self.cookies.clear()
        return answer

    async def begins(self) -> str:
        """`/slack/install`; the address of Slack's page."""
        answer = await self.opens(INSTALL)
        assert answer.status_code == 302
        return answer.headers["location"]

    async def installs(self, world: Play, user: User, *, org_wide: bool = False) -> httpx.Response:
        """The whole way; the page at its end."""
        return await self.opens(self.town.fake.consents.allow(await self.begins(), world, user, org_wide=org_wide))


def ann(world: Play) -> User:
    """The first person of a workspace."""
    return next(iter(world.users.values()))


def art(world: Play) -> Channel:
    """Its first channel."""
    return next(one for one in world.channels.values() if one.kind == "channel")
