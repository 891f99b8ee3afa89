"""held -> queued, and review -> stored: a moderator agrees first. The question is a row; no process waits for the answer."""

from __future__ import annotations

from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.steps import cleanup
from bot.jobs.steps.common import Next, card_of, end
from bot.policy.records import Cause, Entry, What
from bot.texts import review as texts

APPROVED = "approved"
LOOK = 3600.0
"""Seconds between two looks at a job that waits; a verdict wakes it at once."""


async def step(house: House, job: Job) -> Next:
    """Act on the verdict; without one see to it that the moderators have been asked, until the time is over."""
    if job.verdict == APPROVED:
        on = JobState.QUEUED if job.state is JobState.HELD else JobState.STORED
        return await house.store.move(job, on, house.clock())
    if job.verdict:
        return await _refused(house, job)
    left = job.created_at + house.timing.review_expires - house.clock()
    if left <= 0:
        await house.policy.close(job.id, "expired", _entry(job, What.EXPIRED, texts.EXPIRED))
        house.noticed.set()
        await _drop(house, job)
        return await end(house, job, JobState.EXPIRED, "review")
    await _ask(house, job)
    return min(left, LOOK)


async def _refused(house: House, job: Job) -> Job:
    """Refunded."""
    await _drop(house, job)
    return await end(house, job, JobState.REFUSED, "rejected", detail=job.verdict.partition(":")[2].strip())


async def _drop(house: House, job: Job) -> None:
    """Pictures that nobody may see are not kept."""
    if job.state is JobState.REVIEW:
        await cleanup.drop_drawn(house, job)


async def _ask(house: House, job: Job) -> None:
    """Repeatable: a second question about the same job is the first one."""
    cause = Cause(job.hold) if job.state is JobState.HELD else _cause(job)
    if await house.policy.open_review(job.id) is None:
        text = ", ".join(job.flags)
        await house.policy.ask(job.place.community, job.id, cause, text, _entry(job, What.HELD, texts.asked(cause, text)))
        house.noticed.set()
        house.progress.show(house.chats[job.actor.platform], job, await card_of(house, job))


def _cause(job: Job) -> Cause:
    """Of pictures: what was found in them, or that nobody could look."""
    return Cause.DOWN if job.flags == (texts.UNSCREENED,) else Cause.PICTURE


def _entry(job: Job, what: What, text: str) -> Entry:
    return Entry(
        job.place.community,
        what,
        subject=job.actor.key,
        job_id=job.id,
        channel=job.place.room,
        text=text,
    )
