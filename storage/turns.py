"""Who must not pass whom among writers."""

from __future__ import annotations

from enum import IntEnum


class Turn(IntEnum):
    """Writers that must not pass each other: what each of them reads decides what it writes.

    SQLite lets one writer in at a time whatever it does. On Postgres writers of one turn wait for each other, in every
    process; all others rely on matching state and lease. The numbers are kept: two versions may run side by side.
    """

    SCHEMA = 1
    """Bringing the tables up to a version."""
    COUNTS = 2
    """Accepting and admitting: caps, quotas and budgets are counted."""
    DESK = 3
    """Reviews, reports, blocks and settings: one is looked for before one is written."""
    MESSAGES = 4
    """The playground's: each change takes the next number."""
