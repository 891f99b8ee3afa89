"""Acknowledgement while many grids are made: each of four 1024 x 1024 JPEGs, so 2048 x 2048 itself."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import children
from tests.bench.bench_slack import TimedSlack
from tests.bench.crowd import Studio, crowd, studio
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.fakes.slack.model import Channel
from tests.fakes.vendor.script import Script

WARM, HELD = Script(size=1024, grain=True, seconds=0.1), Script(size=1024, grain=True, hold=True)
WAIT_SECONDS, PAUSE_SECONDS = 60.0, 0.02
MOST_MS = 500.0


async def measure(size: Size) -> list[Figure]:
    """The vendor lets all pictures go in one moment; until the last grid stands, one command follows the other."""
    grids = size.grids
    return [*_figures("Discord", grids, await _discord(grids)), *_figures("Slack", grids, await _slack(grids))]


def _figures(chat: str, grids: int, acks: list[float]) -> list[Figure]:
    name = f"{chat}: single command while {grids} grids of 2048x2048 are made"
    return [
        Figure(f"{name}, p50", percentile(acks, 0.5), "ms"),
        Figure(f"{name}, slowest of {len(acks)}", max(acks), "ms", bar=Bar(MOST_MS, "500 ms")),
    ]


async def _discord(grids: int) -> list[float]:
    async with crowd(WARM) as people:
        await people.studio.play(HELD)
        asked = [await people.placeholder() for _ in range(grids)]
        await people.studio.taken(1 + grids)

        async def ack() -> float:
            return (await people.ask().acknowledged(WAIT_SECONDS)).seconds

        return await _meanwhile(people.studio, ack, lambda: all(one.message and one.message.attachments for one in asked))


async def _slack(grids: int) -> list[float]:
    async with studio(WARM) as vendor, TimedSlack() as fake:
        given = children.slack_settings(fake) | {"BENCH_VENDOR": vendor.base}
        with tempfile.TemporaryDirectory() as name:
            async with children.child("tests.bench.watched_bot", Path(name), **given) as running:
                await running.logged("started")
                await fake.connected(WAIT_SECONDS)
                return await _on_slack(fake, vendor, grids)


async def _on_slack(fake: TimedSlack, vendor: Studio, grids: int) -> list[float]:
    channel = fake.channel()

    async def ack() -> float:
        return await _asked(fake, channel)

    def drawn() -> int:
        return sum(bool(one.pictures) for one in fake.messages(channel))

    await ack()
    await fake.until(drawn, WAIT_SECONDS)
    await vendor.play(HELD)
    for _ in range(grids):
        await ack()
    await vendor.taken(1 + grids)
    return await _meanwhile(vendor, ack, lambda: drawn() > grids)


async def _asked(fake: TimedSlack, channel: Channel) -> float:
    delivery = await fake.command(fake.user(), channel, "a lighthouse at dusk")
    return (await delivery.acked(WAIT_SECONDS)).seconds


async def _meanwhile(vendor: Studio, ack: Callable[[], Awaitable[float]], done: Callable[[], bool]) -> list[float]:
    """Milliseconds of each command that was given before all the grids stood."""
    acks = list[float]()
    await vendor.release()
    async with asyncio.timeout(WAIT_SECONDS):
        while not acks or not done():
            acks.append(await ack() * 1000)
            await asyncio.sleep(PAUSE_SECONDS)
    return acks
