"""A policy store beside a job store on one real file, and rows to put there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bot.jobs.acceptance import Accepted, Caps
from bot.jobs.model import Job, JobState
from bot.jobs.place import MessageRef
from bot.policy.community import Community
from bot.policy.desk_ports import Notice
from bot.policy.ports import PolicyStore
from bot.policy.records import Entry, What
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from storage.tables import jobs
from tests.support.databases import opened
from tests.support.rows import key, new_job

NOW = 1_000_000.0
HERE = "playground:guild"
ANN = "playground:ann"
BOB = "playground:bob"
SECRET = "the secret of the tests"
CAPS = Caps(daily=1000, user_running=30, user_waiting=100, running=500)


def entry(what: What = What.SETTING, **facts: Any) -> Entry:
    """An entry to write."""
    return Entry(facts.pop("community", HERE), what, **facts)


@dataclass
class Desk:
    """What a test holds in its hands. `now`: what the store's clock says."""

    policy: PolicyStore
    store: SqlJobStore
    db: Database
    now: float = NOW

    async def job(self, user: str = "ann", state: JobState = JobState.NEW, **columns: Any) -> Job:
        """An accepted job, put into a state by hand."""
        facts = {name: columns.pop(name) for name in ("at", "units", "community", "parent") if name in columns}
        estimate = columns.pop("estimate", 0)
        decided = await self.store.accept(replace(new_job(user, **facts), estimate=estimate), key(), CAPS, NOW + 60)
        assert isinstance(decided, Accepted), decided
        await self.set(decided.job.id, state=state.value, **columns)
        return await self.row(decided.job.id)

    async def set(self, job_id: str, **columns: Any) -> None:
        """Write columns past the state machine."""
        async with self.db.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(**columns))

    async def row(self, job_id: str) -> Job:
        """The job as it stands."""
        found = await self.store.job(job_id)
        assert found is not None
        return found

    async def logs(self) -> None:
        """Give the community a log channel."""
        await self.policy.save_community(HERE, Community(log_channel="log"), entry(What.STYLE))
        for notice in await self.policy.due_notices(self.now):
            await self.policy.posted(notice, MessageRef("log", "m"), self.now)

    async def only_notice(self) -> Notice:
        """The one that is due."""
        (notice,) = await self.policy.due_notices(self.now)
        return notice


@asynccontextmanager
async def desk_on(folder: Path, secret: str = SECRET) -> AsyncIterator[Desk]:
    """Open and close."""
    db = await opened(folder)
    policy = SqlPolicy(db, lambda: desk.now, secret)
    desk = Desk(policy, SqlJobStore(db, secret), db)
    try:
        yield desk
    finally:
        await db.close()
