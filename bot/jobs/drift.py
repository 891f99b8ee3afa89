"""Whether the clock was set, by the operator or by the network: leases, timers and due times are of the old one then."""

from __future__ import annotations

import time

import structlog

from bot.jobs.ports import Clock

LEAST_SECONDS = 5.0
"""Less than that between the clock and the seconds that passed is no jump: it leaves every renewed lease alive."""

log = structlog.get_logger(__name__)


class Drift:
    """Compares the clock with the seconds that have passed. `steady`: a clock that nobody sets."""

    def __init__(self, clock: Clock, steady: Clock = time.monotonic) -> None:
        """From now on."""
        self._clock, self._steady = clock, steady
        self._seen = (clock(), steady())

    def seconds(self) -> float:
        """By how much it was set forward since the last glance, negative: back; 0.0 if it was not."""
        (before, then), (now, later) = self._seen, (self._clock(), self._steady())
        self._seen = (now, later)
        jump = (now - before) - (later - then)
        if abs(jump) <= LEAST_SECONDS:
            return 0.0
        log.warning("clock jumped", seconds=round(jump))
        return jump
