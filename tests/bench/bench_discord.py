"""Acknowledgement on Discord: many users at once, beside a bot that only defers; and single commands, unhurried."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from tests.bench import children
from tests.bench.children import Child
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.fakes.discord.callback_routes import MESSAGE
from tests.fakes.discord.server import FakeDiscord

WAIT_SECONDS = 10.0
OVER_FLOOR_MS, MOST_MS = 100.0, 700.0
ITSELF = 95.0
"""Percent of unhurried commands whose first answer is the placeholder."""


async def measure(size: Size) -> list[Figure]:
    """Milliseconds from the command to the first answer, at the fake."""
    figures = []
    for users in size.users:
        floors, ours = [], []
        for _ in range(size.rounds):
            floors.append(await _burst(users, floor=True))
            ours.append(await _burst(users, floor=False))
        figures += _figures(users, ours, floors)
    return figures + await _singles(size.singles)


def _figures(users: int, ours: Sequence[Sequence[float]], floors: Sequence[Sequence[float]]) -> list[Figure]:
    """Medians over the rounds."""
    figures = []
    for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
        value, floor = (statistics.median(percentile(one, share) for one in rounds) for rounds in (ours, floors))
        figures.append(Figure(f"Discord: {users} users at once, {name}", value, "ms", floor, _bar(users, name, floor)))
    return figures


def _bar(users: int, name: str, floor: float) -> Bar | None:
    if name != "p99":
        return None
    return Bar(MOST_MS, "700 ms") if users >= 1000 else Bar(floor + OVER_FLOOR_MS, "floor + 100 ms")


async def _burst(users: int, *, floor: bool) -> list[float]:
    """One round, in fresh processes; one command before it, so that nothing is imported in it."""
    async with FakeDiscord(validate=False, keep_bytes=False) as fake:
        channel = fake.channel()
        async with _running(fake, floor=floor):
            await fake.ready(timeout=WAIT_SECONDS)
            await fake.until(lambda: fake.commands.get(None), WAIT_SECONDS)
            await fake.slash(fake.user(), channel, "imagine", prompt="a lighthouse").acknowledged(WAIT_SECONDS)
            people = [fake.user() for _ in range(users)]
            asked = [fake.slash(one, channel, "imagine", prompt="a lighthouse at dusk") for one in people]
            done = await asyncio.gather(*(one.acknowledged(WAIT_SECONDS) for one in asked), return_exceptions=True)
    return [float("inf") if isinstance(one, BaseException) else one.seconds * 1000 for one in done]


def _running(fake: FakeDiscord, *, floor: bool) -> AbstractAsyncContextManager[Child]:
    settings = children.discord_settings(fake)
    return children.floor("discord_defer", **settings) if floor else children.bot(**settings)


async def _singles(count: int) -> list[Figure]:
    """Each begins when the pictures of the one before it stand."""
    async with FakeDiscord(validate=False, keep_bytes=False) as fake:
        channel = fake.channel()
        async with children.bot(**children.discord_settings(fake), IMAGINE_SKETCH_SECONDS="0"):
            acks = []
            for _ in range(count + 1):
                asked = fake.slash(fake.user(), channel, "imagine", prompt="a lighthouse at dusk")
                acks.append(await asked.acknowledged(WAIT_SECONDS))
                await asked.until(lambda asked=asked: asked.message and asked.message.attachments, WAIT_SECONDS)  # type: ignore[misc]  # bound early
    acks = acks[1:]
    itself = 100 * sum(one.type == MESSAGE for one in acks) / len(acks)
    times = [one.seconds * 1000 for one in acks]
    return [
        Figure("Discord: single command, answered by the placeholder", itself, "%", bar=Bar(ITSELF, "95 %", at_least=True)),
        Figure("Discord: single command, p50", percentile(times, 0.5), "ms"),
        Figure("Discord: single command, p99", percentile(times, 0.99), "ms"),
    ]
