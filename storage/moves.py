"""Leases and state changes of a job. Every change matches id, state and lease; no row matched = LeaseLost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, update

from bot.jobs.acceptance import Caps
from bot.jobs.model import GIVEN_UP, CallState, Job, JobState, Picture, Progress
from bot.jobs.place import MessageRef
from bot.jobs.store import LeaseLost
from storage import erased, fair, ledger
from storage.db import Database
from storage.move_statements import CLAIM, CLEAR_LEASES, OPEN_STATES, PLACED, PLACED_LATE, QUEUED, RELEASE, START, changing
from storage.prepared import Answered
from storage.rows import MESSAGE, NOTES, PICTURE, PICTURES, PROGRESS, dump, read_job
from storage.tables import calls, jobs
from storage.turns import Turn


def _guards(job: Job) -> dict[str, Any]:
    return {"job": job.id, "was": job.state.value, "mine": job.lease}


def _changed(job: Job, found: Answered) -> Job:
    if found.first is None:
        raise LeaseLost(job.id)
    return read_job(found.first)


async def change(db: Database, job: Job, **values: Any) -> Job:  # noqa: ANN401  (as the columns are)
    """A step's only write; the row as it now is. Raises LeaseLost."""
    return _changed(job, await db.put(changing(*values), **_guards(job), **values))


