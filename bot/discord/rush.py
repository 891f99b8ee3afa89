"""How many requests the core works on at a time, so that in a rush acknowledgements go before work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

ROOM = 16
"""About what the store accepts within the time that a direct answer may take."""


class Rush:
    """Places at the core, for one event loop; whoever finds none waits in the order of coming."""

    def __init__(self, room: int = ROOM) -> None:
        """`room`: how many places there are."""
        self._places = asyncio.Semaphore(room)

    @property
    def full(self) -> bool:
        """Whether one would have to wait: then it is too late for a direct answer, and the interaction is deferred first."""
        return self._places.locked()

    async def through(self, asking: Awaitable[T]) -> T:
        """What `asking` gives or raises, in its turn."""
        async with self._places:
            return await asking
