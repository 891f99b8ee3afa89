"""Slack's faults: what fails, and how."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.chats import Doing, Trouble, endure
from tests.chaos.recovery import Verdict
from tests.chaos.strikes import placed, strike, strike_in
from tests.fakes.slack import Channel, Delivery, FakeSlack, Message

START_SECONDS = 30.0


@dataclass
class Slack:
    """Implements Town, over Socket Mode."""

    fake: FakeSlack
    name: str = "Slack"
    place: Channel = field(init=False)
    told: list[Delivery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place = self.fake.channel("art")

    @property
    def settings(self) -> dict[str, str]:
        fake = self.fake
        return {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token, "SLACK_API_URL": fake.api_url}

    async def ready(self) -> None:
        await self.fake.connected(START_SECONDS)

    async def ask(self, number: int, prompt: str) -> None:
        self.told.append(await self.fake.mention(self.fake.user(f"user{number}"), self.place, f"imagine {prompt}"))

    def pictures(self, channel: str, message: str) -> int | None:
        found = self._message(channel, message)
        return len(found.pictures) if found else None

    def going(self, channel: str, message: str) -> bool:
        found = self._message(channel, message)
        return bool(found and any(":cancel:" in one for one in found.action_ids))

    def shown(self) -> int:
        return sum(bool(one.pictures) for place in self.fake.channels.values() for one in self.fake.messages(place))

    def standing_ids(self) -> list[str]:
        return [one.ts for one in self.fake.messages(self.place) if one.via == "chat.postMessage"]

    def _message(self, channel: str, ts: str) -> Message | None:
        return next((one for one in self.fake.messages(self.fake.channels[channel]) if one.ts == ts), None)


def at_once(do: Callable[[Slack], object]) -> Doing:
    """Something that is done, not something that lasts."""

    @asynccontextmanager
    async def doing(town: Slack) -> AsyncIterator[None]:
        do(town)
        yield

    return doing


@asynccontextmanager
async def refresh(town: Slack) -> AsyncIterator[None]:
    await town.fake.socket.disconnect()
    yield


@asynccontextmanager
async def drop(town: Slack) -> AsyncIterator[None]:
    await town.fake.socket.drop()
    yield


@asynccontextmanager
async def again(town: Slack) -> AsyncIterator[None]:
    """Every delivery comes a second time."""
    for told in list(town.told):
        await town.fake.again(told)
    yield


@asynccontextmanager
async def revoked(town: Slack) -> AsyncIterator[None]:
    """And given back: the same token works again."""
    town.fake.revoked = True
    yield
    town.fake.revoked = False


@asynccontextmanager
async def scanned_slowly(town: Slack) -> AsyncIterator[None]:
    town.fake.processing = 3.0
    yield


@asynccontextmanager
async def archived(town: Slack) -> AsyncIterator[None]:
    town.place.archived = True
    yield


@asynccontextmanager
async def busy(town: Slack) -> AsyncIterator[None]:
    """One message a second in the channel, fifty edits a minute, as long as people ask."""
    town.fake.tiers = True
    yield
    town.fake.tiers = False


TROUBLES = (
    Trouble("the socket is refreshed while people ask", refresh, asking=True),
    Trouble("the socket is cut", drop, seconds=1.0),
    Trouble("deliveries again", again, seconds=1.0),
    Trouble("a busy channel", busy, asking=True),
    Trouble("429 at edits", at_once(lambda town: town.fake.limit("chat.update", times=5, retry_after=1))),
    Trouble("503 at posts", at_once(lambda town: town.fake.fail("chat.postMessage", times=5)), asking=True),
    Trouble("503 at edits", at_once(lambda town: town.fake.fail("chat.update", times=10))),
    Trouble("edits that are answered by nobody", at_once(lambda town: town.fake.hang("chat.update", times=3))),
    Trouble("uploads refused", at_once(lambda town: town.fake.fail("upload", times=5))),
    Trouble("files scanned slowly", scanned_slowly),
    Trouble("the channel archived", archived),
    Trouble("the token revoked for a while", revoked, seconds=3.0),
)


async def struck(folder: Path, jobs: int, kills: int = 5, seed: int = 1) -> Verdict:
    """SIGKILL at moments that nobody has chosen. A kill inside Slack's own post may leave a second placeholder."""
    async with FakeSlack() as fake:
        verdict, strays = await strike(folder, Slack(fake), jobs, kills, seed)
    verdict.fault += f" ({len(strays)} second placeholders)"
    return verdict


async def killed_in_a_post(folder: Path, jobs: int) -> Verdict:
    """The message stands, its receipt never came: Slack posts at least once, so that there is a second placeholder."""
    async with FakeSlack() as fake:
        town = Slack(fake)
        fake.hang("chat.postMessage", when="after")
        name = "killed inside its own post"
        verdict, strays = await strike_in(folder, town, jobs, lambda: bool(town.standing_ids()), name)
    verdict.fault += f" ({len(strays)} second placeholder)"
    verdict.others += [] if len(strays) <= 1 else [f"{len(strays)} messages belong to no job"]
    return verdict


async def killed_in_an_edit(folder: Path, jobs: int) -> Verdict:
    """The picture stands, its receipt never came."""
    async with FakeSlack() as fake:
        town = Slack(fake)
        fake.hang("chat.update", when="after")
        verdict, strays = await strike_in(
            folder, town, jobs, lambda: town.shown() > 0 and placed(folder), "killed inside an edit"
        )
    verdict.others += [f"message {one} belongs to no job" for one in strays]
    return verdict


async def endured(folder: Path, trouble: Trouble, jobs: int) -> Verdict:
    """One of them."""
    async with FakeSlack() as fake:
        return await endure(folder, Slack(fake), trouble, jobs)


KILLS: tuple[Callable[[Path, int], Coroutine[Any, Any, Verdict]], ...] = (struck, killed_in_a_post, killed_in_an_edit)
