"""Memory with both chats connected and nothing to do, and the time from start to ready."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench import children
from tests.bench.children import Child
from tests.bench.figures import Bar, Figure, Size
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.slack.fake import FakeSlack

MIB = 1024 * 1024
RATIO, READY_SECONDS = 1.2, 1.5


async def measure(size: Size) -> list[Figure]:
    """The floor is a process that imports the very modules which the idle bot has imported, ours left out."""
    async with FakeDiscord(validate=False) as discord, FakeSlack(validate=False) as slack:
        settings = children.discord_settings(discord) | children.slack_settings(slack)
        return await _figures(settings, size)


async def _figures(settings: dict[str, str], size: Size) -> list[Figure]:
    modules = await _modules(settings)
    firsts, agains, imports = [], [], []
    for _ in range(size.rounds):
        with tempfile.TemporaryDirectory() as folder:
            async with children.child("bot", Path(folder), **settings) as running:
                firsts.append(await running.logged("started"))
            async with children.child("bot", Path(folder), **settings) as running:
                agains.append(await running.logged("started"))
                await asyncio.sleep(size.rest)
                ours = _memory(running)
        async with children.floor("imports") as bare:
            imports.append(await _imported(bare, modules))
            least = _memory(bare)
    first, again, importing = (statistics.median(times) for times in (firsts, agains, imports))
    rss, uss = (Bar(RATIO * floor, "1.2 x floor") for floor in least)
    return [
        Figure("memory at idle, both chats: RSS", ours[0], "MiB", least[0], rss),
        Figure("memory at idle, both chats: USS", ours[1], "MiB", least[1], uss),
        Figure("start to ready, both chats, empty data folder", first, "s", importing, Bar(READY_SECONDS, "1.5 s")),
        Figure("start to ready, both chats, later", again, "s", importing, Bar(READY_SECONDS, "1.5 s")),
    ]


async def _modules(settings: dict[str, str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        async with children.child("tests.bench.watched_bot", Path(folder), **settings) as running:
            await running.logged("started")
            return list((await running.ask("modules"))["modules"])


async def _imported(bare: Child, modules: list[str]) -> float:
    """Seconds from its start."""
    await bare.ask(json.dumps(modules))
    return time.monotonic() - bare.begun


def _memory(running: Child) -> tuple[float, float]:
    """RSS and USS in MiB."""
    used = psutil.Process(running.process.pid).memory_full_info()
    return used.rss / MIB, used.uss / MIB
