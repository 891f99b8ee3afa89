"""Job -> what the API shows of it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api.shapes import JobError, JobOut, Status
from bot.jobs.model import Job, JobState
from bot.jobs.ports import Links
from bot.jobs.said import for_people
from bot.texts import api as texts
from bot.texts import states

STATUSES: dict[JobState, Status] = {
    JobState.NEW: "queued",
    JobState.HELD: "held",
    JobState.QUEUED: "queued",
    JobState.SUBMITTING: "running",
    JobState.RUNNING: "running",
    JobState.FINISHED: "running",
    JobState.REVIEW: "review",
    JobState.STORED: "running",
    JobState.DELIVERED: "succeeded",
    JobState.FAILED: "failed",
    JobState.REFUSED: "refused",
    JobState.CANCELLED: "cancelled",
    JobState.EXPIRED: "expired",
    JobState.UNCERTAIN: "uncertain",
}
CODES = {"person": "cancelled", "queue": "no_place", "review": "no_moderator", "no_answer": "not_started"}
"""Reasons that say little outside the chats, and what they are called here."""


async def shown(job: Job, links: Links) -> JobOut:
    """Raises StoreUnavailable where addresses cannot be made just now."""
    there = job.state is JobState.DELIVERED and not (job.hidden or job.deleted)
    return JobOut(
        job_id=job.id,
        status=STATUSES[job.state],
        progress=_progress(job),
        result_urls=[await links.link(picture.key, picture.mime) for picture in job.pictures] if there else [],
        cost=job.cost / 1e6,
        error=_error(job),
        action=job.action.value,
        prompt=job.request.prompt,
        provider=job.provider,
        variations=job.request.count,
        parent_id=job.parent_id or None,
        index=job.parent_index or None,
        notes=list(job.notes),
        created_at=moment(job.created_at),
        ended_at=None if job.ended_at is None else moment(job.ended_at),
    )


def moment(at: float) -> str:
    """RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _progress(job: Job) -> int | None:
    if job.state is JobState.DELIVERED:
        return 100
    fraction = job.progress.fraction if job.state.open else None
    return None if fraction is None else max(0, min(99, int(fraction * 100)))


def _error(job: Job) -> JobError | None:
    if job.deleted or job.hidden:
        code = "deleted" if job.deleted else "hidden"
        return JobError(code=code, message=texts.ENDS[code])
    if job.state.open or job.state is JobState.DELIVERED:
        return None
    told = " ".join(filter(None, (states.reason(job.reason), for_people(job) if job.state is JobState.REFUSED else "")))
    return JobError(code=CODES.get(job.reason, job.reason or job.state.value), message=told)
