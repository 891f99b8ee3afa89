"""The engine inside the bot's own process: one loop that says when a job is looked at, for one process per data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from bot.cut import cut
from bot.engine.lock import folder_lock, take
from bot.engine.looks import Looks
from bot.jobs.drift import Drift
from bot.jobs.ports import Advance, Clock

Due = Callable[[float, int], Awaitable[list[str]]]
"""Now and a limit in, ids of jobs whose time has come out: how rows that another process wrote are noticed."""

log = structlog.get_logger(__name__)


class EmbeddedEngine:
    """Implements the core's `Engine`.

    `tick`: most seconds between two questions to the store; `parallel`: most jobs looked at together; `lock_path`: in the
    data folder, None for no lock (tests); `database_lock`: beside a database that stands elsewhere.
    """

    def __init__(
        self,
        advance: Advance,
        due: Due,
        clock: Clock,
        *,
        lock_path: Path | None,
        database_lock: Path | None = None,
        tick: float = 1.0,
        parallel: int = 200,
    ) -> None:
        """Nothing runs before `start`; wakes that come earlier are kept."""
        self._due = due
        self._clock = clock
        self._locks = [folder_lock(path) for path in (lock_path, database_lock) if path is not None]
        self._tick = tick
        self._parallel = parallel
        self._looks = Looks(advance, clock, tick=tick, parallel=parallel)
        self._asking: list[asyncio.Task[None]] = []
        self._drift = Drift(clock)

    def lock(self) -> None:
        """Take the locks; they may be held already. Raises StartError if another process holds one."""
        for lock in self._locks:
            if not lock.is_locked:
                take(lock)

    async def start(self) -> None:
        """Take the lock and begin. Raises StartError if another process holds it."""
        self.lock()
        self._asking = [asyncio.create_task(self._ask_store())]
        self._looks.start()

    def wake(self, job_id: str) -> None:
        """Look at this job as soon as possible."""
        self.defer(job_id, 0.0)

    def defer(self, job_id: str, delay: float) -> None:
        """Look at it again in `delay` seconds, or earlier if that was wished for already."""
        self._looks.wish(job_id, self._clock() + delay)

    async def stop(self, grace: float) -> None:
        """Begin no more looks, wait up to `grace` seconds for those that run, cut the rest; rows wait for the next start."""
        await self._looks.begin_none()
        await cut(self._asking)
        await self._looks.stop(grace)
        for lock in self._locks:
            lock.release()

    @property
    def lag(self) -> float:
        """Seconds that the job at the head of the line has waited past its time; 0.0 if none waits."""
        return self._looks.lag

    async def _ask_store(self) -> None:
        """Once a tick, whatever the loop below is busy with."""
        while True:
            if (jump := self._drift.seconds()) < 0:  # nobody waits for the time that comes again
                self._looks.agenda.sooner(-jump)
            try:
                for job_id in await self._due(self._clock(), self._parallel + self._looks.agenda.troubled):
                    self._looks.agenda.found(job_id, self._clock())
            except Exception:  # the store may be locked or away for a while: the next tick asks again
                log.exception("due jobs not read")
            self._looks.nudge()
            await asyncio.sleep(self._tick)
