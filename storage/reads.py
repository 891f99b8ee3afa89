"""Questions to the job tables."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, case, func, or_, select

from bot.jobs.acceptance import Standing
from bot.jobs.model import OPEN, WAITING, Call, CallState, Job, JobState
from storage import fair, ledger, sums
from storage.anonymous import anon
from storage.db import Database
from storage.line import Line
from storage.prepared import Prepared, let
from storage.rows import read_call, read_job
from storage.tables import calls, jobs

BREAKER_SECONDS = 60.0
BREAKER_FAULTS = 5
SELECT = select(jobs)
BY_ID, BY_KEY = Prepared(SELECT.where(jobs.c.id == let("job"))), Prepared(SELECT.where(jobs.c.key == let("key")))
CALL = Prepared(select(calls).where(calls.c.id == let("call")))
CALLS = Prepared(
    select(calls).where(calls.c.job_id == let("job")).order_by(calls.c.created_at, calls.c.slot, calls.c.attempt)
)
FAULTS = ("busy", "broken", "bad_key", "no_money")


def _troubled() -> Prepared:
    """The calls of one try of a job are one fault: they are made in the same moment, and the first slot speaks for all."""
    faults = or_(*(calls.c.reason.startswith(f"{family}:") for family in FAULTS), calls.c.state == CallState.UNKNOWN.value)
    taken = calls.c.state.in_([CallState.ACCEPTED.value, CallState.DONE.value])
    counted = select(calls.c.provider).where(calls.c.created_at.between(let("since"), let("now")))
    few = func.sum(case((and_(faults, calls.c.slot == 0), 1), else_=0)) >= BREAKER_FAULTS
    return Prepared(counted.group_by(calls.c.provider).having(few, func.sum(case((taken, 1), else_=0)) == 0))


TROUBLED = _troubled()


class Reads:
    """The JobReads port."""

    def __init__(self, db: Database, secret: str = "") -> None:
        """Over an open database. `secret`: the bot's, for the anonymous keys of erased users."""
        self._db = db
        self._secret = secret
        self._line = Line(db)

    async def job(self, job_id: str) -> Job | None:
        """One job, or None."""
        row = (await self._db.ask(BY_ID, job=job_id)).first
        return read_job(row) if row else None

    async def by_key(self, key: str) -> Job | None:
        """The job that a request of that key has become."""
        row = (await self._db.ask(BY_KEY, key=key)).first
        return read_job(row) if row else None

    async def calls(self, job_id: str) -> list[Call]:
        """All calls of a job, oldest first."""
        return [read_call(row) for row in (await self._db.ask(CALLS, job=job_id)).rows]

    async def call(self, call_id: str) -> Call | None:
        """One call, or None."""
        row = (await self._db.ask(CALL, call=call_id)).first
        return read_call(row) if row else None

    async def due(self, now: float, limit: int) -> list[str]:
        """Ids of jobs whose time has come, oldest first."""
        query = (
            select(jobs.c.id).where(jobs.c.due_at.is_not(None), jobs.c.due_at <= now).order_by(jobs.c.due_at).limit(limit)
        )
        async with self._db.read() as connection:
            return list((await connection.execute(query)).scalars())

    async def ahead(self, job_id: str) -> int:
        """Jobs that will be admitted before this one, in the fair order."""
        return await self._line.ahead(job_id)

    async def standing(self, user_key: str, now: float, community: str = "") -> Standing:
        """Units used today, as they count in a community, jobs running and waiting."""
        async with self._db.snapshot() as connection:
            keys = (user_key, anon(user_key, self._secret))
            counts = await fair.counts(connection, *keys)
            used = await sums.used(connection, keys, ledger.period(now), community)
        return Standing(used.day, counts.user_running, counts.user_waiting, used.month)

    async def jobs(self, states: Sequence[JobState], limit: int, user_key: str = "") -> list[Job]:
        """Newest first; no states = all."""
        query = SELECT.order_by(jobs.c.created_at.desc()).limit(limit)
        if states:
            query = query.where(jobs.c.state.in_([state.value for state in states]))
        if user_key:
            query = query.where(jobs.c.user_key == user_key)
        async with self._db.read() as connection:
            return [read_job(row) for row in (await connection.execute(query)).mappings()]

    async def waiting_in(self, community_key: str, limit: int) -> list[Job]:
        """A community's jobs that have not begun, oldest first."""
        states = [state.value for state in WAITING]
        query = SELECT.where(jobs.c.community_key == community_key, jobs.c.state.in_(states))
        age = func.coalesce(jobs.c.created_at, 0.0)  # sorted here: in the index by age lies the community's whole history
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(age).limit(limit))
            return [read_job(row) for row in rows.mappings()]

    async def open_children(self, parent_id: str, but: str = "") -> int:
        """Jobs not at their end (`but` this one) that started from a job."""
        going = jobs.c.state.in_([state.value for state in OPEN])
        query = select(func.count()).where(jobs.c.parent_id == parent_id, jobs.c.id != but, going)
        async with self._db.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def troubled(self, now: float) -> frozenset[str]:
        """Providers that only failed within the last minute: counted from the rows, so that all processes agree."""
        found = await self._db.ask(TROUBLED, since=now - BREAKER_SECONDS, now=now)
        return frozenset(row["provider"] for row in found.rows)

    async def child(self, parent_id: str, action: str, index: int) -> Job | None:
        """The newest child job of that action that is open or delivered."""
        async with self._db.read() as connection:
            return await fair.child(connection, parent_id, action, index)

    async def open_count(self) -> int:
        """Jobs that are not at an end (metrics, tests)."""
        states = [state.value for state in OPEN]
        async with self._db.read() as connection:
            return int((await connection.execute(select(func.count()).where(jobs.c.state.in_(states)))).scalar_one())
