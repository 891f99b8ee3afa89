"""The same bot on an empty database and on one with years of old jobs: answers and steps should take as long."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench import children
from tests.bench.bench_engine import alone
from tests.bench.crowd import Studio, studio
from tests.bench.engine_alone import Outcome
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.fakes.discord.model import Channel, User
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.vendor.script import Script
from tests.support.history import multiply
from tests.support.wait import eventually

DRAWING = Script(size=64, seconds=0.05)
DATABASE = "imagine.db"
WAIT_SECONDS = 60.0
TIMES = 1.2
RATE, PROVIDER_SECONDS = 5.0, 1.0
"""Of the engine alone: unhurried, so that a step's own time shows and no line."""


async def measure(size: Size) -> list[Figure]:
    """Both bots stand at the same time and are asked in turns; then the engine alone, on both databases in turns."""
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(studio(DRAWING))
        empty, full = [await _side(stack, vendor) for _ in range(2)]
        await asyncio.to_thread(multiply, full.folder / DATABASE, size.old_jobs, time.time())
        return [*await _starts(empty, full, size), *await _chat(empty, full, size), *await _steps(empty, full, size)]


@dataclass
class Side:
    """One bot with its own chat. `heavy`: the user whose first job was copied."""

    fake: FakeDiscord
    channel: Channel
    heavy: User
    settings: dict[str, str]
    folder: Path

    @property
    def address(self) -> str:
        """Of its database."""
        return f"sqlite:///{self.folder / DATABASE}"

    async def delivered(self) -> bool:
        """The first job's row says so: it does a moment after its pictures stand in the chat."""
        with closing(sqlite3.connect(self.folder / DATABASE)) as connection:
            return connection.execute("SELECT 1 FROM jobs WHERE state = 'delivered'").fetchone() is not None

    async def ask(self) -> tuple[float, float]:
        """Milliseconds to the answer, and to the pictures, of the user with the long history."""
        begun = time.monotonic()
        asked = self.fake.slash(self.heavy, self.channel, "imagine", prompt="a lighthouse at dusk")
        ack = await asked.acknowledged(WAIT_SECONDS)
        await asked.until(lambda: asked.message and asked.message.attachments, WAIT_SECONDS)
        return ack.seconds * 1000, (time.monotonic() - begun) * 1000


async def _starts(empty: Side, full: Side, size: Size) -> list[Figure]:
    """The first of them meets the disk that still writes down a million rows, and is not counted."""
    ready: dict[bool, list[float]] = {True: [], False: []}
    for side in (empty, full) * (size.rounds + 1):
        async with AsyncExitStack() as once:
            ready[side is full].append(await _start(once, side))
    pairs = list(zip(ready[False][1:], ready[True][1:], strict=True))
    return [_against(f"{size.old_jobs:,} old jobs: start to ready, p50", pairs, "s")]


async def _chat(empty: Side, full: Side, size: Size) -> list[Figure]:
    async with AsyncExitStack() as stack:
        for side in (empty, full):
            await _start(stack, side)
        pairs = [(await empty.ask(), await full.ask()) for _ in range(size.singles + 1)][1:]
    name = f"{size.old_jobs:,} old jobs"
    acks, wholes = ([(few[at], many[at]) for few, many in pairs] for at in (0, 1))
    return [
        _against(f"{name}: command answered, p50", acks, "ms"),
        _against(f"{name}: command to pictures, p50", wholes, "ms"),
    ]


def _against(name: str, pairs: list[tuple[float, float]], unit: str) -> Figure:
    few, many = (percentile(values, 0.5) for values in zip(*pairs, strict=True))
    return Figure(name, many, unit, few, Bar(TIMES * few, "1.2 x empty"))


async def _side(stack: AsyncExitStack, vendor: Studio) -> Side:
    """With one job drawn, and stopped."""
    fake = await stack.enter_async_context(FakeDiscord(validate=False, keep_bytes=False))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    settings = children.discord_settings(fake) | {"BENCH_VENDOR": vendor.base, "IMAGINE_DAILY_IMAGES": "100000000"}
    side = Side(fake, fake.channel(), fake.user(), settings, folder)
    async with AsyncExitStack() as once:
        await _start(once, side)
        await side.ask()
        await eventually(side.delivered, WAIT_SECONDS)
    return side


async def _start(stack: AsyncExitStack, side: Side) -> float:
    """Returns the seconds until it was ready."""
    running = await stack.enter_async_context(children.child("tests.bench.watched_bot", side.folder, **side.settings))
    ready = await running.logged("started")
    await side.fake.ready(timeout=WAIT_SECONDS)
    await side.fake.until(lambda: side.fake.commands.get(None), WAIT_SECONDS)
    return ready


async def _steps(empty: Side, full: Side, size: Size) -> list[Figure]:
    found = list[tuple[Outcome, Outcome]]()
    for _ in range(size.rounds):
        few, many = [
            await alone(f"sqlite:///{one.folder / DATABASE}", RATE, size.engine / 3, PROVIDER_SECONDS)
            for one in (empty, full)
        ]
        found.append((few, many))
    asked = [(percentile(few.asked, 0.5), percentile(many.asked, 0.5)) for few, many in found]
    added = [(percentile(few.added, 0.5), percentile(many.added, 0.5)) for few, many in found]
    name = f"{size.old_jobs:,} old jobs, engine alone"
    return [
        _against(f"{name}: from the command to its acceptance, median", asked, "ms"),
        _against(f"{name}: added per job, median", added, "ms"),
        _against(f"{name}: CPU per job", [(few.cpu, many.cpu) for few, many in found], "ms"),
    ]
