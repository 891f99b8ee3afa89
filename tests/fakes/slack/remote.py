"""A fake Slack in another process: it outlives a bot that is killed, and takes no time from the loop that is measured."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Self

from tests.fakes.slack.model import Json

ROOT = Path(__file__).parents[3]
LINE_BYTES = 64 * 1024 * 1024


class RemoteSlack:
    """`async with RemoteSlack() as slack:` starts it; `await slack.do("commands", count=1000)` gives it an order."""

    def __init__(self, *, validate: bool = True) -> None:
        self._flags = [] if validate else ["--loose"]
        self._process: asyncio.subprocess.Process | None = None
        self.api_url = self.bot_token = self.app_token = self.signing_secret = ""

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        command = [sys.executable, "-m", "tests.fakes.slack", *self._flags]
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe, limit=LINE_BYTES)
        for name, value in (await self._line()).items():
            setattr(self, name, value)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()

    async def do(self, order: str, **arguments: Any) -> Json:
        """Give an order of `orders.py` and wait for its answer. Raises RuntimeError where it went wrong."""
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("not started")
        self._process.stdin.write(json.dumps({"do": order, **arguments}).encode() + b"\n")
        await self._process.stdin.drain()
        answer = await self._line()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    async def _line(self) -> Json:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("not started")
        found: Json = json.loads(await self._process.stdout.readline() or b'{"error": "the process ended"}')
        return found
