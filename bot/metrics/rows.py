"""What is read from the database at a scrape: a port, so that the figures know no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figures:
    """`jobs`: (state, provider) -> jobs not at an end; `oldest`: state -> seconds since the oldest one's acceptance.

    `booked`: kind -> lines of the ledger and units (never negative) that came since the last question.
    """

    jobs: Mapping[tuple[str, str], int]
    oldest: Mapping[str, float]
    booked: Mapping[str, tuple[int, int]]


class Rows(Protocol):
    """The rows' side. Cheap however many jobs have ended."""

    async def figures(self, now: float) -> Figures:
        """Raises StoreUnavailable."""
        ...
