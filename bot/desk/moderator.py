"""What every use case of moderators begins with: who may, which job is meant, and the audit entry of what was done."""

from __future__ import annotations

from bot.jobs.asks import Ask, Private
from bot.jobs.entry import denied, say
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.policy.records import Entry, What
from bot.policy.rights import is_moderator
from bot.texts import desk as texts

ELSEWHERE = 10
"""Added to a control's index where its button does not stand on the very page that it changes: the answer is a new
private message, and what stands there stays."""


async def turned_away(house: House, ask: Ask) -> Private | None:
    """One sentence for those who may not, and in DMs; None for a moderator here."""
    key = ask.place.community
    if not key:
        return say(texts.NO_COMMUNITY)
    return None if is_moderator(ask.actor, await house.policy.community(key)) else denied(ask, texts.NOT_MODERATOR)


async def job_of(house: House, ask: Ask, job_id: str) -> Job | None:
    """The job, if it belongs to the community where somebody asks: ids in controls are not trusted."""
    job = await house.store.job(job_id)
    return job if job and ask.place.community and job.place.community == ask.place.community else None


def entry(ask: Ask, what: What, text: str = "", *, subject: str = "", job: Job | None = None) -> Entry:
    """What somebody has done here, to whom, and with which job."""
    return Entry(
        ask.place.community,
        what,
        actor=ask.actor.key,
        name=ask.actor.name,
        subject=subject or (job.actor.key if job else ""),
        job_id=job.id if job else "",
        channel=job.place.room if job else "",
        text=text,
    )
