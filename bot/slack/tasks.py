"""Work that goes on behind the acknowledgement: held on to, logged when it fails, awaited at the stop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.cut import cut

log = structlog.get_logger(__name__)


class Tasks:
    """Running tasks by strong reference (asyncio keeps only weak ones)."""

    def __init__(self) -> None:
        """None yet."""
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run it; never raises."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def drain(self, seconds: float) -> None:
        """Wait for all of them at most so long, then cancel the rest."""
        if not self._running:
            return
        _, late = await asyncio.wait(tuple(self._running), timeout=seconds)
        await cut(late)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack_task_failed", task=task.get_name(), exc_info=error)
