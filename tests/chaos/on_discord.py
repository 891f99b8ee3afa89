"""Discord's faults: what fails, and how."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.chaos.chats import Doing, Trouble, endure
from tests.chaos.recovery import Verdict
from tests.chaos.strikes import placed, strike, strike_in
from tests.fakes.discord import routes
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import Channel
from tests.fakes.discord.outage import come_back, go_away
from tests.fakes.discord.server import FakeDiscord

START_SECONDS = 30.0
AWAY_SECONDS = 15.0
EDITS = "PATCH /webhooks"
CHANNELS = "PATCH /channels"
PRIVATELY = frozenset({"delivered"})


@dataclass
class Discord:
    """Implements Town."""

    fake: FakeDiscord
    name: str = "Discord"
    place: Channel = field(init=False)

    def __post_init__(self) -> None:
        self.place = self.fake.channel()

    @property
    def settings(self) -> dict[str, str]:
        fake = self.fake
        return {"DISCORD_TOKEN": fake.token, "DISCORD_API_URL": fake.api_url, "DISCORD_GATEWAY_URL": fake.gateway_url}

    async def ready(self) -> None:
        await self.fake.ready(timeout=START_SECONDS)
        await self.fake.until(lambda: self.fake.commands.get(None), START_SECONDS)

    async def ask(self, number: int, prompt: str) -> None:
        self.fake.slash(self.fake.user(f"user{number}"), self.place, "imagine", prompt=prompt)

    def pictures(self, channel: str, message: str) -> int | None:
        found = self._message(message)
        return len(found.images) if found else None

    def going(self, channel: str, message: str) -> bool:
        found = self._message(message)
        return bool(found and found.has_button("Cancel"))

    def shown(self) -> int:
        return sum(bool(message.images) for message in self.standing())

    def standing_ids(self) -> list[str]:
        return [str(one.id) for one in self.standing() if not one.ephemeral and not one.loading]

    def standing(self) -> list[Message]:
        return [message for message in self.fake.messages.values() if not message.deleted]

    def _message(self, message: str) -> Message | None:
        return next((one for one in self.standing() if one.id == int(message)), None)


def at_once(do: Callable[[Discord], object]) -> Doing:
    """Something that is done, not something that lasts."""

    @asynccontextmanager
    async def doing(town: Discord) -> AsyncIterator[None]:
        do(town)
        yield

    return doing


@asynccontextmanager
async def cut(town: Discord) -> AsyncIterator[None]:
    """The gateway's line breaks."""
    await town.fake.close_gateway(4000)
    yield


@asynccontextmanager
async def away(town: Discord) -> AsyncIterator[None]:
    """Gateway and REST refuse every connection."""
    await go_away(town.fake)
    yield
    await come_back(town.fake)


def replay(town: Discord) -> None:
    """Every interaction comes a second time."""
    kept = [json.loads(text) for session in list(town.fake.gateway.sessions.values()) for _, text in session.buffer]
    for one in kept:
        if one["t"] == "INTERACTION_CREATE":
            town.fake.gateway.dispatch("INTERACTION_CREATE", one["d"])


def limited(town: Discord) -> None:
    """The acknowledgement's route, edits, and everything at once."""
    town.fake.limit(EDITS, times=5, retry_after=0.5)
    town.fake.limit(EDITS, retry_after=1.0, everywhere=True)


def forget(town: Discord) -> None:
    """Somebody deletes every second message."""
    for message in town.standing()[::2]:
        town.fake.delete_message(message)


def kick(town: Discord) -> None:
    assert town.place.guild is not None
    town.fake.kick(town.place.guild)


GONE = frozenset({"delivered", "failed", "cancelled"})
TROUBLES = (
    Trouble("the gateway is cut while people ask", cut, asking=True),
    Trouble("the gateway is cut", cut, seconds=1.0),
    Trouble("another connection is asked for", at_once(lambda town: town.fake.reconnect_gateway()), seconds=1.0),
    Trouble("the session is invalid", at_once(lambda town: town.fake.invalidate_sessions()), seconds=1.0),
    Trouble("away", away, seconds=AWAY_SECONDS),
    Trouble("429 at acknowledgements", at_once(lambda town: town.fake.limit(routes.CALLBACK, times=3)), asking=True),
    Trouble("429 of a route and of everything", at_once(limited)),
    Trouble("500 before the effect", at_once(lambda town: town.fake.fail(EDITS, 500, times=10))),
    Trouble("receipts lost", at_once(lambda town: town.fake.fail(EDITS, 502, times=5, after=True))),
    Trouble(
        "10062 at every third acknowledgement",
        at_once(lambda town: town.fake.fail(routes.CALLBACK, 404, times=3, code=10062)),
        asking=True,
        ends=frozenset({"delivered", "cancelled"}),
    ),
    Trouble("messages deleted", at_once(forget), ends=GONE),
    Trouble("the channel deleted", at_once(lambda town: town.fake.remove(town.place)), ends=GONE),
    Trouble("thrown out", at_once(kick), ends=GONE),
    Trouble("interactions again", at_once(replay), seconds=1.0),
)


async def struck(folder: Path, jobs: int, kills: int = 5, seed: int = 1) -> Verdict:
    """SIGKILL at moments that nobody has chosen; nobody sees a placeholder whose job was never accepted."""
    async with FakeDiscord(validate=False, keep_bytes=False) as fake:
        verdict, strays = await strike(folder, Discord(fake), jobs, kills, seed)
    verdict.unended += [f"message {one} belongs to no job" for one in strays]
    return verdict


async def killed_in_an_answer(folder: Path, jobs: int) -> Verdict:
    """The placeholders stand, and the process dies before it is told so."""
    async with FakeDiscord(validate=False, keep_bytes=False) as fake:
        town = Discord(fake)
        held = partial(fake.hold, routes.CALLBACK, after=True)
        reached = partial(_at_least, town.standing, jobs // 2)  # a slow one is deferred, and its placeholder comes later
        verdict, strays = await strike_in(folder, town, jobs, reached, "killed inside acknowledgements", held)
    verdict.unended += [f"message {one} belongs to no job" for one in strays]
    return verdict


async def killed_in_an_edit(folder: Path, jobs: int) -> Verdict:
    """Pictures stand, and the process dies before it is told so."""
    async with FakeDiscord(validate=False, keep_bytes=False) as fake:
        town = Discord(fake)
        held = partial(fake.hold, EDITS, after=True)
        verdict, strays = await strike_in(
            folder, town, jobs, lambda: town.shown() > 0 and placed(folder), "killed inside edits", held
        )
    verdict.unended += [f"message {one} belongs to no job" for one in strays]
    return verdict


def _at_least(found: Callable[[], Sequence[Message]], many: int) -> bool:
    return len(found()) >= many


async def endured(folder: Path, trouble: Trouble, jobs: int) -> Verdict:
    """One of them."""
    async with FakeDiscord(validate=False, keep_bytes=False) as fake:
        return await endure(folder, Discord(fake), trouble, jobs)


KILLS: tuple[Callable[[Path, int], Coroutine[Any, Any, Verdict]], ...] = (struck, killed_in_an_answer, killed_in_an_edit)
