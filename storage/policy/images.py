"""Keys of the picture store that job rows and their calls name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import OPEN
from storage.rows import PICTURES, read_job
from storage.tables import calls, jobs


def without_children() -> ColumnElement[bool]:
    """Jobs that no open job draws from: others' pictures are dropped by the engine, when those have ended."""
    child = jobs.alias("child")
    going = select(child.c.id).where(child.c.parent_id == jobs.c.id, child.c.state.in_([state.value for state in OPEN]))
    return ~going.exists()


async def keys(connection: AsyncConnection, *which: ColumnElement[bool]) -> Sequence[str]:
    """Results, what was shown, input images and the calls' pictures of these jobs; each key once."""
    found: list[str] = []
    for row in (await connection.execute(select(jobs).where(*which).order_by(jobs.c.created_at))).mappings():
        job = read_job(row)
        found += [picture.key for picture in (*job.pictures, *((job.shown,) if job.shown else ()))]
        found += [job.request.image_key] if job.request.image_key else []
        found += [job.progress.preview.key] if job.progress.preview else []
    drawn = select(calls.c.pictures).where(calls.c.job_id.in_(select(jobs.c.id).where(*which)), calls.c.pictures != "[]")
    for text in (await connection.execute(drawn)).scalars():
        found += [picture.key for picture in PICTURES.validate_json(text)]
    return tuple(dict.fromkeys(found))
