"""A Core that answers what a test says, when a test says so, and small worlds to put it in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.jobs.asks import Answer, Ask, Command, Imagine, Placeholder, Press, Private, Submission
from bot.jobs.model import Action, Job, JobState, Picture, Request
from bot.jobs.place import Actor, MessageRef, Place, Platform, Reply
from bot.jobs.surface import Button, Card, Choice, Shown, Tone
from providers.base import Params, Size

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
Asked = Imagine | Command | Press | Submission

WAITING = Card(Tone.WAITING, title="a lighthouse at dusk", status="Waiting to start")
REFUSED = Card(Tone.FAILED, lines=("No units left today.",), private=True)


@dataclass
class StubCore:
    """`answer` to everything; `hold` makes it wait until its condition is true (checked every 5 ms)."""

    answer: Answer | Exception = field(default_factory=lambda: Placeholder("job1", WAITING))
    hold: Callable[[], bool] = lambda: True
    asked: list[Asked] = field(default_factory=list)
    placed_at: list[tuple[str, MessageRef]] = field(default_factory=list)
    unplaced_jobs: list[str] = field(default_factory=list)
    joins: list[tuple[Place, str]] = field(default_factory=list)
    guide: Card | None = None
    known: set[str] = field(default_factory=set)

    async def imagine(self, asked: Imagine) -> Answer:
        return await self._answer(asked)

    async def command(self, asked: Command) -> Answer:
        return await self._answer(asked)

    async def press(self, asked: Press) -> Answer:
        return await self._answer(asked)

    async def submit(self, asked: Submission) -> Answer:
        return await self._answer(asked)

    async def placed(self, job_id: str, message: MessageRef) -> None:
        self.placed_at.append((job_id, message))

    async def unplaced(self, job_id: str) -> None:
        self.unplaced_jobs.append(job_id)

    async def became_job(self, platform: Platform, key: str) -> bool:
        return key in self.known

    async def suggest(self, option: str, typed: str, place: Place) -> list[Choice]:
        return [Choice(f"{typed}{number}:2", f"{option} {number}") for number in range(30)]

    async def joined(self, place: Place, adder: str) -> Card | None:
        self.joins.append((place, adder))
        return self.guide

    @property
    def ask(self) -> Ask:
        return self.asked[-1].ask

    async def _answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        await until(self.hold)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def until(check: Callable[[], object]) -> None:
    """Wait for a state that nobody announces."""
    for _ in range(2_000):
        if check():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError("the state did not come")


class StubPictures:
    """Bytes in memory."""

    def __init__(self, **stored: bytes) -> None:
        self.stored = dict(stored)
        self.read: list[str] = []

    async def put(self, key: str, data: bytes, mime: str) -> None:
        self.stored[key] = data

    async def get(self, key: str) -> bytes:
        self.read.append(key)
        return self.stored[key]

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.stored.pop(key, None)

    async def has(self, key: str) -> bool:
        return key in self.stored

    async def keys(self, folder: str, *, after: float = 0.0, before: float = 0.0) -> AsyncIterator[Sequence[str]]:
        yield [key for key in self.stored if key.startswith(f"{folder}/")]


@dataclass
class StubFetcher:
    """Remembers what was fetched."""

    fetched: list[tuple[str, int, str]] = field(default_factory=list)

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        self.fetched.append((url, limit, trusted))
        return PNG


def refusal() -> Private:
    return Private(REFUSED, refused=True)


def with_buttons(*controls: str) -> Card:
    rows = (tuple(Button(control, f"B{number}") for number, control in enumerate(controls)),)
    return Card(Tone.DONE, title="a lighthouse at dusk", status="drawn by sketch", rows=rows)


def picture(key: str = "grid") -> Shown:
    return Shown(Picture(key, "image/png", 64, 64, len(PNG)), f"{key}.png", "four lighthouses")


def job(actor_id: int, place: Place, *, reply: Reply | None = None, message: MessageRef | None = None) -> Job:
    return Job(
        id="0123456789abcdef0123",
        action=Action.IMAGINE,
        state=JobState.RUNNING,
        actor=Actor(Platform.DISCORD, str(actor_id), "ann"),
        place=place,
        request=Request("a lighthouse", "a lighthouse", Params(), Size(64, 64)),
        units=4,
        provider="sketch",
        created_at=0.0,
        reply=reply,
        message=message,
    )


def text_of(message: object) -> str:
    """All text of a Components V2 message."""
    found: list[str] = []
    pending = [*getattr(message, "components", [])]
    while pending:
        part = pending.pop(0)
        found += [part["content"]] if "content" in part else []
        pending = [*part.get("components", []), *pending]
    return "\n".join(found)
