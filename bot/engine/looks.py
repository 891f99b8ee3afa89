"""Looks under way: at most so many at a time, never two at one job in this process, who waited longest first."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Protocol

import structlog

from bot.cut import cut
from bot.engine.agenda import Agenda
from bot.errors import StoreUnavailable
from bot.jobs.ports import Advance, Clock, Held

HELD_FIRST, HELD_LONGEST = 0.05, 1.0
"""Seconds until a job is looked at again that another process holds: its news may have come too late for that look."""

log = structlog.get_logger(__name__)


class Watcher(Protocol):
    """Hears how looks end."""

    def answered(self, job_id: str, wait: float | None) -> float | None:
        """What a look answered; returns the seconds until the next look that the agenda is to bring, None for none."""
        ...

    def over(self, job_id: str) -> None:
        """A look has ended, whatever came of it."""
        ...


class Nobody:
    """The agenda brings every next look."""

    def answered(self, _job_id: str, wait: float | None) -> float | None:
        """As it was said."""
        return wait

    def over(self, _job_id: str) -> None:
        """Nothing to do."""


class Looks:
    """Runs `advance`. `tick`: most seconds between two glances at the clock; `parallel`: most looks together."""

    def __init__(
        self, advance: Advance, clock: Clock, *, tick: float, parallel: int, watcher: Watcher | None = None
    ) -> None:
        """Nothing runs before `start`; wishes that come earlier are kept."""
        self._advance = advance
        self._clock = clock
        self._tick = tick
        self._parallel = parallel
        self._watcher = watcher or Nobody()
        self._news = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self.agenda = Agenda()
        self.running: set[asyncio.Task[float | None]] = set()

    def start(self) -> None:
        """In the running event loop."""
        self._loop = asyncio.create_task(self._dispatch())

    def wish(self, job_id: str, when: float) -> None:
        """Look at the job at `when`, or earlier if that was wished for already."""
        self.agenda.wish(job_id, when)
        self._news.set()

    def nudge(self) -> None:
        """Somebody changed the agenda."""
        self._news.set()

    @property
    def full(self) -> bool:
        """Whether no further look can begin now."""
        return len(self.running) >= self._parallel

    @property
    def lag(self) -> float:
        """Seconds that the job at the head of the line has waited past its time; 0.0 if none waits."""
        return max(0.0, self._clock() - self.agenda.next_time())

    async def begin_none(self) -> None:
        """From now on; what runs goes on."""
        if self._loop is not None:
            await cut([self._loop])

    async def stop(self, grace: float) -> None:
        """Begin no more looks, wait up to `grace` seconds for those that run, cut the rest."""
        await self.begin_none()
        if self.running:
            await asyncio.wait(self.running, timeout=grace)
        await cut(list(self.running))

    async def _dispatch(self) -> None:
        while True:
            self._news.clear()
            self._begin_due()
            wait = self._tick if self.full else min(max(self.agenda.next_time() - self._clock(), 0.0), self._tick)
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _begin_due(self) -> None:
        while not self.full and (job_id := self.agenda.take(self._clock())) is not None:
            task = asyncio.create_task(self._look(job_id), name=f"look at job {job_id}")
            self.running.add(task)
            task.add_done_callback(partial(self._ended, job_id))

    async def _look(self, job_id: str) -> float | None:
        return await self._advance(job_id)

    def _ended(self, job_id: str, task: asyncio.Task[float | None]) -> None:
        """However the look ended, the job stays on the agenda if anything is left to do."""
        self.running.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Held):
            self.agenda.failed(job_id, self._clock(), HELD_FIRST, HELD_LONGEST)
        elif error is not None or task.cancelled():
            _tell(job_id, error)
            self.agenda.failed(job_id, self._clock())
        else:
            self.agenda.ended(job_id, self._clock(), self._watcher.answered(job_id, task.result()))
        self._watcher.over(job_id)
        self._news.set()


def _tell(job_id: str, error: BaseException | None) -> None:
    if error is not None:
        away = isinstance(error, StoreUnavailable)  # said of every job, so in one line: the log's disk may be full, too
        log.error("looking at a job failed", job_id=job_id, error=str(error), exc_info=None if away else error)
