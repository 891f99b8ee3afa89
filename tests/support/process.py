"""The bot as a child process, as an operator runs it; ended by us through its own id."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS = 30.0
URL = re.compile(r"http://\S+")


def environment(**settings: str) -> dict[str, str]:
    """Nothing of the machine's own settings; a free port, and sketch without its pauses."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"HTTP_PORT": "0", "IMAGINE_SKETCH_SECONDS": "0"} | settings


@dataclass
class BotProcess:
    """One child. `log`: its lines so far, JSON or text."""

    child: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)

    async def said(self, event: str, within: float = SECONDS) -> dict[str, Any]:
        """The next line of the log with this event."""
        assert self.child.stderr is not None
        async with asyncio.timeout(within):
            async for raw in self.child.stderr:
                self.log.append(raw.decode().rstrip("\n"))
                if self.log[-1].startswith("{") and json.loads(self.log[-1]).get("event") == event:
                    return dict(json.loads(self.log[-1]))
        raise AssertionError(f"the bot never said {event}: {self.log}")

    async def url(self, within: float = SECONDS) -> str:
        """The address in the one line that it prints."""
        assert self.child.stdout is not None
        async with asyncio.timeout(within):
            line = (await self.child.stdout.readline()).decode()
        found = URL.search(line)
        assert found, (line, self.log)
        return found[0]

    def send(self, which: signal.Signals) -> None:
        """To this child alone."""
        self.child.send_signal(which)

    async def ended(self, within: float = SECONDS) -> tuple[int, str, str]:
        """Exit code, the rest of standard output, all of standard error."""
        async with asyncio.timeout(within):
            out, error = await self.child.communicate()
        self.log += error.decode().splitlines()
        return self.child.returncode or 0, out.decode(), "\n".join(self.log)


@asynccontextmanager
async def bot_process(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[BotProcess]:
    """`imagine-bot ARGUMENTS` in `folder`; killed at the end if it still runs."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment(**settings), stdout=pipe, stderr=pipe
    )
    try:
        yield BotProcess(child)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
