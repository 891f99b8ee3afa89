"""The book of money: micro-USD per call, booked at the intent, corrected from replies, voided on proof of non-charge."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.ledger import period
from storage.prepared import Prepared, let
from storage.tables import calls, jobs, spend

COLUMNS = ("call_id", "job_id", "kind", "micro_usd", "at", "community", "period")
FACTS = Prepared(select(jobs.c.community_key, jobs.c.created_at).where(jobs.c.id == let("job")))
LINE = Prepared(insert(spend).values({name: let(name) for name in COLUMNS}))
CALL_COST = Prepared(update(calls).where(calls.c.id == let("call")).values(cost=calls.c.cost + let("amount")))
JOB_COST = Prepared(update(jobs).where(jobs.c.id == let("job")).values(cost=jobs.c.cost + let("amount")))
SUM = Prepared(select(func.coalesce(func.sum(spend.c.micro_usd), 0)).where(spend.c.call_id == let("call")))


async def book(connection: AsyncConnection, call_id: str, job_id: str, kind: str, amount: int, at: float) -> None:
    """Add a line and keep the sums on call and job beside it. Nothing to add, no line.

    The line belongs to the community of its job and to the UTC day on which the job was accepted, like its units. It goes
    last: with it comes the day's sum, which others of the community wait for, and they may have the job.
    """
    if amount == 0 and kind != "intent":
        return
    job = (await FACTS.run(connection, job=job_id)).rows[0]
    line = {"call_id": call_id, "job_id": job_id, "kind": kind, "micro_usd": amount, "at": at}
    await CALL_COST.run(connection, call=call_id, amount=amount)
    await JOB_COST.run(connection, job=job_id, amount=amount)
    await LINE.run(connection, **line, community=job["community_key"], period=period(job["created_at"]))


async def correct(connection: AsyncConnection, call_id: str, job_id: str, kind: str, total: int, at: float) -> None:
    """Make the call's lines sum up to `total`."""
    booked = int((await SUM.run(connection, call=call_id)).scalar)
    await book(connection, call_id, job_id, kind, total - booked, at)
