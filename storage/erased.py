"""Rows of erased users. What the engine needs to take their messages away goes last, when it has done so."""

from __future__ import annotations

from sqlalchemy import ColumnElement, null, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import Job
from storage.anonymous import PREFIX
from storage.dialect import with_values
from storage.tables import jobs


async def finish_one(connection: AsyncConnection, job: Job) -> None:
    """The same for a job that was just read in this transaction; one of anybody else's costs no statement."""
    if job.actor.key.startswith(PREFIX) and job.deleted and job.told:
        await finish(connection, jobs.c.id == job.id)


async def finish(connection: AsyncConnection, *which: ColumnElement[bool]) -> None:
    """Of these jobs, those of erased users whose chats have been told: forget where they stood and how to answer there."""
    nowhere = with_values(jobs.c.place, {"$.channel_id": "", "$.thread_id": ""})
    query = update(jobs).where(*which, jobs.c.user_key.startswith(PREFIX), jobs.c.deleted.is_(True), jobs.c.told.is_(True))
    await connection.execute(query.values(place=nowhere, reply=null(), message=null(), detail="", notes="[]"))
