"""Somebody deletes a result: its message and pictures go, and a question to the moderators about it is pointless now."""

from __future__ import annotations

from bot.jobs.asks import Ask
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.policy.records import Entry, What
from bot.texts import desk as texts

WITHDRAWN = "withdrawn"


async def delete(house: House, ask: Ask, job: Job) -> None:
    """Whether they may is asked before. The log says who it was, unless it was its own requester. Twice does nothing."""
    if job.deleted:
        return
    await house.store.delete(job.id, house.clock())
    house.engine.wake(job.id)
    if not job.place.community:
        return
    if ask.actor.key != job.actor.key:
        await house.policy.record(_entry(ask, job))
    await house.policy.close(job.id, WITHDRAWN, None)
    house.noticed.set()


def _entry(ask: Ask, job: Job) -> Entry:
    return Entry(
        job.place.community,
        What.DELETED,
        actor=ask.actor.key,
        name=ask.actor.name,
        subject=job.actor.key,
        job_id=job.id,
        channel=job.place.thread_id or job.place.channel_id,
        text=texts.DELETED_BY,
    )
