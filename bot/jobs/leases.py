"""The process's hold on the jobs that it looks at: one lease id, renewed for all of them together.

Embedded nobody else can take a job, so a long lease is enough. Where several processes live it is short, so that what a
killed one held is soon free; a living one renews it, however long its vendors take.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.cut import cut
from bot.errors import StoreUnavailable
from bot.jobs.drift import Drift
from bot.jobs.model import new_id
from bot.jobs.ports import Clock
from bot.jobs.store import LeaseLost, LeaseWrites

log = structlog.get_logger()
RENEW_SECONDS = 8.0
AGAIN_SECONDS = 1.0
"""After a beat that failed: when the store is back, the leases are to be renewed before others look for ended ones."""
UNSURE_SECONDS = RENEW_SECONDS + 4.0
"""After an outage, or a jump of the clock, leases that have ended meanwhile count for so long: their holders renew them."""


class Leases:
    """`seconds`: how long a lease lasts. Nothing is renewed unless `start` is called."""

    def __init__(
        self,
        store: LeaseWrites,
        clock: Clock,
        seconds: float,
        every: float = RENEW_SECONDS,
        steady: Clock = time.monotonic,
    ) -> None:
        """Of this process. `steady`: seconds that nobody sets."""
        self.id = new_id()
        self._steady = steady
        self.seconds = seconds
        self._store, self._clock, self._every = store, clock, every
        self._held: dict[str, asyncio.Timeout] = {}
        self._drift = Drift(clock, steady)
        self._sure_from = 0.0
        self._task: asyncio.Task[None] | None = None

    def unsure(self) -> None:
        """The store was away: nobody could renew a lease."""
        self._sure_from = self._steady() + UNSURE_SECONDS

    def free_at(self, now: float) -> float:
        """Other processes' leases that ended by then are free: `now`, or none while it is not sure that they live."""
        if self._drift.seconds():
            self.unsure()
        return now if self._steady() >= self._sure_from else 0.0

    @asynccontextmanager
    async def held(self, job_id: str) -> AsyncIterator[None]:
        """While this job is looked at. Raises LeaseLost in the middle of it when the lease turns out to be gone."""
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._held[job_id] = scope
                yield
        except TimeoutError:
            if scope.expired():
                raise LeaseLost(job_id) from None
            raise
        finally:
            self._held.pop(job_id, None)

    def start(self) -> None:
        """Renew from now on, every few seconds."""
        self._task = asyncio.create_task(self._keep(), name="leases")

    async def stop(self) -> None:
        """Give back whatever is still held: others may go on with it at once."""
        if self._task is None:
            return
        await cut([self._task])
        try:
            await self._store.give_back(self.id, self._clock())
        except StoreUnavailable:
            log.warning("leases not given back: they run out by themselves", seconds=self.seconds)

    async def _keep(self) -> None:
        wait = self._every
        while True:
            await asyncio.sleep(wait)
            wait = self._every if await self._beat() else AGAIN_SECONDS

    async def _beat(self) -> bool:
        """False: not renewed. While the store is away for everybody nobody can take a job, so no look is cut for that."""
        looking = dict(self._held)
        try:
            async with asyncio.timeout(self.seconds / 2):
                kept = await self._store.renew(self.id, self._clock() + self.seconds)
        except (StoreUnavailable, TimeoutError) as error:
            log.warning("leases not renewed", jobs=len(looking), error=str(error) or type(error).__name__)
            self.unsure()
            return False
        except Exception:  # a fault of ours must not end the beat: every job would be taken from us
            log.exception("leases not renewed")
            return False
        for job_id, scope in looking.items():
            if job_id not in kept and self._held.get(job_id) is scope:
                log.warning("lease lost: the look is cut", job=job_id)
                scope.reschedule(0.0)
        return True
