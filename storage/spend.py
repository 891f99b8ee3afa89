"""The book of money: micro-USD per call, booked at the intent, corrected from replies, voided on proof of non-charge."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import calls, jobs, spend


async def book(connection: AsyncConnection, call_id: str, job_id: str, kind: str, amount: int, at: float) -> None:
    """Add a line and keep the sums on call and job beside it. Nothing to add, no line."""
    if amount == 0 and kind != "intent":
        return
    await connection.execute(insert(spend).values(call_id=call_id, job_id=job_id, kind=kind, micro_usd=amount, at=at))
    await connection.execute(update(calls).where(calls.c.id == call_id).values(cost=calls.c.cost + amount))
    await connection.execute(update(jobs).where(jobs.c.id == job_id).values(cost=jobs.c.cost + amount))


async def correct(connection: AsyncConnection, call_id: str, job_id: str, kind: str, total: int, at: float) -> None:
    """Make the call's lines sum up to `total`."""
    found = await connection.execute(select(func.coalesce(func.sum(spend.c.micro_usd), 0)).where(spend.c.call_id == call_id))
    await book(connection, call_id, job_id, kind, total - int(found.scalar_one()), at)
