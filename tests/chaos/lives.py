"""The parent's hand on the bot's process: start, listen, kill."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.points import Stop
from tests.support.ports import free_port

START_SECONDS = 30.0


@dataclass
class Life:
    """One process. `reached`: (user, job id) -> point, in the order in which they were reached.

    `back`: seconds from its birth until it said that it was started. `lease`: what it holds jobs by.
    """

    process: asyncio.subprocess.Process
    born: float = field(default_factory=time.monotonic)
    reached: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    lease: str = ""
    back: float = 0.0
    port: int = 0
    gone: bool = False
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, true: Callable[[Life], bool], seconds: float) -> bool:
        """Wait for lines until `true`; False when the time is up or the process has ended without it."""
        try:
            async with asyncio.timeout(seconds), self.news:
                await self.news.wait_for(lambda: true(self) or self.gone)
        except TimeoutError:
            return False
        return true(self)

    def order(self, **facts: Any) -> None:
        """A line for its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(facts).encode() + b"\n")

    def signal(self, which: signal.Signals) -> None:
        """From outside, like an operator or the kernel."""
        self.process.send_signal(which)

    async def kill(self) -> None:
        """SIGKILL; returns when it is dead."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def listen(self) -> None:
        """Take in what it says until it ends."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self._note(json.loads(line))
            async with self.news:
                self.news.notify_all()
        self.gone = True
        async with self.news:
            self.news.notify_all()

    def _note(self, facts: dict[str, Any]) -> None:
        self.lines.append(facts)
        if "reached" in facts:
            self.reached[facts["user"], facts["job"]] = facts["reached"]
        elif "url" in facts:
            self.url, self.port, self.lease = facts["url"].rstrip("/"), facts["port"], facts["lease"]
            self.back = time.monotonic() - self.born


@dataclass
class Den:
    """What stays the same from life to life: the data folder, the vendor and the port.

    `chats`: settings of chats besides the playground; `pace` "real": waits are not made short. `database`: on a server,
    where processes of several `roles` may live at a time; `public`: where webhooks come in, the last one's that has web.
    """

    folder: Path
    vendor: str
    lookup: bool
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    chats: dict[str, str] = field(default_factory=dict)
    pace: str = "quick"
    database: str = ""
    lease: float = 0.0
    roles: str = ""
    public: int = 0

    @property
    def books(self) -> Path | str:
        """Where the auditor reads."""
        return self.database or self.folder

    def environ(self, plan: Mapping[str, Stop]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("IMAGINE_", "DISCORD_", "SLACK_"))}
        caps = {"USER_RUNNING": "1", "RUNNING": "1000", "POLL_SECONDS": "0.1"}
        ours = {"DATA_DIR": str(self.folder), "PLAYGROUND": "on"} | caps | self.settings
        chaos = {"VENDOR": self.vendor, "LOOKUP": str(int(self.lookup)), "PACE": self.pace}
        chaos["PLAN"] = json.dumps({user: str(stop) for user, stop in plan.items()})
        if self.database:
            ours |= {"ROLES": self.roles, "SECRET": "one-phrase-for-all-processes"}
            chaos |= {"LEASE": str(self.lease), "PUBLIC": str(self.public)}
        named = {f"IMAGINE_{name}": value for name, value in ours.items()}
        return (
            kept
            | named
            | {f"CHAOS_{name}": value for name, value in chaos.items()}
            | {"HTTP_PORT": "0" if self.roles else str(self.port)}
            | ({"DATABASE_URL": self.database} if self.database else {})
            | self.chats
        )

    @asynccontextmanager
    async def life(self, plan: Mapping[str, Stop] | None = None, *, ready: bool = True) -> AsyncIterator[Life]:
        """A process from its start to its kill. `ready` False where it is to stop before it answers."""
        log = (self.folder.parent / f"{self.folder.name}.log").open("ab")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.chaos.child", env=self.environ(plan or {}), stderr=log,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        life = Life(process)
        listening = asyncio.create_task(life.listen())
        try:
            if ready:
                assert await life.until(lambda life: bool(life.url), START_SECONDS), f"no start, see {log.name}"
                self.port = life.port
                self.public = life.port if "web" in self.roles else self.public
            yield life
        finally:
            await life.kill()
            await listening
            log.close()
