"""Leases of several processes: renewed together, given back together, and what dead ones have left behind."""

from __future__ import annotations

from sqlalchemy import case, or_, select, update

from storage.db import Database
from storage.tables import jobs

OURS_ALONE = jobs.c.due_at >= 0.0
"""True of every held job: it keeps the question to the few that have anything to do, by their index."""


class LeaseKeeping:
    """The LeaseWrites port."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def renew(self, lease: str, until: float) -> set[str]:
        """A nearer due time that somebody set meanwhile (a webhook, a cancel) stays."""
        due = case((jobs.c.due_at >= jobs.c.lease_until, until), else_=jobs.c.due_at)
        query = update(jobs).where(OURS_ALONE, jobs.c.lease == lease).values(lease_until=until, due_at=due)
        async with self._db.write() as connection:
            return set((await connection.execute(query.returning(jobs.c.id))).scalars())

    async def give_back(self, lease: str, now: float) -> int:
        """Free and due at once."""
        query = update(jobs).where(OURS_ALONE, jobs.c.lease == lease).values(lease="", lease_until=0.0, due_at=now)
        async with self._db.write() as connection:
            return int((await connection.execute(query)).rowcount)

    async def left(self, moment: float, free_at: float, limit: int) -> list[str]:
        """Due and held by nobody."""
        query = select(jobs.c.id).where(jobs.c.due_at <= moment, or_(jobs.c.lease == "", jobs.c.lease_until <= free_at))
        async with self._db.read() as connection:
            return list((await connection.execute(query.order_by(jobs.c.due_at).limit(limit))).scalars())
