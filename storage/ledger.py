"""The book of user units. Append-only; each line carries the day of its reservation, and stands once per job and kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Job
from bot.policy.records import Period
from storage.prepared import Answered, Prepared, let
from storage.tables import ledger

COLUMNS = ("job_id", "user_key", "community", "period", "kind", "units", "at")
BOOKED = ("reserve", "refund")
"""Lines that count pictures; a grant gives units and draws none."""
OPERATORS = ""
"""The community of the operator's own grants, which count everywhere."""


def period(at: float) -> str:
    """The UTC day of a moment, as both books write it."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _sums() -> Select[Any]:
    today = func.sum(case((ledger.c.period == let("day"), ledger.c.units), else_=0))
    return select(func.coalesce(today, 0).label("day"), func.coalesce(func.sum(ledger.c.units), 0).label("month"))


def of_month(column: ColumnElement[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Days sort as text: the month is a range, so that an index serves it."""
    return column >= let("first"), column <= let("last")


def month(day: str) -> dict[str, str]:
    """The values of `of_month`, and the day."""
    return {"day": day, "first": f"{day[:7]}-01", "last": f"{day[:7]}-31"}


def _used() -> Prepared:
    counts = or_(ledger.c.kind != "grant", ledger.c.community.in_([OPERATORS, let("community")]))
    theirs = ledger.c.user_key.in_([let("user"), let("anonymous")])
    return Prepared(_sums().where(theirs, counts, *of_month(ledger.c.period)))


USED = _used()
PICTURES = Prepared(
    _sums().where(ledger.c.community == let("community"), ledger.c.kind.in_(BOOKED), *of_month(ledger.c.period))
)
CLOSED = Prepared(select(ledger.c.id).where(ledger.c.job_id == let("job"), ledger.c.kind.in_(["settle", "refund"])).limit(1))
LINE = Prepared(insert(ledger).values({name: let(name) for name in COLUMNS}))


async def used(connection: AsyncConnection, users: tuple[str, str], day: str, community: str) -> Period:
    """Units reserved and not refunded anywhere, less the grants that count in `community`, on that day and in its month.

    `users`: a user's key and their anonymous one. What a community's moderators give is good in their community alone:
    otherwise whoever may add the bot to a server of their own could lift the deployment's cap everywhere.
    """
    user, anonymous = users
    found = await USED.run(connection, user=user, anonymous=anonymous, community=community, **month(day))
    return period_of(found)


async def pictures(connection: AsyncConnection, community: str, day: str) -> Period:
    """Pictures that a community's budget counts, on that day and in its month."""
    return period_of(await PICTURES.run(connection, community=community, **month(day)))


def period_of(found: Answered) -> Period:
    """The one row's first two sums."""
    day, of_month_, *_ = (found.first or {}).values()
    return Period(int(day), int(of_month_))


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
