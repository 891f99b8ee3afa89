"""Who decided about a job, and what was reported of it: read from the audit log, which also knows the names."""

from __future__ import annotations

from bot.jobs.house import House
from bot.jobs.model import Job
from bot.policy.records import Entry, Review, What
from bot.texts import review as texts

LOOK_BACK = 200
"""So many entries about a user are looked through for those about one job."""
DECISIONS = {"approved": What.APPROVED, "rejected": What.REJECTED}


async def entries_of(house: House, job: Job) -> list[Entry]:
    """The newest entries about a job, newest first."""
    found = await house.policy.entries(job.place.community, limit=LOOK_BACK, subject=job.actor.key)
    return [entry for entry in found if entry.job_id == job.id]


async def decider(house: House, job: Job, review: Review) -> str:
    """The name of the moderator who decided a review; empty if none did."""
    if not review.by:
        return ""
    what = DECISIONS.get(review.decided)
    mine = [entry for entry in await entries_of(house, job) if entry.what is what and entry.actor == review.by]
    return (mine[0].name if mine else "") or texts.SOMEBODY


async def last_decision(house: House, job: Job) -> Entry | None:
    """The newest decision about a job, whoever made it."""
    decisions = (What.APPROVED, What.REJECTED, What.EXPIRED, What.DELETED)
    return next((entry for entry in await entries_of(house, job) if entry.what in decisions), None)


async def acquitted(house: House, job: Job) -> bool:
    """Whether a moderator let it stand after it had been reported."""
    about = await entries_of(house, job)
    approved = max((entry.id for entry in about if entry.what is What.APPROVED), default=0)
    return any(entry.what is What.REPORTED and entry.id < approved for entry in about)


async def reasons(house: House, job: Job) -> list[str]:
    """What those said who reported it, oldest first; one entry a reporter."""
    return [entry.text for entry in reversed(await entries_of(house, job)) if entry.what is What.REPORTED]
