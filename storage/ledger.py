"""The book of user units. Append-only; each line carries the day of its reservation, and stands once per job and kind."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Job
from storage.tables import ledger


def period(at: float) -> str:
    """The UTC day of a moment, as the ledger writes it."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


async def used(connection: AsyncConnection, user_key: str, day: str) -> int:
    """Units reserved and not refunded on that day."""
    found = await connection.execute(
        select(func.coalesce(func.sum(ledger.c.units), 0)).where(ledger.c.user_key == user_key, ledger.c.period == day)
    )
    return int(found.scalar_one())


async def write(connection: AsyncConnection, job: Job, kind: str, units: int, at: float) -> None:
    """One line. A second one of that kind for this job violates the book's key."""
    await connection.execute(
        insert(ledger).values(
            job_id=job.id, user_key=job.actor.key, period=period(job.created_at), kind=kind, units=units, at=at
        )
    )


async def close(connection: AsyncConnection, job: Job, settle: int, at: float) -> None:
    """Settle `settle` units of the reservation and refund the rest; a job that was closed before stays as it was."""
    closed = select(ledger.c.id).where(ledger.c.job_id == job.id, ledger.c.kind.in_(("settle", "refund")))
    if (await connection.execute(closed)).first():
        return
    if settle:
        await write(connection, job, "settle", 0, at)
    if settle < job.units:
        await write(connection, job, "refund", settle - job.units, at)
