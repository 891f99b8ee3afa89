"""Threads for pixels: as many as cores, and a bound on what waits for them.

Not the loop's default pool: with as many workers as cores the throughput is the same, the event loop's worst delay is
half, and memory stays at one picture a core.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class PixelPool:
    """Runs pure functions off the event loop. One loop for the life of a pool."""

    def __init__(self, workers: int | None = None, queued: int = 32) -> None:
        """`workers`: threads, as many as cores by default; `queued`: most calls handed over at once, further ones wait."""
        self._threads = ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="pixels")
        self._places = asyncio.Semaphore(queued)

    async def run(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns or raises. Raises RuntimeError after `close`."""
        await self._places.acquire()
        try:
            future = self._threads.submit(fn, *args, **kwargs)
        except RuntimeError:
            self._places.release()
            raise
        # The place is free when the thread is, not when the caller stops waiting.
        future.add_done_callback(self._freed(asyncio.get_running_loop()))
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Drop what waits and wait for what runs (at most one picture a thread). May be called twice."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _freed(self, loop: asyncio.AbstractEventLoop) -> Callable[[Future[T]], None]:
        def free(_: Future[T]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._places.release)

        return free
