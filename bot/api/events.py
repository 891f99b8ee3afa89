"""A job's changes as server-sent events: each holds the whole job, so that a reader who comes back has missed nothing.

`event: job` for every change, `event: end` for the last one, after which the stream ends.
Format: https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import suppress
from functools import partial

import structlog

from bot.api.news import News
from bot.api.ports import ApiStore, Key
from bot.api.problems import Problem
from bot.api.shapes import JobOut
from bot.api.status import shown
from bot.errors import StoreUnavailable
from bot.jobs.model import Job
from bot.jobs.ports import Clock, Links
from bot.texts import api as texts
from bot.web.sse import EventStream

log = structlog.get_logger(__name__)
SOON = 0.05
LATER = 2.0
"""Seconds between two looks at the row: soon after news, then rarer; a process that does not ring here may do the work."""
HEARTBEAT = 15.0
MOST = 20
"""Streams of one key at a time."""


class Events:
    """Opens streams."""

    def __init__(self, store: ApiStore, links: Links, news: News, clock: Clock) -> None:
        """Nobody reads yet."""
        self._store = store
        self._links = links
        self._news = news
        self._clock = clock
        self._open: Counter[str] = Counter()

    def stream(self, key: Key, job: Job) -> EventStream:
        """Counted at once: of many that come together none slips through. Raises Problem where the key has too many open."""
        if self._open[key.id] >= MOST:
            raise Problem("streams", texts.STREAMS.format(most=MOST), wait=HEARTBEAT)
        self._open[key.id] += 1
        return EventStream(self._watched(key, job.id), partial(self._leave, key.id))

    def _leave(self, key_id: str) -> None:
        self._open[key_id] -= 1
        if not self._open[key_id]:
            del self._open[key_id]

    async def _watched(self, key: Key, job_id: str) -> AsyncGenerator[bytes, None]:
        with self._news.watching(job_id) as bell:
            async for chunk in self._chunks(key, job_id, bell):
                yield chunk

    async def _chunks(self, key: Key, job_id: str, bell: asyncio.Event) -> AsyncGenerator[bytes, None]:
        sent, pause, silent, number = None, SOON, 0.0, 0
        yield b"retry: 2000\n\n"
        while not self._news.closed:
            bell.clear()
            try:
                job, now = await self._look(key, job_id)
            except StoreUnavailable:
                log.warning("event stream broken off", job=job_id)
                return
            if job is None or now is None:
                return
            if now != sent:
                sent, pause, silent, number = now, SOON, 0.0, number + 1
                yield _event(number, now, end=not job.state.open)
            if not job.state.open:
                return
            if silent >= HEARTBEAT:
                silent = 0.0
                yield b": still here\n\n"
            rung = await _rung(bell, pause)
            silent += pause
            pause = SOON if rung else min(pause * 2, LATER)

    async def _look(self, key: Key, job_id: str) -> tuple[Job | None, JobOut | None]:
        """The job as it stands; None once it is not this key's any more, or the key holds no more."""
        held = await self._store.key(key.id)
        job = await self._store.job(job_id) if held and held.valid(self._clock()) else None
        if job is None or job.actor.key != key.user_key:
            return None, None
        return job, await shown(job, self._links)


async def _rung(bell: asyncio.Event, pause: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(pause):
            await bell.wait()
    return bell.is_set()


def _event(number: int, job: JobOut, *, end: bool) -> bytes:
    return f"id: {number}\nevent: {'end' if end else 'job'}\ndata: {job.model_dump_json()}\n\n".encode()
