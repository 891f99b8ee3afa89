"""Looks at the connection every few seconds, and replaces it when the SDK does not mend it itself."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import structlog

from bot.cut import cut
from bot.jobs.ports import Clock
from bot.slack.faults import SlackFault

log = structlog.get_logger(__name__)
SECONDS = 15.0
PATIENCE = 3
"""Bad looks in a row before it acts: the SDK's own reconnect takes some seconds."""


class Watched(Protocol):
    """What can fall silent."""

    @property
    def sound(self) -> bool:
        """Whether all is well."""
        ...

    async def open(self) -> None:
        """Connect anew; raises SlackFault."""
        ...


class Watchdog:
    """Runs until it is stopped."""

    def __init__(
        self, socket: Watched, seconds: float = SECONDS, patience: int = PATIENCE, clock: Clock = time.monotonic
    ) -> None:
        """`seconds` between two looks; `clock`: when Slack, which limits new connections, may be asked for one again."""
        self._socket = socket
        self._clock = clock
        self._seconds = seconds
        self._patience = patience
        self._bad = 0
        self._task: asyncio.Task[None] | None = None
        self._quiet = 0.0

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._watch(), name="slack watchdog")

    async def stop(self) -> None:
        """End the watch."""
        if self._task is not None:
            await cut([self._task])

    async def look(self) -> None:
        """One look; never raises for a Slack that is away."""
        self._bad = 0 if self._socket.sound else self._bad + 1
        if self._bad < self._patience or self._clock() < self._quiet:
            return
        log.warning("slack_socket_replaced", bad_looks=self._bad)
        try:
            await self._socket.open()
            self._bad = 0
        except SlackFault as fault:
            self._quiet = self._clock() + (fault.retry_after or 0.0)
            log.warning("slack_socket_not_replaced", fault=fault.code, retry_after=fault.retry_after)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look()
            except Exception:
                log.exception("slack_watchdog_failed")
