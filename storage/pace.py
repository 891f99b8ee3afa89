"""How fast one user draws in a community, from the job rows: the pause between two jobs, and the same prompt again.

The gate asks the same before anything is fetched or judged, and says it sooner; here it is asked where nobody can be
accepted in between.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.acceptance import Caps, Refusal, RefusalKind
from bot.jobs.model import Action, Job
from bot.policy.community import SPAM_SECONDS
from storage.dialect import text_at
from storage.tables import jobs

ASKED = (Action.IMAGINE.value, Action.REROLL.value)
AHEAD = 5.0
"""Seconds by which a job that was accepted first may be the younger one. Those further ahead are from before the clock was
set back."""


async def refusal(connection: AsyncConnection, job: Job, caps: Caps, users: Collection[str]) -> Refusal | None:
    """Too soon, or too often. `users`: any of the user's keys."""
    if caps.cooldown:
        last = await last_accepted(connection, job.place.community, users, job.created_at + AHEAD)
        left = 0 if last is None else math.ceil(min(last, job.created_at) + caps.cooldown - job.created_at)
        if left > 0:
            return Refusal(RefusalKind.COOLDOWN, left=left)
    if caps.repeats:
        since = job.created_at - SPAM_SECONDS
        times = await repeats(connection, job.place.community, job.actor.key, job.request.text, since)
        if times >= caps.repeats:
            return Refusal(RefusalKind.SPAM, left=times)
    return None


async def last_accepted(connection: AsyncConnection, community: str, users: Collection[str], now: float) -> float | None:
    """When a user's last job there was accepted. One of the future, from before the clock was set back, does not count."""
    query = select(func.max(jobs.c.created_at)).where(
        jobs.c.community_key == community, jobs.c.user_key.in_(users), jobs.c.created_at <= now
    )
    found = (await connection.execute(query)).scalar()
    return None if found is None else float(found)


async def repeats(connection: AsyncConnection, community: str, user_key: str, prompt: str, since: float) -> int:
    """How often they asked for this very prompt there since then, with or without its parameters; U and V aside."""
    query = select(func.count()).where(
        jobs.c.community_key == community,
        jobs.c.user_key == user_key,
        jobs.c.created_at >= since,
        _said(prompt),
        jobs.c.action.in_(ASKED),
    )
    return int((await connection.execute(query)).scalar_one())


def _said(prompt: str) -> ColumnElement[bool]:
    return or_(*(text_at(jobs.c.request, path) == prompt for path in ("$.prompt", "$.text")))
