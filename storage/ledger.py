"""The book of user units. Append-only; each line carries the day of its reservation, and stands once per job and kind."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Job
from storage.prepared import Prepared, let
from storage.tables import ledger

COLUMNS = ("job_id", "user_key", "community", "period", "kind", "units", "at")


def period(at: float) -> str:
    """The UTC day of a moment, as both books write it."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


CLOSED = Prepared(select(ledger.c.id).where(ledger.c.job_id == let("job"), ledger.c.kind.in_(["settle", "refund"])).limit(1))
LINE = Prepared(insert(ledger).values({name: let(name) for name in COLUMNS}))


async def write(connection: AsyncConnection, job: Job, kind: str, units: int, at: float) -> None:
    """One line. A second one of that kind for this job violates the book's key.

    `job`: as it was read in this transaction, as its user may have been erased a moment ago.
    """
    line = {"job_id": job.id, "user_key": job.actor.key, "community": job.place.community, "kind": kind, "units": units}
    await LINE.run(connection, **line, period=period(job.created_at), at=at)


async def close(connection: AsyncConnection, job: Job, settle: int, at: float) -> None:
    """Settle `settle` units of the reservation and refund the rest; a job that was closed before stays as it was."""
    if (await CLOSED.run(connection, job=job.id)).first:
        return
    if settle:
        await write(connection, job, "settle", 0, at)
    if settle < job.units:
        await write(connection, job, "refund", settle - job.units, at)
