"""Paid requests: written down before they are sent; their state and their money change together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Call, CallState, Found, Job, JobState, Picture
from bot.jobs.store import LeaseLost, NewCall
from storage import spend
from storage.db import Database
from storage.prepared import Prepared, let
from storage.rows import FOUND, PICTURES, dump, read_call
from storage.tables import calls, jobs

WAKEABLE = [state.value for state in (JobState.SUBMITTING, JobState.RUNNING, JobState.UNCERTAIN)]
LIVE = [state.value for state in (CallState.INTENT, CallState.ACCEPTED, CallState.UNKNOWN)]
COLUMNS = ("id", "job_id", "slot", "attempt", "provider", "count", "created_at")
MINE = Prepared(
    select(jobs.c.id)
    .where(jobs.c.id == let("job"), jobs.c.state == let("was"), jobs.c.lease == let("mine"))
    .with_for_update()
)
INTENT = Prepared(
    insert(calls).values({name: let(name) for name in COLUMNS} | {"state": CallState.INTENT.value}).returning(*calls.c)
)
POLLED = Prepared(
    update(calls)
    .where(calls.c.id == let("call"))
    .values(polls=calls.c.polls + 1, hooked=False, polled_at=let("now"))
    .returning(*calls.c)
)
HOOKED = Prepared(
    update(calls)
    .where(calls.c.id == let("call"), calls.c.state.in_(LIVE))
    .values(hooked=True, candidate=let("candidate"))
    .returning(calls.c.job_id)
)
DUE = Prepared(
    update(jobs).where(jobs.c.id == let("job"), jobs.c.state.in_(WAKEABLE)).values(due_at=let("now")).returning(jobs.c.id)
)


@cache
def setting(*names: str) -> Prepared:
    """The update of these columns of a call that is still in the state in which it was read."""
    mine = (calls.c.id == let("call"), calls.c.state == let("was"))
    return Prepared(update(calls).where(*mine).values({name: let(name) for name in names}).returning(*calls.c))


async def _set(connection: AsyncConnection, call: Call, **values: Any) -> Call:  # noqa: ANN401  (as the columns are)
    row = (await setting(*values).run(connection, call=call.id, was=call.state.value, **values)).first
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
        async with self._db.write() as connection:
            if (await MINE.run(connection, job=job.id, was=job.state.value, mine=job.lease)).first is None:
                raise LeaseLost(job.id)
            return [await self._intent(connection, job, call, now) for call in sorted(new, key=lambda one: one.slot)]

    async def _intent(self, connection: AsyncConnection, job: Job, new: NewCall, now: float) -> Call:
        row = {name: getattr(new, name) for name in COLUMNS if name not in {"job_id", "created_at"}}
        kept = await INTENT.run(connection, **row, job_id=job.id, created_at=now)
        await spend.book(connection, new.id, job.id, "intent", new.cost, now)
        return replace(read_call(kept.rows[0]), cost=new.cost)

    async def call_accepted(self, call: Call, ref: str, cost: int | None, now: float) -> Call:
        """The provider took it."""
        async with self._db.write() as connection:
            kept = await _set(connection, call, state=CallState.ACCEPTED.value, ref=ref, sent_at=now)
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
            await _set(connection, call, **values)
            if cost is not None:
                await spend.correct(connection, call.id, call.job_id, "done", cost, now)

    async def call_refused(self, call: Call, reason: str, *, paid: bool, now: float) -> None:
        """It came to nothing; its money is voided only on proof."""
        async with self._db.write() as connection:
            await _set(connection, call, state=CallState.REFUSED.value, reason=reason, hooked=False)
            if not paid:
                await spend.correct(connection, call.id, call.job_id, "void", 0, now)

    async def call_unknown(self, call: Call, reason: str, now: float) -> None:
        """It was sent and no answer came."""
        async with self._db.write() as connection:
            await _set(connection, call, state=CallState.UNKNOWN.value, reason=reason, sent_at=now)

    async def polled(self, call: Call, now: float) -> None:
        """Count a poll and take the hook off."""
        await self._db.put(POLLED, call=call.id, now=now)

    async def hooked(self, call_id: str, candidate: str, now: float) -> str | None:
        """Remember a webhook and make its job due; None for an unknown call or a job that cannot use it."""
        async with self._db.write() as connection:
            job_id = (await HOOKED.run(connection, call=call_id, candidate=candidate[:200])).scalar
            if job_id is None:
                return None
            return str(job_id) if (await DUE.run(connection, job=job_id, now=now)).first else None
