"""Paid requests: written down before they are sent; their state and their money change together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Call, CallState, Found, Job, JobState, Picture
from bot.jobs.store import LeaseLost, NewCall
from storage import spend
from storage.db import Database
from storage.rows import FOUND, PICTURES, dump, read_call
from storage.tables import calls, jobs

WAKEABLE = [state.value for state in (JobState.SUBMITTING, JobState.RUNNING, JobState.UNCERTAIN)]
RETURNING = update(calls).returning(*calls.c)
INSERT = insert(calls)


async def _set(connection: AsyncConnection, call: Call, values: dict[str, Any]) -> Call:
    query = RETURNING.where(calls.c.id == call.id, calls.c.state == call.state.value)
    row = (await connection.execute(query.values(**values))).mappings().first()
    if row is None:
        raise LeaseLost(call.job_id)
    return read_call(row)


class Calls:
    """The half of JobWrites that keeps calls and spend."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def intend(self, job: Job, new: Sequence[NewCall], now: float) -> list[Call]:
        """Intent rows and their estimated cost; only for the holder of the job's lease."""
        mine = select(jobs.c.id).where(jobs.c.id == job.id, jobs.c.state == job.state.value, jobs.c.lease == job.lease)
        async with self._db.write() as connection:
            if (await connection.execute(mine.with_for_update())).first() is None:
                raise LeaseLost(job.id)
            for call in new:
                row = {
                    "id": call.id,
                    "job_id": job.id,
                    "slot": call.slot,
                    "attempt": call.attempt,
                    "provider": call.provider,
                }
                state = {"state": CallState.INTENT.value, "count": call.count, "created_at": now}
                await connection.execute(INSERT, row | state)
                await spend.book(connection, call.id, job.id, "intent", call.cost, now)
            ids = [call.id for call in new]
            rows = await connection.execute(select(calls).where(calls.c.id.in_(ids)).order_by(calls.c.slot))
            return [read_call(row) for row in rows.mappings()]

    async def call_accepted(self, call: Call, ref: str, cost: int | None, now: float) -> Call:
        """The provider took it."""
        async with self._db.write() as connection:
            kept = await _set(connection, call, {"state": CallState.ACCEPTED.value, "ref": ref, "sent_at": now})
            if cost is not None:
                await spend.correct(connection, call.id, call.job_id, "accepted", cost, now)
            return kept

    async def call_done(
        self, call: Call, ref: str, pictures: Sequence[Picture], urls: Sequence[Found], cost: int | None, now: float
    ) -> None:
        """The provider finished it."""
        values = {"state": CallState.DONE.value, "ref": ref, "hooked": False}
        values |= {"pictures": dump(PICTURES, tuple(pictures)), "urls": dump(FOUND, tuple(urls))}
        async with self._db.write() as connection:
            await _set(connection, call, values)
            if cost is not None:
                await spend.correct(connection, call.id, call.job_id, "done", cost, now)

    async def call_refused(self, call: Call, reason: str, *, paid: bool, now: float) -> None:
        """It came to nothing; its money is voided only on proof."""
        async with self._db.write() as connection:
            await _set(connection, call, {"state": CallState.REFUSED.value, "reason": reason, "hooked": False})
            if not paid:
                await spend.correct(connection, call.id, call.job_id, "void", 0, now)

    async def call_unknown(self, call: Call, reason: str, now: float) -> None:
        """It was sent and no answer came."""
        async with self._db.write() as connection:
            await _set(connection, call, {"state": CallState.UNKNOWN.value, "reason": reason, "sent_at": now})

    async def polled(self, call: Call, now: float) -> None:
        """Count a poll and take the hook off."""
        query = update(calls).where(calls.c.id == call.id).values(polls=calls.c.polls + 1, hooked=False, polled_at=now)
        async with self._db.write() as connection:
            await connection.execute(query)

    async def hooked(self, call_id: str, candidate: str, now: float) -> str | None:
        """Remember a webhook and make its job due; None for an unknown call or a job that cannot use it."""
        live = (CallState.INTENT.value, CallState.ACCEPTED.value, CallState.UNKNOWN.value)
        query = (
            update(calls)
            .where(calls.c.id == call_id, calls.c.state.in_(live))
            .values(hooked=True, candidate=candidate[:200])
        )
        async with self._db.write() as connection:
            job_id = (await connection.execute(query.returning(calls.c.job_id))).scalar()
            if job_id is None:
                return None
            due = update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(WAKEABLE)).values(due_at=now)
            return str(job_id) if (await connection.execute(due)).rowcount else None