class Moves:
    """The half of JobWrites that moves a job along."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def claim(self, job_id: str, lease: str, free_at: float, until: float) -> Job | None:
        """Take the job unless another lease is alive. Until it is released it is due when the lease ends."""
        row = (await self._db.put(CLAIM, job=job_id, lease=lease, free_at=free_at, until=until)).first
        return read_job(row) if row else None

    async def release(self, job: Job, due_at: float | None) -> None:
        """Give the lease back. A nearer due time that somebody set meanwhile (a webhook, a cancel) stays."""
        await self._db.put(RELEASE, job=job.id, lease=job.lease, due_at=due_at)

    async def placed(self, job_id: str, message: MessageRef, now: float) -> Job | None:
        """The placeholder stands: new -> queued or held. A job that ended meanwhile is told in it."""
        kept = {"job": job_id, "message": dump(MESSAGE, message), "now": now}
        async with self._db.write() as connection:
            row = (await PLACED.run(connection, **kept)).first
            if row is None:
                await PLACED_LATE.run(connection, **kept)
        return read_job(row) if row else None

    async def admit(self, caps: Caps, now: float) -> list[str]:
        """Start waiting jobs, fairly between users, exactly up to the caps. Where none waits nothing is written.

        A job that comes to wait while this is read asks by itself.
        """
        if not await self._anybody_waits():
            return []
        async with self._db.write(Turn.COUNTS) as connection:
            counts = await fair.counts(connection)
            free = caps.running - counts.running
            if free <= 0 or counts.waiting == 0:
                return []
            ids = await fair.admissible(connection, caps.user_running, free)
            if not ids:
                return []
            return [job_id for job_id in ids if (await START.run(connection, job=job_id, now=now)).first]

    async def _anybody_waits(self) -> bool:
        return (await self._db.ask(QUEUED)).first is not None

    async def move(self, job: Job, state: JobState, now: float, due_at: float | None = None) -> Job:
        """To a later open state; a moderator's verdict has done its work."""
        values: dict[str, Any] = {"state": state.value, "attempts": 0, "verdict": ""}
        if due_at is not None:
            values["due_at"] = due_at
        if state is JobState.QUEUED:
            values["queued_at"] = now
        if job.started_at is None and not state.waiting:
            values["started_at"] = now
        return await change(self._db, job, **values)

    async def progressed(self, job: Job, progress: Progress) -> Job:
        """Keep what the provider said last."""
        return await change(self._db, job, progress=dump(PROGRESS, progress))

    async def keep_going(self, job: Job) -> Job:
        """Take a cancel back that came too late."""
        return await change(self._db, job, cancel_requested=False)

    async def store(
        self,
        job: Job,
        pictures: Sequence[Picture],
        shown: Picture,
        *,
        state: JobState = JobState.STORED,
        flags: Sequence[str] = (),
        spoiler: bool = False,
    ) -> Job:
        """Finished -> stored or review; a job that is stored already gets another `shown` (smaller, for a lower limit)."""
        first = job.state is JobState.FINISHED
        kept: dict[str, Any] = {"pictures": dump(PICTURES, tuple(pictures)), "shown": dump(PICTURE, shown)}
        if first:
            kept |= {"flags": dump(NOTES, tuple(flags)), "spoiler": spoiler}
        return await change(self._db, job, state=state.value, attempts=0 if first else job.attempts + 1, **kept)

    async def retry(self, job: Job, due_at: float, reason: str, *, provider: str = "", notes: Sequence[str] = ()) -> Job:
        """Count a failed attempt of the present step, or begin anew with another provider."""
        waits = {"due_at": due_at, "not_before": due_at}
        values: dict[str, Any] = {"attempts": job.attempts + 1, "reason": reason[:60], **waits}
        if provider:
            values |= {"provider": provider, "notes": dump(NOTES, tuple(notes)), "attempts": 0}
        return await change(self._db, job, **values)

    async def end(
        self,
        job: Job,
        state: JobState,
        now: float,
        *,
        settle: int,
        reason: str = "",
        detail: str = "",
        message: MessageRef | None = None,
        told: bool = False,
    ) -> Job:
        """An end; the ledger is closed in the same transaction."""
        values: dict[str, Any] = {
            "state": state.value,
            "reason": reason[:60],
            "detail": detail,
            "ended_at": now,
            "attempts": 0,
            "cancel_requested": False,
        }
        if message is not None:
            values["message"] = dump(MESSAGE, message)
        async with self._db.write() as connection:
            query = changing(*values, kind="end")
            ended = _changed(job, await query.run(connection, **_guards(job), **values, is_told=told))
            await ledger.close(connection, ended, settle, now)
            await erased.finish_one(connection, ended)
            return ended

    async def tell(self, job: Job, message: MessageRef | None) -> Job:
        """The end stands in the chat (or there is nobody to tell)."""
        values: dict[str, Any] = {"attempts": 0}
        if message is not None:
            values["message"] = dump(MESSAGE, message)
        seen = {"was_deleted": job.deleted, "was_hidden": job.hidden}
        async with self._db.write() as connection:
            query = changing(*values, kind="tell")
            told = _changed(job, await query.run(connection, **_guards(job), **values, **seen))
            await erased.finish_one(connection, told)
            return told

    async def late(self, job: Job, now: float) -> Job:
        """Uncertain -> finished, free of units."""
        values = {"state": JobState.FINISHED.value, "ended_at": None, "reason": "", "detail": ""}
        async with self._db.write() as connection:
            finished = _changed(job, await changing(*values).run(connection, **_guards(job), **values))
            await ledger.write(connection, finished, "late", 0, now)
            return finished

    async def cancel(self, job_id: str, now: float) -> bool:
        """Ask the lease holder to cancel."""
        query = update(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(OPEN_STATES))
        async with self._db.write() as connection:
            return (await connection.execute(query.values(cancel_requested=True, due_at=now))).rowcount > 0

    async def delete(self, job_id: str, now: float) -> Job | None:
        """A person deletes it; an open job is cancelled first. The message and the pictures are still to be removed."""
        going = case((jobs.c.state.in_(OPEN_STATES), True), else_=False)
        query = update(jobs).where(jobs.c.id == job_id).returning(*jobs.c)
        query = query.values(deleted=True, told=False, cancel_requested=going, due_at=now)
        async with self._db.write() as connection:
            row = (await connection.execute(query)).mappings().first()
        return read_job(row) if row else None

    async def revive(self, job_id: str, state: JobState, now: float) -> bool:
        """Re-enter an ended job; its books stay closed. Running: with the provider's whole time, and calls given up open."""
        values: dict[str, Any] = {
            "state": state.value,
            "told": False,
            "attempts": 0,
            "ended_at": None,
            "reason": "",
            "detail": "",
            "progress": dump(PROGRESS, Progress()),
            "due_at": now,
            "not_before": None,
        }
        if state is JobState.RUNNING:
            values["started_at"] = now
        query = update(jobs).where(jobs.c.id == job_id, jobs.c.state.not_in(OPEN_STATES)).values(**values)
        given_up = (calls.c.job_id == job_id, calls.c.reason == GIVEN_UP, calls.c.ref != "")
        async with self._db.write() as connection:
            revived = (await connection.execute(query)).rowcount > 0
            if revived and state is JobState.RUNNING:
                reopened = {"state": CallState.ACCEPTED.value, "reason": "", "polls": 0}
                await connection.execute(update(calls).where(*given_up).values(**reopened))
            return revived

    async def clear_leases(self) -> int:
        """At the start of the only process: nobody else can hold a lease, and everything unfinished is looked at now."""
        async with self._db.write() as connection:
            return int((await connection.execute(CLEAR_LEASES)).rowcount)
