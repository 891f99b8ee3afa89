"""What is measured runs as a process of its own; the fakes of chats and vendor run in the process that measures."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.slack.fake import FakeSlack
from tests.support.process import environment

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
LOOK_SECONDS = 0.005


@dataclass
class Child:
    """One process. Its log goes to a file: a pipe that nobody reads would hold it up. `begun`: monotonic seconds."""

    process: asyncio.subprocess.Process
    log: Path
    begun: float = field(default_factory=time.monotonic)

    async def logged(self, event: str) -> float:
        """Seconds from the start until the log says this event. Raises RuntimeError if the process ends without it."""
        async with asyncio.timeout(START_SECONDS):
            while f'"{event}"' not in (said := self.log.read_text()):
                if self.process.returncode is not None:
                    raise RuntimeError(f"it ended with {self.process.returncode}: {said}")
                await asyncio.sleep(LOOK_SECONDS)
        return time.monotonic() - self.begun

    async def line(self, within: float = START_SECONDS) -> dict[str, Any]:
        """The next JSON line that it prints. Raises RuntimeError if there is none."""
        assert self.process.stdout is not None
        async with asyncio.timeout(within):
            if not (line := await self.process.stdout.readline()):
                raise RuntimeError(self.log.read_text())
        return dict(json.loads(line))

    async def ask(self, what: str) -> dict[str, Any]:
        """An order and its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(what.encode() + b"\n")
        return await self.line()


@asynccontextmanager
async def child(module: str, folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Child]:
    """`python -m MODULE`, killed at the end. Settings are its environment; unless told otherwise nothing is drawn yet."""
    given = {"IMAGINE_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), "IMAGINE_SKETCH_SECONDS": "600"} | settings
    pipe, log = asyncio.subprocess.PIPE, folder / f"{time.monotonic_ns()}.log"
    with log.open("wb") as errors:
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments,
            cwd=folder, env=environment(**given), stdin=pipe, stdout=pipe, stderr=errors, limit=1 << 24,
        )  # fmt: skip
    try:
        yield Child(process, log, begun)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def bot(**settings: str) -> AsyncIterator[Child]:
    """`python -m bot` on an empty data folder, started."""
    with tempfile.TemporaryDirectory() as name:
        async with child("bot", Path(name), **settings) as running:
            await running.logged("started")
            yield running


@asynccontextmanager
async def floor(module: str, *arguments: str, **settings: str) -> AsyncIterator[Child]:
    """What the bot is compared with; it imports nothing of ours."""
    with tempfile.TemporaryDirectory() as name:
        async with child(f"tests.bench.floors.{module}", Path(name), *arguments, **settings) as running:
            yield running


def discord_settings(fake: FakeDiscord) -> dict[str, str]:
    """That point at the fake."""
    return {"DISCORD_TOKEN": fake.token, "DISCORD_API_URL": fake.api_url, "DISCORD_GATEWAY_URL": fake.gateway_url}


def slack_settings(fake: FakeSlack) -> dict[str, str]:
    """That point at the fake, by Socket Mode."""
    return {"SLACK_BOT_TOKEN": fake.bot_token, "SLACK_APP_TOKEN": fake.app_token, "SLACK_API_URL": fake.api_url}
