"""A test's hand on the fake vendor, in this process or another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx


class Control:
    """Over the control routes at `base`; the client is the caller's."""

    def __init__(self, base: str, client: httpx.AsyncClient) -> None:
        self.base = base
        self._client = client

    async def script(self, **fields: Any) -> None:
        """What happens to the calls that come next; see `Script`."""
        (await self._client.post(f"{self.base}/script", json=fields)).raise_for_status()

    async def release(self) -> None:
        """End every draw that is held."""
        (await self._client.post(f"{self.base}/release")).raise_for_status()

    async def counts(self) -> dict[str, Any]:
        """`total` calls paid, `pictures` asked for in them, and calls by our key (`keys`)."""
        return dict((await self._client.get(f"{self.base}/counts")).json())

    async def calls(self) -> dict[str, Any]:
        """`draws`: every call that was taken, as it came; `webhooks`: each that was sent and what came of it."""
        return dict((await self._client.get(f"{self.base}/calls")).json())


@contextmanager
def process(state: Path, port: int = 0) -> Iterator[str]:
    """The vendor as a process of its own; yields its address and kills it at the end. `state` keeps its counts."""
    command = [sys.executable, "-m", "tests.fakes.vendor", "--port", str(port), "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield f"http://127.0.0.1:{json.loads(running.stdout.readline())['port']}"
        finally:
            running.kill()
