"""Which job is looked at when. No I/O and no clock of its own, so that every interleaving can be tested."""

from __future__ import annotations

import heapq

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0


class Agenda:
    """Jobs with the time of their next look; the earliest wish wins.

    A job that is being looked at is never taken again before its look has ended; a wish that comes meanwhile is kept.
    """

    def __init__(self) -> None:
        """Empty."""
        self._heap: list[tuple[float, str]] = []
        self._when: dict[str, float] = {}
        self._looking: set[str] = set()
        self._failures: dict[str, int] = {}

    def wish(self, job_id: str, when: float) -> None:
        """Look at the job at `when` or, if an earlier wish stands, then."""
        if when < self._when.get(job_id, float("inf")):
            self._when[job_id] = when
            if job_id not in self._looking:
                heapq.heappush(self._heap, (when, job_id))

    def found(self, job_id: str, now: float) -> None:
        """The store says that the job is due. No news about one that is being looked at or waits after a failure."""
        if job_id not in self._looking and job_id not in self._failures:
            self.wish(job_id, now)

    def take(self, now: float) -> str | None:
        """The job that has waited longest, if one is due; its look begins."""
        if self.next_time() > now:
            return None
        _, job_id = heapq.heappop(self._heap)
        del self._when[job_id]
        self._looking.add(job_id)
        return job_id

    def ended(self, job_id: str, now: float, delay: float | None) -> None:
        """The look is over; `delay` is when it wants the next."""
        self._failures.pop(job_id, None)
        self._over(job_id, None if delay is None else now + delay)

    def failed(self, job_id: str, now: float, first: float = FIRST_BACKOFF, longest: float = LONGEST_BACKOFF) -> None:
        """The look came to nothing: again after a delay that grows from time to time."""
        self._failures[job_id] = self._failures.get(job_id, 0) + 1
        self._over(job_id, now + min(first * 2.0 ** min(self._failures[job_id] - 1, 16), longest))

    def _over(self, job_id: str, again: float | None) -> None:
        """What was wished for meanwhile is kept."""
        self._looking.discard(job_id)
        for when in (self._when.pop(job_id, None), again):
            if when is not None:
                self.wish(job_id, when)

    def knows(self, job_id: str) -> bool:
        """Whether it is being looked at, or will be."""
        return job_id in self._looking or job_id in self._when

    def looking(self, job_id: str) -> bool:
        """Whether it is being looked at."""
        return job_id in self._looking

    def waiting(self) -> list[str]:
        """Jobs that will be looked at."""
        return list(self._when)

    def sooner(self, seconds: float) -> None:
        """Every wish comes so much earlier: the clock that they were made by was set back."""
        self._when = {job_id: when - seconds for job_id, when in self._when.items()}
        self._heap = [(when, job_id) for job_id, when in self._when.items() if job_id not in self._looking]
        heapq.heapify(self._heap)

    def next_time(self) -> float:
        """When the next look is due; infinity if none is wished for."""
        while self._heap and self._stale(*self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else float("inf")

    def _stale(self, when: float, job_id: str) -> bool:
        """An earlier wish replaced this entry, or the job is being looked at (`ended` enters it anew)."""
        return job_id in self._looking or self._when.get(job_id) != when

    @property
    def troubled(self) -> int:
        """How many jobs are being looked at or wait after a failure: what `found` passes over."""
        return len(self._looking | self._failures.keys())
