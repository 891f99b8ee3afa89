"""People who ask on Discord while a vendor in a process of its own draws; the bot is a third process."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from math import inf
from pathlib import Path

import psutil
from aiohttp import ClientSession

from tests.bench import children
from tests.bench.children import Child
from tests.fakes.discord.interaction import FakeInteraction
from tests.fakes.discord.model import Channel
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.vendor.script import Script
from tests.support.wait import eventually

WAIT_SECONDS = 60.0


@dataclass
class Studio:
    """The fake vendor in its own process."""

    base: str

    async def play(self, script: Script) -> None:
        """From now on."""
        await self._post("script", asdict(script))

    async def release(self) -> None:
        """Every draw that is held is done now."""
        await self._post("release", None)

    async def taken(self, draws: int) -> None:
        """Return when it has taken so many draws, since its start."""
        await eventually(lambda: self._has(draws), WAIT_SECONDS, 0.05)

    async def _has(self, draws: int) -> bool:
        async with ClientSession() as session, session.get(f"{self.base}/counts") as answer:
            return int((await answer.json())["total"]) >= draws

    async def _post(self, path: str, data: object) -> None:
        async with ClientSession() as session, session.post(f"{self.base}/{path}", json=data) as answer:
            answer.raise_for_status()


@asynccontextmanager
async def studio(script: Script) -> AsyncIterator[Studio]:
    """It draws as the script says; every picture has been made once."""
    with tempfile.TemporaryDirectory() as name:
        async with children.child("tests.fakes.vendor", Path(name)) as process:
            vendor = Studio(f"http://127.0.0.1:{(await process.line())['port']}")
            await vendor.play(script)
            yield vendor


@dataclass
class Crowd:
    """Everybody asks once, as a user of their own: nobody's quota and nobody's line counts."""

    fake: FakeDiscord
    channel: Channel
    bot: Child
    studio: Studio
    folder: Path
    asked: int = 0
    finished: int = 0
    seconds: list[float] = field(default_factory=list)
    """From the command to the pictures, of every job in the order of their ends; infinite where none came."""

    @property
    def going(self) -> int:
        """Jobs asked for whose pictures are not there yet."""
        return self.asked - self.finished

    def ask(self) -> FakeInteraction:
        """One command."""
        self.asked += 1
        return self.fake.slash(self.fake.user(), self.channel, "imagine", prompt="a lighthouse at dusk")

    async def job(self) -> None:
        """One, to its pictures. One without them in time counts as under way."""
        begun, asked = time.monotonic(), self.ask()
        try:
            await asked.until(lambda: asked.message and asked.message.attachments, WAIT_SECONDS)
        except TimeoutError:
            self.seconds.append(inf)
        else:
            self.finished += 1
            self.seconds.append(time.monotonic() - begun)

    async def placeholder(self) -> FakeInteraction:
        """One, until it is said that it waits or is drawn."""
        asked = self.ask()
        await asked.until(lambda: asked.message and not asked.message.loading, WAIT_SECONDS)
        return asked

    async def closed(self, users: int, until: float) -> None:
        """So many people ask again and again as soon as theirs is there, until that moment (monotonic seconds)."""

        async def again() -> None:
            while time.monotonic() < until:
                await self.job()

        await asyncio.gather(*(again() for _ in range(users)))

    async def steady(self, rate: float, seconds: float) -> list[int]:
        """So many ask every second, whatever comes of it. Returns the jobs under way, read once a second."""
        begun, lengths = time.monotonic(), list[int]()
        async with asyncio.TaskGroup() as jobs:
            for number in range(int(rate * seconds)):
                await asyncio.sleep(begun + number / rate - time.monotonic())
                jobs.create_task(self.job())
                if time.monotonic() - begun >= len(lengths):
                    lengths.append(self.going)
        return lengths

    def memory(self) -> float:
        """MiB of the bot that lie in no file: of those that do, its own share changes with what else runs on the machine."""
        return anonymous(self.bot.process.pid)

    def cpu(self) -> float:
        """Seconds of processor time that the bot has taken since its start, in all its threads and children."""
        one = psutil.Process(self.bot.process.pid)
        times = [each.cpu_times() for each in (one, *one.children(recursive=True))]
        return sum(each.user + each.system for each in times)


def anonymous(pid: int) -> float:
    """MiB that a process has for itself, by the kernel's own sum (proc_pid_smaps(5))."""
    found = re.search(r"^Anonymous:\s+(\d+) kB$", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found is not None, "the kernel sums up no memory"
    return int(found[1]) / 1024


@asynccontextmanager
async def crowd(script: Script, module: str = "tests.bench.watched_bot", **settings: str) -> AsyncIterator[Crowd]:
    """A bot that has started and whose first job is done, so that everything is imported."""
    async with studio(script) as vendor, FakeDiscord(validate=False, keep_bytes=False) as fake:
        given = children.discord_settings(fake) | {"BENCH_VENDOR": vendor.base} | settings
        with tempfile.TemporaryDirectory() as name:
            async with children.child(module, Path(name), **given) as running:
                await running.logged("started")
                await fake.ready(timeout=WAIT_SECONDS)
                await fake.until(lambda: fake.commands.get(None), WAIT_SECONDS)
                people = Crowd(fake, fake.channel(), running, vendor, Path(name))
                await people.job()
                yield people
