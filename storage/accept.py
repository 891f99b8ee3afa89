"""Accepting a job: replay, twin, pace, quota and queue are checked, and row and reservation written, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import structlog
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreUnavailable
from bot.jobs.acceptance import Accepted, Caps, Refusal, RefusalKind
from bot.jobs.model import Action, Job
from bot.policy import limits
from bot.policy.community import Budget
from bot.policy.records import Entry, What
from storage import fair, ledger, pace, sums
from storage.anonymous import anon
from storage.db import Database
from storage.line import Line
from storage.policy import audit
from storage.prepared import Prepared, let
from storage.reads import BY_KEY
from storage.rows import job_values, read_job
from storage.tables import jobs
from storage.turns import Turn

log = structlog.get_logger()
TWIN_SECONDS = 5.0
"""A second press of V or re-roll by the same user within this time is the same job."""


@cache
def inserting(*names: str) -> Prepared:
    """A new row; the other columns have their defaults."""
    return Prepared(insert(jobs).values({name: let(name) for name in names}))


class Accepts:
    """The accepting half of JobWrites."""

    _db: Database
    _line: Line
    _secret: str

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
        async with self._db.write(Turn.COUNTS) as connection:
            row = (await BY_KEY.run(connection, key=key)).first
            if row:
                return Accepted(read_job(row), 0, replay=True), False
            counts = await fair.counts(connection, *self._keys(job))
            used = await self._used(connection, job, caps)
            refusal = await _twin(connection, job) or await pace.refusal(connection, job, caps, self._keys(job))
            refusal = refusal or _refusal(job, caps, counts, used)
            if refusal:
                return refusal, False
            values = job_values(job) | {"key": key, "due_at": due_at}
            await inserting(*values).run(connection, **values)
            await ledger.write(connection, job, "reserve", job.units, job.created_at)
            await audit.write(connection, _entry(job), job.created_at)
            at_once = counts.user_running + counts.user_waiting < caps.user_running and (
                counts.running + counts.waiting < caps.running
            )
            share, period = limits.fullest(caps.budget, used, job.units, job.estimate)
            return Accepted(job, 0, budget=share, period=period), not at_once

    def _keys(self, job: Job) -> tuple[str, str]:
        """A user who was erased has used, and has open, what stands under the anonymous key, too."""
        return job.actor.key, anon(job.actor.key, self._secret)

    async def _used(self, connection: AsyncConnection, job: Job, caps: Caps) -> limits.Used:
        """What the books say. The community's are read only where it has a budget."""
        day, community = ledger.period(job.created_at), job.place.community
        user = await sums.used(connection, self._keys(job), day, community)
        if caps.budget == Budget():
            return limits.Used(user)
        return limits.Used(user, *await sums.community_used(connection, community, day))


def _refusal(job: Job, caps: Caps, counts: fair.Counts, used: limits.Used) -> Refusal | None:
    """Quota, then budget, then caps."""
    refusal = limits.quota(caps, used.user, job.units) or limits.budget(caps.budget, used, job.units, job.estimate)
    if refusal:
        return refusal
    startable = max(0, min(caps.user_running - counts.user_running, caps.running - counts.running))
    if counts.user_waiting >= caps.user_waiting + startable:
        return Refusal(RefusalKind.QUEUE_FULL, left=max(0, caps.daily - used.user.day))
    if caps.waiting and counts.in_line >= caps.waiting + max(0, caps.running - counts.running):
        return Refusal(RefusalKind.LINE_FULL, left=max(0, caps.daily - used.user.day))
    return None


def _entry(job: Job) -> Entry:
    """Who asked for what, where."""
    return Entry(
        job.place.community,
        What.ACCEPTED,
        actor=job.actor.key,
        name=job.actor.name,
        subject=job.actor.key,
        job_id=job.id,
        channel=job.place.room,
        text=f"{job.action.value}: {job.request.prompt}",
    )


async def _twin(connection: AsyncConnection, job: Job) -> Refusal | None:
    if not job.parent_id or job.action is Action.IMAGINE:
        return None
    twin = await fair.child(connection, job.parent_id, job.action.value, job.parent_index)
    if twin is None:
        return None
    if job.action is Action.UPSCALE:
        return Refusal(RefusalKind.DRAWN, twin=twin)
    same = twin.actor.key == job.actor.key and twin.request.prompt == job.request.prompt
    return Refusal(RefusalKind.TWIN, twin=twin) if same and abs(job.created_at - twin.created_at) < TWIN_SECONDS else None
