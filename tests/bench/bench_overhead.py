"""What the bot itself takes: from the provider's end of four 1024x1024 JPEGs to the final edit at the chat."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from tests.bench import children
from tests.bench.children import Child
from tests.bench.figures import Bar, Figure, Size, percentile
from tests.fakes.discord.model import Channel
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.vendor.script import Script
from tests.fakes.vendor.server import Vendor, serve
from tests.support.wait import eventually

WAIT_SECONDS = 20.0
SIDE = 1024
MOST_MS, BLOCK_MS = 150.0, 50.0


async def measure(size: Size) -> list[Figure]:
    """The vendor's end is the moment in which the bench releases the draw; a webhook follows. First one left out."""
    async with serve() as vendor, FakeDiscord(validate=False, keep_bytes=False) as fake:
        vendor.script = Script(size=SIDE, hold=True, grain=True)
        settings = children.discord_settings(fake) | {"BENCH_VENDOR": vendor.base}
        with tempfile.TemporaryDirectory() as name:
            async with children.child("tests.bench.watched_bot", Path(name), **settings) as running:
                await running.logged("started")
                return await _drawings(running, vendor, fake, size)


async def _drawings(running: Child, vendor: Vendor, fake: FakeDiscord, size: Size) -> list[Figure]:
    channel = fake.channel()
    await _drawing(vendor, fake, channel, size.rest)
    await running.ask("reset")
    await asyncio.sleep(size.rest * 3)
    idle = (await running.ask("reset"))["longest_ms"]
    times, blocks = [], []
    for _ in range(size.drawings):
        await running.ask("reset")
        times.append(await _drawing(vendor, fake, channel, size.rest))
        blocks.append((await running.ask("longest"))["longest_ms"])
    return [
        Figure(
            "own overhead: provider's end to final edit, median", percentile(times, 0.5), "ms", bar=Bar(MOST_MS, "150 ms")
        ),
        Figure("own overhead: the same, p95", percentile(times, 0.95), "ms"),
        Figure("event loop: longest block during it, median", percentile(blocks, 0.5), "ms", idle),
        Figure("event loop: longest block during it, worst", max(blocks), "ms", idle, Bar(BLOCK_MS, "50 ms")),
    ]


async def _drawing(vendor: Vendor, fake: FakeDiscord, channel: Channel, rest: float) -> float:
    """Milliseconds."""
    before = len(vendor.draws)

    async def begun() -> bool:
        return len(vendor.draws) > before

    asked = fake.slash(fake.user(), channel, "imagine", prompt="a lighthouse at dusk")
    await fake.until(lambda: asked.message and not asked.message.loading, WAIT_SECONDS)
    await eventually(begun, WAIT_SECONDS)
    await asyncio.sleep(rest)
    finished = time.monotonic()
    list(vendor.draws.values())[-1].release()
    await asked.until(lambda: asked.message and asked.message.attachments, WAIT_SECONDS)
    return (time.monotonic() - finished) * 1000
