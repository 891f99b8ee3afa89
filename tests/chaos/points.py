"""The list of fail-points, derived from the storage port: before and after every write."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.store import JobWrites

WRITES = tuple(name for name, member in vars(JobWrites).items() if callable(member) and not name.startswith("_"))
POINTS = tuple(f"{when}:{name}" for name in WRITES for when in ("before", "after"))
NO_JOB = ("clear_leases",)
"""Writes that are done for no job: they have a run of their own."""
JOB_POINTS = tuple(point for point in POINTS if point.partition(":")[2] not in NO_JOB)


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a user's job stops: at the `nth` time that it comes to `point`."""

    point: str
    nth: int = 1

    def __str__(self) -> str:
        """As it stands in a plan: `before:move:2`."""
        return f"{self.point}:{self.nth}"


def read_stop(text: str) -> Stop:
    """Raises ValueError for a point that is none: a typing mistake must not make a test pass."""
    when, name, nth = text.split(":")
    if f"{when}:{name}" not in POINTS:
        raise ValueError(f"no such point: {text}")
    return Stop(f"{when}:{name}", int(nth))
