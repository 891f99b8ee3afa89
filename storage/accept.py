"""Accepting a job: replay, twin, queue and quota are checked, and row and reservation written, in one transaction."""

from __future__ import annotations

from dataclasses import replace

import structlog
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreUnavailable
from bot.jobs.model import Action, Job
from bot.jobs.store import Accepted, Caps, Refusal, RefusalKind
from storage import fair, ledger
from storage.db import Database
from storage.line import Line
from storage.rows import job_values, read_job
from storage.tables import jobs

log = structlog.get_logger()
TWIN_SECONDS = 5.0
"""A second press of V or re-roll by the same user within this time is the same job."""


class Accepts:
    """The accepting half of JobWrites."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db
        self._line = Line(db)

    async def accept(self, job: Job, key: str, caps: Caps, due_at: float) -> Accepted | Refusal:
        """Check, then insert the row and reserve its units. The place in the line is read after the commit."""
        decided, waits = await self._decide(job, key, caps, due_at)
        return replace(decided, ahead=await self._ahead(job)) if isinstance(decided, Accepted) and waits else decided

    async def _ahead(self, job: Job) -> int:
        """For show only: what is accepted stays so."""
        try:
            return await self._line.ahead(job.id)
        except StoreUnavailable:
            log.exception("place in the line not read", job=job.id)
            return 0

    async def _decide(self, job: Job, key: str, caps: Caps, due_at: float) -> tuple[Accepted | Refusal, bool]:
        """And whether the job has to wait."""
        async with self._db.write() as connection:
            row = (await connection.execute(select(jobs).where(jobs.c.key == key))).mappings().first()
            if row:
                return Accepted(read_job(row), 0, replay=True), False
            counts = await fair.counts(connection, job.actor.key)
            refusal = await self._refusal(connection, job, caps, counts)
            if refusal:
                return refusal, False
            await connection.execute(insert(jobs).values(**job_values(job) | {"key": key, "due_at": due_at}))
            await ledger.write(connection, job, "reserve", job.units, job.created_at)
            at_once = counts.user_running + counts.user_waiting < caps.user_running and (
                counts.running + counts.waiting < caps.running
            )
            return Accepted(job, 0), not at_once

    async def _refusal(self, connection: AsyncConnection, job: Job, caps: Caps, counts: fair.Counts) -> Refusal | None:
        twin = await _twin(connection, job)
        if twin:
            return twin
        used = await ledger.used(connection, job.actor.key, ledger.period(job.created_at))
        left = max(0, caps.daily - used)
        if job.units > left:
            return Refusal(RefusalKind.QUOTA, left=left)
        startable = max(0, min(caps.user_running - counts.user_running, caps.running - counts.running))
        if counts.user_waiting >= caps.user_waiting + startable:
            return Refusal(RefusalKind.QUEUE_FULL, left=left)
        return None


async def _twin(connection: AsyncConnection, job: Job) -> Refusal | None:
    if not job.parent_id or job.action is Action.IMAGINE:
        return None
    twin = await fair.child(connection, job.parent_id, job.action.value, job.parent_index)
    if twin is None:
        return None
    if job.action is Action.UPSCALE:
        return Refusal(RefusalKind.DRAWN, twin=twin)
    same = twin.actor.key == job.actor.key and twin.request.prompt == job.request.prompt
    return Refusal(RefusalKind.TWIN, twin=twin) if same and job.created_at - twin.created_at < TWIN_SECONDS else None
