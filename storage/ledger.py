"""The book of user units. Append-only; each line carries the day of its reservation, and stands once per job and kind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Job
from bot.policy.records import Period
from storage.tables import jobs, ledger

INSERT = insert(ledger)
BOOKED = ("reserve", "refund")
"""Lines that count pictures; a grant gives units and draws none."""
OPERATORS = ""
"""The community of the operator's own grants, which count everywhere."""


def period(at: float) -> str:
    """The UTC day of a moment, as both books write it."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


async def used(connection: AsyncConnection, users: Collection[str], day: str, community: str) -> Period:
    """Units reserved and not refunded anywhere, less the grants that count in `community`, on that day and in its month.

    `users`: any of a user's keys. What a community's moderators give is good in their community alone: otherwise whoever
    may add the bot to a server of their own could lift the deployment's cap everywhere.
    """
    today = func.sum(case((ledger.c.period == day, ledger.c.units), else_=0))
    query = select(func.coalesce(today, 0), func.coalesce(func.sum(ledger.c.units), 0))
    counts = or_(ledger.c.kind != "grant", ledger.c.community.in_({OPERATORS, community}))
    found = await connection.execute(query.where(ledger.c.user_key.in_(users), counts, *of_month(ledger.c.period, day)))
    return Period(*map(int, found.one()))


async def pictures(connection: AsyncConnection, community: str, day: str) -> Period:
    """Pictures that a community's budget counts, on that day and in its month."""
    today = func.sum(case((ledger.c.period == day, ledger.c.units), else_=0))
    query = select(func.coalesce(today, 0), func.coalesce(func.sum(ledger.c.units), 0))
    query = query.where(ledger.c.community == community, ledger.c.kind.in_(BOOKED), *of_month(ledger.c.period, day))
    return Period(*map(int, (await connection.execute(query)).one()))


def of_month(column: ColumnElement[str], day: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Days sort as text: the month is a range, so that an index serves it."""
    return column >= f"{day[:7]}-01", column <= f"{day[:7]}-31"


async def write(connection: AsyncConnection, job: Job, kind: str, units: int, at: float) -> None:
    """One line. A second one of that kind for this job violates the book's key.

    Under the user as the row has it: they may have been erased since the caller read the job.
    """
    user_key = job.actor.key
    if kind != "reserve":
        owner = select(jobs.c.user_key).where(jobs.c.id == job.id)
        user_key = (await connection.execute(owner)).scalar_one()
    line = {"job_id": job.id, "user_key": user_key, "community": job.place.community, "period": period(job.created_at)}
    await connection.execute(INSERT, line | {"kind": kind, "units": units, "at": at})


async def close(connection: AsyncConnection, job: Job, settle: int, at: float) -> None:
    """Settle `settle` units of the reservation and refund the rest; a job that was closed before stays as it was."""
    closed = select(ledger.c.id).where(ledger.c.job_id == job.id, ledger.c.kind.in_(("settle", "refund")))
    if (await connection.execute(closed)).first():
        return
    if settle:
        await write(connection, job, "settle", 0, at)
    if settle < job.units:
        await write(connection, job, "refund", settle - job.units, at)
