"""In a rush acknowledgements go before work: Discord gives three seconds for them, and people wait for the work anyway."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")

ROOM = 16
"""About what the store accepts within the time that a direct answer may take."""
CALM_SECONDS = 1.0
"""So long work that was deferred waits for the acknowledgements of others: a crowd that never ends must not stop it."""


class Rush:
    """Places at the core, for one event loop; whoever finds none waits in the order of coming."""

    def __init__(self, room: int = ROOM) -> None:
        """`room`: how many places there are."""
        self._places = asyncio.Semaphore(room)
        self._acknowledging = 0
        self._calm = asyncio.Event()
        self._calm.set()
        self._crowd: asyncio.Future[None] | None = None

    @property
    def full(self) -> bool:
        """Whether one would have to wait: then it is too late for a direct answer, and the interaction is deferred first.

        Those at the core learn of it: their direct answers would come after everybody's acknowledgement.
        """
        if self._places.locked():
            if self._crowd is not None and not self._crowd.done():
                self._crowd.set_result(None)
            return True
        return False

    async def direct(self, work: asyncio.Future[T], patience: float) -> bool:
        """Whether `work` ends within so many seconds, and before there is a crowd."""
        if self._crowd is None or self._crowd.done():
            self._crowd = asyncio.get_running_loop().create_future()
        either: set[asyncio.Future[Any]] = {work, self._crowd}
        await asyncio.wait(either, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        return work.done()

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """While somebody is being told that an answer follows."""
        self._acknowledging += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._acknowledging -= 1
            if not self._acknowledging:
                self._calm.set()

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
