"""The job API's store: its port, put together from its parts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from bot.api.ports import Cursor
from bot.jobs.model import Job, JobState
from storage.api.callbacks import SqlCallbacks
from storage.api.keys import SqlKeys
from storage.api.marks import SqlMarks
from storage.reads import Reads
from storage.rows import read_job
from storage.tables import jobs


class SqlApi(SqlKeys, SqlMarks, SqlCallbacks, Reads):
    """Keys, idempotency keys and callbacks in the jobs' database; see `bot.api.ports` for the promises."""

    async def page(self, user_key: str, states: Sequence[JobState], limit: int, after: Cursor | None) -> list[Job]:
        """A user's jobs, newest first."""
        query = select(jobs).where(jobs.c.user_key == user_key)
        if states:
            query = query.where(jobs.c.state.in_([state.value for state in states]))
        if after is not None:
            at = jobs.c.created_at
            older = or_(at < after.created_at, and_(at == after.created_at, jobs.c.id < after.job_id))
            query = query.where(at <= after.created_at, older)
        query = query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
        async with self._db.read() as connection:
            return [read_job(row) for row in (await connection.execute(query)).mappings()]
