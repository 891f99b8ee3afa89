"""The SQL job store: the JobStore port, put together from its parts."""

from __future__ import annotations

from storage.accept import Accepts
from storage.calls import Calls
from storage.leases import LeaseKeeping
from storage.moves import Moves
from storage.reads import Reads


class SqlJobStore(Reads, Accepts, Moves, Calls, LeaseKeeping):
    """Jobs, calls and both books in one database; see `bot.jobs.store` for the promises."""
