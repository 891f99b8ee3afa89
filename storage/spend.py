"""The book of money: micro-USD per call, booked at the intent, corrected from replies, voided on proof of non-charge."""

from __future__ import annotations

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import OPEN
from bot.policy.records import Period
from storage.ledger import month, of_month, period
from storage.prepared import Prepared, let
from storage.tables import calls, jobs, spend

COLUMNS = ("call_id", "job_id", "kind", "micro_usd", "at", "community", "period")
OPEN_STATES = sorted(state.value for state in OPEN)
FACTS = Prepared(select(jobs.c.community_key, jobs.c.created_at).where(jobs.c.id == let("job")))
LINE = Prepared(insert(spend).values({name: let(name) for name in COLUMNS}))
CALL_COST = Prepared(update(calls).where(calls.c.id == let("call")).values(cost=calls.c.cost + let("amount")))
JOB_COST = Prepared(update(jobs).where(jobs.c.id == let("job")).values(cost=jobs.c.cost + let("amount")))
SUM = Prepared(select(func.coalesce(func.sum(spend.c.micro_usd), 0)).where(spend.c.call_id == let("call")))


def _committed() -> Prepared:
    today = func.sum(case((spend.c.period == let("day"), spend.c.micro_usd), else_=0))
    to_come = select(
        func.coalesce(func.sum(case((jobs.c.estimate > jobs.c.cost, jobs.c.estimate - jobs.c.cost), else_=0)), 0)
    )
    to_come = to_come.where(jobs.c.state.in_(OPEN_STATES), jobs.c.community_key == let("community"))
    # One question, so that money that goes from one sum to the other meanwhile is in exactly one of them.
    sums = (func.coalesce(today, 0), func.coalesce(func.sum(spend.c.micro_usd), 0), to_come.scalar_subquery())
    query = select(*(one.label(name) for one, name in zip(sums, ("day", "month", "to_come"), strict=True)))
    return Prepared(query.where(spend.c.community == let("community"), *of_month(spend.c.period)))


COMMITTED = _committed()


async def book(connection: AsyncConnection, call_id: str, job_id: str, kind: str, amount: int, at: float) -> None:
    """Add a line and keep the sums on call and job beside it. Nothing to add, no line.

    The line belongs to the community of its job and to the UTC day on which the job was accepted, like its units.
    """
    if amount == 0 and kind != "intent":
        return
    job = (await FACTS.run(connection, job=job_id)).rows[0]
    line = {"call_id": call_id, "job_id": job_id, "kind": kind, "micro_usd": amount, "at": at}
    await LINE.run(connection, **line, community=job["community_key"], period=period(job["created_at"]))
    await CALL_COST.run(connection, call=call_id, amount=amount)
    await JOB_COST.run(connection, job=job_id, amount=amount)


async def correct(connection: AsyncConnection, call_id: str, job_id: str, kind: str, total: int, at: float) -> None:
    """Make the call's lines sum up to `total`."""
    booked = int((await SUM.run(connection, call=call_id)).scalar)
    await book(connection, call_id, job_id, kind, total - booked, at)


async def committed(connection: AsyncConnection, community: str, day: str) -> Period:
    """Micro-USD of a community on that day and in its month: what was spent, and what its open jobs may still cost."""
    found = (await COMMITTED.run(connection, community=community, **month(day))).rows[0]
    still = int(found["to_come"])
    return Period(int(found["day"]) + still, int(found["month"]) + still)
