"""Brings deliveries to the bot, and brings events again that were not acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.world import World

RETRY_SECONDS = (0.0, 60.0, 300.0)
"""When a failed event comes again: at once, after a minute, after five (docs.slack.dev, "Events API")."""
CLOSE_SECONDS = 0.1


class Transport(Protocol):
    """A way to the bot."""

    async def send(self, delivery: Delivery, attempt: int, reason: str) -> asyncio.Task[str] | None:
        """Send once. The task ends with the reason to send again, empty for none; None: nothing to wait for."""
        ...


class Courier:
    """Owns the tasks that wait for acknowledgements."""

    def __init__(self, world: World, transport: Transport) -> None:
        self.world, self.transport = world, transport
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
        """Run something that ends with the courier; what it raises goes to the loop's exception handler."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def deliver(self, delivery: Delivery) -> Delivery:
        """Send the first attempt now, the others as they fall due."""
        outcome = await self.transport.send(delivery, 0, "")
        if outcome is not None and delivery.kind == "events_api":
            self.spawn(self._again(delivery, outcome))
        return delivery

    async def _again(self, delivery: Delivery, outcome: asyncio.Task[str] | None) -> str:
        reason = await outcome if outcome else ""
        for attempt, seconds in enumerate(RETRY_SECONDS, 1):
            if not reason or delivery.no_retry:
                break
            delivery.due_at = self.world.clock() + seconds
            self.world.pulse.beat()
            if not await self.world.pulse.reached(delivery.due_at, delivery.done):
                break
            outcome = await self.transport.send(delivery, attempt, reason)
            reason = await outcome if outcome else ""
        return reason

    async def close(self) -> None:
        """Stop waiting. Asks more than once: a cancellation can be lost where an answer comes in the same moment."""
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
