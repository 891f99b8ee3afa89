"""Which pictures of the store a row names or an open job may need, and which jobs name pictures."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import OPEN, JobState
from storage.db import Database
from storage.dialect import text_at
from storage.policy import images
from storage.tables import calls, jobs

GOING = frozenset({*(state.value for state in OPEN), JobState.UNCERTAIN.value})
IMAGE = text_at(jobs.c.request, "$.image_key")
KEY = re.compile(r'"((?:inputs|calls|jobs)/[^"\\]+)"')
"""A key of the picture store in a row's JSON."""
OURS = re.compile(r"(?:inputs/|calls/(?=.+/)|jobs/(?=.+/))([0-9a-f]{20})(?:/.+)?")
"""What the bot itself writes: the id of a job or a call; whatever else an operator keeps there is left alone."""
OVER = and_(jobs.c.deleted.is_(True), jobs.c.told.is_(True), images.without_children())
"""Deleted, its message is gone and nobody draws from it: what it names is needed no more."""


class OrphanReads:
    """The OrphanRows port."""

    _db: Database

    async def beginning(self) -> float | None:
        """When the oldest job was accepted; None without jobs."""
        async with self._db.read() as connection:
            found = (await connection.execute(select(func.min(jobs.c.created_at)))).scalar()
        return None if found is None else float(found)

    async def needed(self, keys: Sequence[str]) -> Collection[str]:
        """Of these keys, those that an open job may need or that a row names, and those that look like none of ours.

        An open job's folder is needed as a whole: a step puts its files there before it names them.
        """
        owners = {key: found[1] for key in keys if (found := OURS.fullmatch(key))}
        async with self._db.read() as connection:
            of_call = await _jobs_of_calls(connection, {owner for key, owner in owners.items() if key.startswith("calls/")})
            owners |= {key: of_call[owner] for key, owner in owners.items() if owner in of_call}
            going, named = await _rows(connection, set(owners.values()), [key for key in keys if key.startswith("inputs/")])
        return {key for key in keys if key not in owners or owners[key] in going or key in named}

    async def drawn(self, before: tuple[float, str], limit: int) -> Sequence[tuple[float, str, str]]:
        """Delivered jobs with pictures, older than that (time, id), newest first."""
        first = text_at(jobs.c.pictures, "$[0].key")
        older = tuple_(jobs.c.created_at, jobs.c.id) < tuple_(*before)
        state = func.coalesce(jobs.c.state, "")  # not by the index of states: almost all jobs are delivered ones
        mine = (state == JobState.DELIVERED.value, jobs.c.deleted.is_(False), jobs.c.pictures != "[]")
        query = select(jobs.c.created_at, jobs.c.id, first).where(older, *mine)
        query = query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
        async with self._db.read() as connection:
            return [(float(row[0]), str(row[1]), str(row[2])) for row in await connection.execute(query)]


async def _jobs_of_calls(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    found = await connection.execute(select(calls.c.id, calls.c.job_id).where(calls.c.id.in_(ids)))
    return {str(row[0]): str(row[1]) for row in found}


async def _rows(connection: AsyncConnection, ids: Collection[str], inputs: Sequence[str]) -> tuple[set[str], set[str]]:
    """Ids of those jobs that are open, and every key that their rows, or others' for an input picture, name."""
    mine = or_(jobs.c.id.in_(ids), IMAGE.in_(inputs)) if inputs else jobs.c.id.in_(ids)
    texts = (jobs.c.request, jobs.c.pictures, jobs.c.shown, jobs.c.progress)
    going, named = set[str](), set[str]()
    for row in await connection.execute(select(jobs.c.id, jobs.c.state, OVER.label("over"), *texts).where(mine)):
        if row.state in GOING:
            going.add(str(row.id))
        if not row.over:
            named.update(key for text in row[3:] if text for key in KEY.findall(text))
    drawn = select(calls.c.pictures).join(jobs, jobs.c.id == calls.c.job_id).where(mine, ~OVER, calls.c.pictures != "[]")
    for text in (await connection.execute(drawn)).scalars():
        named.update(KEY.findall(text))
    return going, named
