"""A job store of either kind, and the ways of a job in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from bot.jobs.acceptance import Accepted, Caps
from bot.jobs.model import Job
from bot.jobs.place import MessageRef
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.tables import ledger, spend
from tests.support.rows import key, new_job

NOW = 1_000_000.0


CAPS = Caps(daily=100, user_running=3, user_waiting=10, running=50)


HERE = MessageRef("hall", "m1")


class Opened(SqlJobStore):
    """The store with its database at hand."""

    db: Database


async def accept(store: Opened, **facts: Any) -> Job:
    decided = await store.accept(new_job(**facts), key(), CAPS, NOW)
    assert isinstance(decided, Accepted), decided
    return decided.job


async def queued(store: Opened, **facts: Any) -> str:
    job = await accept(store, **facts)
    await store.placed(job.id, HERE, NOW)
    return job.id


async def claimed(store: Opened, job_id: str, lease: str = "me") -> Job:
    job = await store.claim(job_id, lease, NOW, NOW + 300)
    assert job is not None
    return job


async def running(store: Opened, **facts: Any) -> Job:
    job_id = await queued(store, **facts)
    assert job_id in await store.admit(CAPS, NOW)
    return await claimed(store, job_id)


async def row(store: Opened, job_id: str) -> Job:
    found = await store.job(job_id)
    assert found is not None
    return found


async def books(store: Opened, job_id: str) -> list[tuple[str, int]]:
    query = select(ledger.c.kind, ledger.c.units).where(ledger.c.job_id == job_id).order_by(ledger.c.id)
    async with store.db.read() as connection:
        return [(row.kind, row.units) for row in await connection.execute(query)]


async def money(store: Opened) -> int:
    async with store.db.read() as connection:
        return int((await connection.execute(select(func.coalesce(func.sum(spend.c.micro_usd), 0)))).scalar_one())
