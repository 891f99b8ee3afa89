"""Waiting for a state instead of for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.fakes.slack.model import Clock

T = TypeVar("T")
LOOK_SECONDS = 0.01
"""How often a movable clock is looked at: it cannot tell that somebody moved it."""


class Pulse:
    """Wakes everyone who waits whenever something changed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Something changed."""
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, ready: Callable[[], T], within: float = 5.0) -> T:
        """The first true value of `ready`, looked at after each change; TimeoutError after `within` real seconds."""
        async with asyncio.timeout(within):
            while not (value := ready()):
                await self._event.wait()
        return value

    async def reached(self, deadline: float, stop: asyncio.Event) -> bool:
        """Wait until the clock shows `deadline` (True) or until `stop` is set (False)."""
        while not stop.is_set():
            left = deadline - self.clock()
            if left <= 0:
                return True
            await asyncio.sleep(min(left, LOOK_SECONDS))
        return False
