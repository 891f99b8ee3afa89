"""Pages of a key's jobs."""

from __future__ import annotations

import base64
import binascii
import json
from math import isfinite

from bot.api.ports import Cursor, Jobs, Key
from bot.api.problems import Problem
from bot.api.shapes import JobList, Status
from bot.api.status import STATUSES, shown
from bot.jobs.model import Job
from bot.jobs.ports import Links
from bot.texts import api as texts


async def page(store: Jobs, links: Links, key: Key, status: Status | None, limit: int, cursor: str | None) -> JobList:
    """Newest first. A job that comes meanwhile is on no later page, and none is on two. Raises Problem."""
    states = [state for state, named in STATUSES.items() if named == status]
    found = await store.page(key.user_key, states, limit + 1, None if cursor is None else read(cursor))
    there = found[:limit]
    following = written(there[-1]) if len(found) > limit else None
    return JobList(jobs=[await shown(job, links) for job in there], next_cursor=following)


def written(job: Job) -> str:
    """A cursor as it travels."""
    return base64.urlsafe_b64encode(json.dumps([job.created_at, job.id]).encode()).decode().rstrip("=")


def read(text: str) -> Cursor:
    """Raises Problem for what `written` did not make."""
    try:
        at, job_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if isinstance(at, float | int) and isfinite(at) and isinstance(job_id, str) and job_id.isalnum():
            return Cursor(float(at), job_id)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        pass
    raise Problem("invalid", texts.BAD_CURSOR, errors=[{"field": "query.cursor", "message": texts.BAD_CURSOR}])
