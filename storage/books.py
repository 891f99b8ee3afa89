"""Both books of one job as they stand, for operators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from storage.db import Database
from storage.tables import ledger, spend


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a book. `amount`: user units in the ledger, micro-USD in the spend book; `at`: unix seconds.

    `subject`: the ledger's UTC day, or the id of the call that was paid for.
    """

    kind: str
    amount: int
    subject: str
    at: float


class Books:
    """Reads only."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def ledger(self, job_id: str) -> list[Line]:
        """User units of a job, oldest first."""
        query = select(ledger.c.kind, ledger.c.units, ledger.c.period, ledger.c.at).where(ledger.c.job_id == job_id)
        async with self._db.read() as connection:
            return [Line(*row) for row in await connection.execute(query.order_by(ledger.c.id))]

    async def spend(self, job_id: str) -> list[Line]:
        """Money of a job's calls, oldest first."""
        query = select(spend.c.kind, spend.c.micro_usd, spend.c.call_id, spend.c.at).where(spend.c.job_id == job_id)
        async with self._db.read() as connection:
            return [Line(*row) for row in await connection.execute(query.order_by(spend.c.id))]
