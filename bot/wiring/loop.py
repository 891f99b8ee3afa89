"""A loop that runs beside the engine until the process stops."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.cut import cut


class Beside(Protocol):
    """What runs beside the engine."""

    def start(self) -> None:
        """In the running event loop."""
        ...

    async def stop(self) -> None:
        """Returns when it has ended."""
        ...


class Loop:
    """Starts `run` as a task and ends it by cancelling."""

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        """Starts nothing yet."""
        self._run = run
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """In the running event loop."""
        self._task = asyncio.create_task(self._go())

    async def stop(self) -> None:
        """Returns when it has ended."""
        if self._task is not None:
            await cut([self._task])
            self._task = None

    async def _go(self) -> None:
        await self._run()
