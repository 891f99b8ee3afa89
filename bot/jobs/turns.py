"""Whose turn it is with a provider whose server draws one job after the other.

A job waits here before its request is written down: what is not begun can be cancelled, and a kill leaves nothing open.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from providers.capabilities import Capabilities

TURN_SECONDS = 5.0
"""A job that waits looks again after so many; who ends sooner wakes it."""
_LOST = 3 * TURN_SECONDS
"""Who has not looked for so long waits no more: another process has the job."""


@dataclass(slots=True)
class _Line:
    """`drawing`: the job whose turn it is, or ""; `waiting`: when each of the others last looked, in the order of coming."""

    drawing: str = ""
    waiting: dict[str, float] = field(default_factory=dict)


class Turns:
    """Of one process: another one's requests wait in the server's own line."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Nobody draws. `now`: seconds that only go forward."""
        self._now = now
        self._lines: dict[str, _Line] = {}

    def take(self, capabilities: Capabilities, job_id: str) -> bool:
        """Whether this job may send its request now; if not, it keeps its place in the line."""
        if not capabilities.one_at_a_time:
            return True
        line, now = self._lines.setdefault(capabilities.name, _Line()), self._now()
        line.waiting = {job: seen for job, seen in line.waiting.items() if now - seen < _LOST or job == job_id}
        line.waiting[job_id] = now
        if line.drawing or next(iter(line.waiting)) != job_id:
            return False
        del line.waiting[job_id]
        line.drawing = job_id
        return True

    def forget(self, capabilities: Capabilities, job_id: str) -> None:
        """It was cancelled while it waited."""
        if capabilities.name in self._lines:
            self._lines[capabilities.name].waiting.pop(job_id, None)

    def leave(self, capabilities: Capabilities) -> str | None:
        """The request has its answer; returns the job that is next, if one waits."""
        line = self._lines.get(capabilities.name)
        if line is None:
            return None
        line.drawing = ""
        return next(iter(line.waiting), None)
