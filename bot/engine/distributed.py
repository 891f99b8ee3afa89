"""The engine of several processes: procrastinate carries wakes to whichever worker is free, the job rows say what is due.

A worker that has looked at a job looks again by itself when the look said so, if the row still says so then. Wakes go
through Postgres. Rows that are due and that nobody has taken (their process died, a command wrote them, a notification was
lost) are found by every worker's sweep, within a second.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from math import inf

import structlog

from bot.cut import cut
from bot.engine.looks import Looks
from bot.engine.outbox import Outbox
from bot.engine.queue import Queue
from bot.engine.timers import Timers
from bot.errors import StoreUnavailable
from bot.jobs.drift import Drift
from bot.jobs.ports import Advance, Clock

LATE_SECONDS = 0.5
"""So long after its time a row counts as left behind; the worker that looked last, or a wake, comes before."""
SPACING = 0.02
"""Looks that come due within so many seconds are asked for in one question."""
ENTERED_SECONDS = 5.0
"""A row that a sweep has entered is entered again only after so long: its wake waits in the queue."""
PRUNE_SECONDS = 60.0
RESTART_SECONDS = 1.0
AT_ONCE = 1000
OUTAGE_SECONDS = 10.0
"""After the store was away, leases that ended meanwhile count for so long: their holders live, and renew them first."""
Due = Callable[[float, float, int], Awaitable[list[str]]]
"""(a moment, another, limit) -> ids of jobs that were due at the one and that no lease holds that ends after the other."""

log = structlog.get_logger(__name__)


class DistributedEngine:
    """Implements the core's `Engine`. `works` False: this process wakes and never looks.

    `tick`: seconds between two sweeps; `parallel`: most looks together in this process.
    """

    def __init__(
        self,
        url: str,
        advance: Advance,
        due: Due,
        clock: Clock,
        *,
        works: bool = True,
        tick: float = 0.5,
        parallel: int = 200,
    ) -> None:
        """Nothing runs before `start`; wakes that come earlier are kept."""
        self._due = due
        self._clock = clock
        self._works = works
        self._tick = tick
        self._parallel = parallel
        self._queue = Queue(url, self._woken, clock)
        self._outbox = Outbox(self._queue.send, clock)
        self._timers = Timers()
        self._looks = Looks(advance, clock, tick=1.0, parallel=parallel, watcher=self)
        self._waiting: dict[str, list[asyncio.Future[None]]] = defaultdict(list)
        self._entered: dict[str, float] = {}
        self._travelled = (0.0, 0.0)
        self._sure_from = 0.0
        self._drift = Drift(clock)
        self._news = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self._sweeping: asyncio.Task[None] | None = None

    def lock(self) -> None:
        """Nobody is kept out."""

    async def start(self) -> None:
        """Make procrastinate's tables where they are missing, then begin. Raises StartError."""
        await self._queue.open()
        self._outbox.start()
        if self._works:
            self._looks.start()
            self._working = asyncio.create_task(self._work(), name="engine: wakes")
            self._sweeping = asyncio.create_task(self._sweep(), name="engine: due rows")

    def wake(self, job_id: str) -> None:
        """Look at this job as soon as possible: here if this process looked last, else by whichever worker is free."""
        near = job_id in self._timers or self._looks.agenda.knows(job_id)
        if self._working is not None and near and not self._looks.full:
            self._looks.wish(job_id, self._clock())
        else:
            self._outbox.put(job_id)

    def defer(self, job_id: str, delay: float) -> None:
        """Look at it again in `delay` seconds, here; elsewhere if its row says so and this process is gone."""
        self._looks.wish(job_id, self._clock() + delay)

    async def stop(self, grace: float) -> None:
        """Hand over: no more looks begin, those that run get `grace` seconds, all else is woken for other processes."""
        await self._looks.begin_none()
        await cut([task for task in (self._sweeping,) if task is not None])
        working, self._working = self._working, None
        if working is not None:
            working.cancel()  # takes no more wakes; returns when the looks that it brought have ended
        for job_id in self._looks.agenda.waiting():
            self._outbox.put(job_id)
            self.over(job_id)
        await self._looks.stop(grace)
        for job_id in list(self._waiting):
            self.over(job_id)
        if working is not None:
            await asyncio.wait([working], timeout=RESTART_SECONDS)
        await self._outbox.stop()
        await self._queue.close()

    @property
    def lag(self) -> float:
        """Seconds of the longest wait: of a look that cannot begin here, of a wake to be sent, of the last one that came."""
        travelled, at = self._travelled
        recent = travelled if self._clock() - at < 10 * self._tick else 0.0
        return max(self._looks.lag if self._works else 0.0, self._outbox.wait, recent)

    async def _woken(self, job_id: str, at: float) -> None:
        """Procrastinate's task: returns when the job has been looked at, so that a busy worker takes no more than it can."""
        self._travelled = (max(0.0, self._clock() - at), self._clock())
        if self._working is None:
            self._outbox.put(job_id)  # taken at the very moment of the stop
            return
        looked = asyncio.get_running_loop().create_future()
        self._waiting[job_id].append(looked)
        self._looks.wish(job_id, self._clock())
        await looked

    def answered(self, job_id: str, wait: float | None) -> None:
        """Of the looks: the next one. The row says the same, for when this process is gone."""
        self._timers.set(job_id, None if wait is None else self._clock() + wait)
        self._news.set()

    def over(self, job_id: str) -> None:
        """Of the looks: what has brought this one is done."""
        for looked in self._waiting.pop(job_id, ()):
            if not looked.done():
                looked.set_result(None)

    async def _work(self) -> None:
        """Procrastinate's worker ends when its connection is lost: then another one begins."""
        while True:
            try:
                await self._queue.work(self._parallel)
            except Exception as error:  # noqa: BLE001  (whatever it was, wakes must be taken again)
                log.warning("engine cut off from the queue", error=str(error) or type(error).__name__)
            await asyncio.sleep(RESTART_SECONDS)

    async def _sweep(self) -> None:
        """Own timers at their time; once a tick what others left behind; now and then what killed workers had taken."""
        swept = pruned = self._clock()
        while True:
            await self._rest(swept + self._tick)
            self._follow_clock()
            now = self._clock()
            try:
                await self._own(now)
                if not swept <= now < swept + self._tick:
                    swept = now
                    await self._left_behind(now)
                if not pruned <= now < pruned + PRUNE_SECONDS:
                    pruned = now
                    await self._queue.prune()
            except Exception as error:  # the store may be away for a while: the next tick asks again
                log.warning("due jobs not read", exc_info=None if isinstance(error, StoreUnavailable) else error)
                self._sure_from = self._clock() + OUTAGE_SECONDS
                await asyncio.sleep(self._tick)

    async def _rest(self, until: float) -> None:
        """Until then or the next own timer, but for a moment at least."""
        begun = time.monotonic()
        while True:
            self._news.clear()
            wait = min(min(until, self._timers.next_time()) - self._clock(), self._tick)
            wait = max(wait, begun + SPACING - time.monotonic())
            if wait <= 0:
                return
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                return

    def _follow_clock(self) -> None:
        """Set back, the rows say a time that comes again: whatever has a timer here is looked at now."""
        if (jump := self._drift.seconds()) < 0:
            self._looks.agenda.sooner(-jump)
            self._sure_from = 0.0
            for job_id in self._timers.ready(inf):
                self._wish_now(job_id)

    async def _own(self, now: float) -> None:
        """A row that is not due any more was looked at elsewhere meanwhile: that process has a timer of its own."""
        ready = self._timers.ready(now)
        if not ready:
            return
        try:
            due = await self._due(now, now, AT_ONCE)
        except Exception:
            for job_id in ready:
                self._timers.set(job_id, now)
            raise
        still = set(due)
        for job_id in ready:
            if job_id in still or len(due) == AT_ONCE:
                (self._outbox.put if self._looks.full else self._wish_now)(job_id)

    def _wish_now(self, job_id: str) -> None:
        self._looks.wish(job_id, self._clock())

    async def _left_behind(self, now: float) -> None:
        """Through the queue, so that of all workers that find a row one takes it."""
        self._entered = {job_id: at for job_id, at in self._entered.items() if now - ENTERED_SECONDS < at <= now}
        free_at = now if now >= self._sure_from else 0.0
        for job_id in await self._due(now - LATE_SECONDS, free_at, AT_ONCE):
            if job_id not in self._entered and not self._looks.agenda.knows(job_id):
                self._entered[job_id] = now
                self._outbox.put(job_id)
