"""queued -> submitting: admitted when the caps allow, fairly between users; its place is shown while it waits."""

from __future__ import annotations

from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.steps.common import Next, admit, card_of, end


async def step(house: House, job: Job) -> Next:
    """Start it if it may start; otherwise refresh its place and look again."""
    if house.clock() - (job.queued_at or job.created_at) > house.timing.queue_expires:
        return await end(house, job, JobState.EXPIRED, "queue")
    if job.id in await admit(house, job.id):
        return await _now(house, job)
    now = await _now(house, job)
    if now.state is not JobState.QUEUED:
        return now
    ahead = await house.store.ahead(job.id)
    house.progress.show(house.chats[job.actor.platform], job, await card_of(house, job, ahead))
    return house.timing.queue_refresh


async def _now(house: House, job: Job) -> Job:
    """The row as it is: admitting changes rows of others, and others may have admitted this one."""
    return await house.store.job(job.id) or job
