"""The book of money: micro-USD per call, booked at the intent, corrected from replies, voided on proof of non-charge."""

from __future__ import annotations

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import OPEN
from bot.policy.records import Period
from storage.ledger import of_month, period
from storage.tables import calls, jobs, spend

INSERT = insert(spend)
OPEN_STATES = sorted(state.value for state in OPEN)


async def book(connection: AsyncConnection, call_id: str, job_id: str, kind: str, amount: int, at: float) -> None:
    """Add a line and keep the sums on call and job beside it. Nothing to add, no line.

    The line belongs to the community of its job and to the UTC day on which the job was accepted, like its units.
    """
    if amount == 0 and kind != "intent":
        return
    facts = select(jobs.c.community_key, jobs.c.created_at).where(jobs.c.id == job_id)
    job = (await connection.execute(facts)).one()
    line = {"call_id": call_id, "job_id": job_id, "kind": kind, "micro_usd": amount, "at": at}
    await connection.execute(INSERT, line | {"community": job.community_key, "period": period(job.created_at)})
    await connection.execute(update(calls).where(calls.c.id == call_id).values(cost=calls.c.cost + amount))
    await connection.execute(update(jobs).where(jobs.c.id == job_id).values(cost=jobs.c.cost + amount))


async def correct(connection: AsyncConnection, call_id: str, job_id: str, kind: str, total: int, at: float) -> None:
    """Make the call's lines sum up to `total`."""
    found = await connection.execute(select(func.coalesce(func.sum(spend.c.micro_usd), 0)).where(spend.c.call_id == call_id))
    await book(connection, call_id, job_id, kind, total - int(found.scalar_one()), at)


async def committed(connection: AsyncConnection, community: str, day: str) -> Period:
    """Micro-USD of a community on that day and in its month: what was spent, and what its open jobs may still cost."""
    today = func.sum(case((spend.c.period == day, spend.c.micro_usd), else_=0))
    to_come = select(
        func.coalesce(func.sum(case((jobs.c.estimate > jobs.c.cost, jobs.c.estimate - jobs.c.cost), else_=0)), 0)
    )
    to_come = to_come.where(jobs.c.state.in_(OPEN_STATES), jobs.c.community_key == community)
    # One question, so that money that goes from one sum to the other meanwhile is in exactly one of them.
    query = select(func.coalesce(today, 0), func.coalesce(func.sum(spend.c.micro_usd), 0), to_come.scalar_subquery())
    query = query.where(spend.c.community == community, *of_month(spend.c.period, day))
    of_day, of_month_, still = map(int, (await connection.execute(query)).one())
    return Period(of_day + still, of_month_ + still)
