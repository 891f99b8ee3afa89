"""chat.update is Tier 3: about 50 a minute for a whole workspace. Final edits go first."""

from __future__ import annotations

from collections import deque

from bot.jobs.ports import Clock

PER_MINUTE = 50
KEPT = 20
"""Edits of every minute that progress may not use."""
MINUTE = 60.0


class Budget:
    """Counts the edits of the last minute, per workspace."""

    def __init__(self, clock: Clock, per_minute: int = PER_MINUTE, kept: int = KEPT) -> None:
        """`kept`: room for final edits."""
        self._clock = clock
        self._progress = per_minute - kept
        self._sent: dict[str, deque[float]] = {}
        self._until: dict[str, float] = {}

    def spare(self, team: str) -> bool:
        """Whether a progress edit may go out now; one that may not is dropped, the next will say more."""
        return self.pause(team) <= 0 and len(self._recent(team)) < self._progress

    def count(self, team: str) -> None:
        """One edit goes out."""
        self._recent(team).append(self._clock())

    def cool(self, team: str, seconds: float) -> None:
        """Slack said 429: nothing more for so long."""
        self._until[team] = max(self._until.get(team, 0.0), self._clock() + seconds)

    def pause(self, team: str) -> float:
        """Seconds until Slack wants to hear from us again; 0 = now. A final edit is held back by this alone."""
        return max(0.0, self._until.get(team, 0.0) - self._clock())

    def _recent(self, team: str) -> deque[float]:
        sent = self._sent.setdefault(team, deque())
        while sent and sent[0] <= self._clock() - MINUTE:
            sent.popleft()
        return sent
