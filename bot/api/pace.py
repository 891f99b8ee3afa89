"""Requests a minute for each key: the generic cell rate algorithm, which needs one number a key.

Written here because the libraries for it (limits, pyrate-limiter) take no clock from us. Each process counts for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.ports import Clock

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Paced:
    """`wait`: seconds until the next request is taken, 0 = this one is; `reset`: until all of `limit` may come at once."""

    limit: int
    remaining: int
    wait: float
    reset: float


class Pace:
    """Counts."""

    def __init__(self, clock: Clock) -> None:
        """Nobody has sent anything yet."""
        self._clock = clock
        self._full_at: dict[str, float] = {}

    def take(self, key_id: str, per_minute: int) -> Paced:
        """One more request. A clock that was set back costs nobody more than a minute."""
        now, each = self._clock(), MINUTE / per_minute
        before = min(max(self._full_at.get(key_id, now), now), now + MINUTE)
        after = before + each
        self._full_at[key_id] = before
        if after - now > MINUTE + 1e-9:
            return Paced(per_minute, 0, after - now - MINUTE, before - now)
        self._full_at[key_id] = after
        return Paced(per_minute, int((MINUTE - (after - now) + 1e-9) / each), 0.0, after - now)
