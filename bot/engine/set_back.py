"""A clock that was set back: jobs must not wait for the time that it repeats."""

from __future__ import annotations

import time

import structlog

from bot.jobs.ports import Clock

LEAST_SECONDS = 5.0
"""So far a clock goes back between two glances before it counts as set anew."""

log = structlog.get_logger(__name__)


class SetBack:
    """Compares the clock with the seconds that have passed. `steady`: a clock that nobody sets."""

    def __init__(self, clock: Clock, steady: Clock = time.monotonic) -> None:
        """From now on."""
        self._clock, self._steady = clock, steady
        self._seen = (clock(), steady())

    def seconds(self) -> float:
        """By how much it was set back since the last glance; 0.0 if it was not."""
        (before, then), (now, later) = self._seen, (self._clock(), self._steady())
        self._seen = (now, later)
        back = (later - then) - (now - before)
        if back <= LEAST_SECONDS or now >= before:
            return 0.0
        log.warning("clock set back", seconds=round(back))
        return back
