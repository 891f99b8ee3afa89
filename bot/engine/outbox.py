"""Wakes on their way out: collected, each job once, and sent off in batches, so that nobody who wakes has to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.cut import cut

BATCH = 100
AGAIN_SECONDS = 0.5
FLUSH_SECONDS = 5.0
Send = Callable[[Sequence[str]], Awaitable[None]]
"""Takes job ids; raises when they may not have arrived."""

log = structlog.get_logger(__name__)


class Outbox:
    """Keeps what could not be sent and tries again. What is lost with the process stands in the job rows as due."""

    def __init__(self, send: Send, clock: Callable[[], float]) -> None:
        """Sends nothing before `start`; what comes earlier is kept."""
        self._send = send
        self._clock = clock
        self._ids: dict[str, float] = {}
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def put(self, job_id: str) -> None:
        """Send it as soon as possible."""
        self._ids.setdefault(job_id, self._clock())
        self._news.set()

    def start(self) -> None:
        """In the running event loop."""
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        """Send what is left, for a few seconds at most."""
        if self._task is not None:
            await cut([self._task])
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                while self._ids:
                    await self._batch()
        except Exception as error:  # noqa: BLE001  (the rows say that they are due: another process finds them)
            log.warning("wakes not sent", jobs=len(self._ids), error=str(error) or type(error).__name__)

    @property
    def wait(self) -> float:
        """Seconds that the oldest wake in here has waited."""
        return max(0.0, self._clock() - next(iter(self._ids.values()))) if self._ids else 0.0

    async def _run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                while self._ids:
                    await self._batch()
            except Exception as error:  # noqa: BLE001  (whatever it was, the wakes are kept)
                log.warning("wakes not sent, trying again", jobs=len(self._ids), error=str(error) or type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
                self._news.set()

    async def _batch(self) -> None:
        """A wake that comes while its job is on the way is sent again: the look may begin before its news is written."""
        batch = dict(list(self._ids.items())[:BATCH])
        for job_id in batch:
            del self._ids[job_id]
        try:
            await self._send(list(batch))
        except BaseException:
            self._ids = batch | self._ids
            raise
