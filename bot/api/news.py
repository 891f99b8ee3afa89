"""Tells open event streams that a job may have changed. It carries no facts: these are read from the row.

A job may be worked on by another process, so nobody waits for news alone.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class News:
    """A bell for each job that somebody watches."""

    def __init__(self) -> None:
        """Nobody watches."""
        self._bells: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    @contextmanager
    def watching(self, job_id: str) -> Iterator[asyncio.Event]:
        """A bell of one's own."""
        bell = asyncio.Event()
        self._bells[job_id].add(bell)
        try:
            yield bell
        finally:
            self._bells[job_id].discard(bell)
            if not self._bells[job_id]:
                del self._bells[job_id]

    def ring(self, job_id: str) -> None:
        """It may have changed."""
        for bell in self._bells.get(job_id, ()):
            bell.set()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        for job_id in list(self._bells):
            self.ring(job_id)
