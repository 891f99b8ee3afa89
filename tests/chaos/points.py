"""The list of fail-points, derived from the storage ports: before and after every write of a job's life."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.jobs.store import JobWrites
from bot.policy.ports import PolicyStore

READS = frozenset(
    {"community", "all_communities", "rules", "block_of", "blocks", "override_of", "used_by", "used_in", "entry", "entries"}
    | {"review", "open_reviews", "open_review", "due_notices", "styles", "last_accepted", "repeats", "delivered", "usage"}
    | {"user_of", "kept"}
)
"""Questions to the policy store."""
NO_LIFE = frozenset(
    {"save_community", "add_rules", "remove_rule", "put_block", "lift_block", "put_override", "grant", "reset"}
    | {"put_style", "remove_style", "alias", "put_off"}
)
"""Its writes that no job hangs on: settings and limits, pseudonyms, and a notice that a chat did not take."""


def _writes(port: type) -> Iterator[str]:
    return (name for name, member in vars(port).items() if callable(member) and not name.startswith("_"))


JOB_WRITES = tuple(_writes(JobWrites))
POLICY_WRITES = tuple(
    name for port in PolicyStore.__bases__ for name in _writes(port) if name not in READS | NO_LIFE
)  # a new method is a point until somebody lists it above
WRITES = JOB_WRITES + POLICY_WRITES
POINTS = tuple(f"{when}:{name}" for name in WRITES for when in ("before", "after"))


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
