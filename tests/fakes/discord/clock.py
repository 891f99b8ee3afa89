"""Time and ids of the fake: both follow one clock, so a test moves time instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds, never going back; only differences count."""

DISCORD_EPOCH_MS = 1_420_070_400_000
"""First second of 2015: snowflakes count from here (Discord docs, "Snowflakes")."""


@dataclass(slots=True)
class ManualClock:
    """A clock that stands still until the test moves it."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """The present, in seconds."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Snowflakes:
    """Makes ids that carry the time of the clock, strictly rising (discord.py reads expiry from an id)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ms = int(time.time() * 1000) - int(clock() * 1000) - DISCORD_EPOCH_MS
        self._last = 0

    def __call__(self) -> int:
        """One new id."""
        self._last = max((int(self._clock() * 1000) + self._offset_ms) << 22, self._last + 1)
        return self._last
