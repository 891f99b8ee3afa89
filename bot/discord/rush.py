"""In a rush acknowledgements go before work: Discord gives three seconds for them, and people wait for the work anyway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

T = TypeVar("T")

ROOM = 16
"""About what the store accepts within the time that a direct answer may take."""
TOGETHER = 128
"""Acknowledgements under way. Each needs a connection, and to open one costs as much as all the rest."""
TURN_SECONDS = 1.0
"""So long one waits for a connection that others have opened."""
CALM_SECONDS = 1.0
"""So long work that was deferred waits for the acknowledgements of others: a crowd that never ends must not stop it."""


class Rush:
    """Places at the core, for one event loop; whoever finds none waits in the order of coming."""

    def __init__(self, room: int = ROOM) -> None:
        """`room`: how many places there are."""
        self._places = asyncio.Semaphore(room)
        self._turns = asyncio.Semaphore(TOGETHER)
        self._acknowledging = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._limits: set[asyncio.Timeout] = set()

    @property
    def full(self) -> bool:
        """Whether one would have to wait: then it is too late for a direct answer, and the interaction is deferred first.

        Those at the core learn of it: their direct answers would come after everybody's acknowledgement.
        """
        crowded = self._places.locked()
        while crowded and self._limits:
            limit = self._limits.pop()
            if not limit.expired():
                limit.reschedule(0.0)
        return crowded

    async def direct(self, work: asyncio.Future[T], patience: float) -> bool:
        """Whether `work` ends within so many seconds, and before there is a crowd."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience) as limit:
                self._limits.add(limit)
                try:
                    await asyncio.wait({work})
                finally:
                    self._limits.discard(limit)
        return work.done()

    @asynccontextmanager
    async def acknowledging(self) -> AsyncIterator[None]:
        """While somebody is being told that an answer follows; begins when it is their turn."""
        self._acknowledging += 1
        self._calm.clear()
        mine = False
        try:
            mine = await self._my_turn()
            yield
        finally:
            if mine:
                self._turns.release()
            self._acknowledging -= 1
            if not self._acknowledging:
                self._calm.set()

    async def _my_turn(self) -> bool:
        """False after a wait that is long enough: others hang, and a connection of one's own may be better."""
        if not self._turns.locked():
            return await self._turns.acquire()
        with suppress(TimeoutError):
            async with asyncio.timeout(TURN_SECONDS):
                return await self._turns.acquire()
        return False

    async def through(self, asking: Awaitable[T]) -> T:
        """What `asking` gives or raises, in its turn."""
        async with self._places:
            return await asking

    async def later(self, asking: Awaitable[T]) -> T:
        """The same for what was deferred: when nobody waits for an acknowledgement."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CALM_SECONDS):
                await self._calm.wait()
        return await self.through(asking)
