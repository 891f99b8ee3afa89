"""Waiting for a state without polling: every change wakes whoever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """A bell. `notify` rings it; `until` looks again at each ring."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Something changed."""
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, check: Callable[[], T], timeout: float) -> T:
        """Wait until `check` gives something true and return it; TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not (found := check()):
                await self._event.wait()
            return found
