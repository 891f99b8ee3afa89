"""The engine inside the bot's own process: one loop that says when a job is looked at, for one process per data folder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog

from bot.engine.agenda import Agenda
from bot.engine.lock import folder_lock, take
from bot.errors import StoreUnavailable
from bot.jobs.ports import Advance, Clock

SET_BACK = 5.0
"""Seconds by which a clock goes back within one tick before it counts as set anew."""
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
        self._advance = advance
        self._due = due
        self._clock = clock
        self._locks = [folder_lock(path) for path in (lock_path, database_lock) if path is not None]
        self._tick = tick
        self._parallel = parallel
        self._agenda = Agenda()
        self._news = asyncio.Event()
        self._running: set[asyncio.Task[float | None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._seen = (clock(), time.monotonic())

    def lock(self) -> None:
        """Take the locks; they may be held already. Raises StartError if another process holds one."""
        for lock in self._locks:
            if not lock.is_locked:
                take(lock)

    async def start(self) -> None:
        """Take the lock and begin. Raises StartError if another process holds it."""
        self.lock()
        self._loops = [asyncio.create_task(self._ask_store()), asyncio.create_task(self._dispatch())]

    def wake(self, job_id: str) -> None:
        """Look at this job as soon as possible."""
        self.defer(job_id, 0.0)

    def defer(self, job_id: str, delay: float) -> None:
        """Look at it again in `delay` seconds, or earlier if that was wished for already."""
        self._agenda.wish(job_id, self._clock() + delay)
        self._news.set()

    async def stop(self, grace: float) -> None:
        """Begin no more looks, wait up to `grace` seconds for those that run, cut the rest; rows wait for the next start."""
        await _cut(self._loops)
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        await _cut(list(self._running))
        for lock in self._locks:
            lock.release()

    @property
    def lag(self) -> float:
        """Seconds that the job at the head of the line has waited past its time; 0.0 if none waits."""
        return max(0.0, self._clock() - self._agenda.next_time())

    async def _ask_store(self) -> None:
        """Once a tick, whatever the loop below is busy with."""
        while True:
            self._follow_clock()
            try:
                for job_id in await self._due(self._clock(), self._parallel + self._agenda.troubled):
                    self._agenda.found(job_id, self._clock())
            except Exception:  # the store may be locked or away for a while: the next tick asks again
                log.exception("due jobs not read")
            self._news.set()
            await asyncio.sleep(self._tick)

    def _follow_clock(self) -> None:
        """A clock that was set back must not make jobs wait for the time that it repeats."""
        (before, then), (now, later) = self._seen, (self._clock(), time.monotonic())
        self._seen = (now, later)
        back = (later - then) - (now - before)
        if back > SET_BACK and now < before:
            log.warning("clock set back", seconds=round(back))
            self._agenda.sooner(back)

    async def _dispatch(self) -> None:
        while True:
            self._news.clear()
            self._begin_due()
            full = len(self._running) >= self._parallel
            wait = self._tick if full else min(max(self._agenda.next_time() - self._clock(), 0.0), self._tick)
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _begin_due(self) -> None:
        while len(self._running) < self._parallel and (job_id := self._agenda.take(self._clock())) is not None:
            task = asyncio.create_task(self._look(job_id), name=f"look at job {job_id}")
            self._running.add(task)
            task.add_done_callback(partial(self._ended, job_id))

    async def _look(self, job_id: str) -> float | None:
        return await self._advance(job_id)

    def _ended(self, job_id: str, task: asyncio.Task[float | None]) -> None:
        """However the look ended, the job stays on the agenda if anything is left to do."""
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            away = isinstance(error, StoreUnavailable)  # said of every job, so in one line: the log's disk may be full, too
            log.error("looking at a job failed", job_id=job_id, error=str(error), exc_info=None if away else error)
        failed = task.cancelled() or error is not None
        self._agenda.ended(job_id, self._clock(), None if failed else task.result(), failed=failed)
        self._news.set()


async def _cut(tasks: list[asyncio.Task[None]] | list[asyncio.Task[float | None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
