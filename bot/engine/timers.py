"""When this process wants to look at jobs again that it looked at last. No I/O and no clock of its own."""

from __future__ import annotations

import heapq


class Timers:
    """The last word about a job holds: what an earlier look wished for is over."""

    def __init__(self) -> None:
        """Empty."""
        self._heap: list[tuple[float, str]] = []
        self._when: dict[str, float] = {}

    def set(self, job_id: str, when: float | None) -> None:
        """Then, and at no other time; None: not at all."""
        if when is None:
            self._when.pop(job_id, None)
        else:
            self._when[job_id] = when
            heapq.heappush(self._heap, (when, job_id))

    def __contains__(self, job_id: str) -> bool:
        return job_id in self._when

    def next_time(self) -> float:
        """Of the next one; infinity if there is none."""
        while self._heap and self._when.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else float("inf")

    def ready(self, now: float) -> list[str]:
        """Take out those whose time has come, earliest first."""
        out = []
        while self._when and self.next_time() <= now:
            _, job_id = heapq.heappop(self._heap)
            del self._when[job_id]
            out.append(job_id)
        return out
