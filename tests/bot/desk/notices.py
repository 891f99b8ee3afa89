"""Notices as the messenger's tests make and see them."""

from __future__ import annotations

from bot.jobs.model import Job
from bot.jobs.surface import Card
from bot.policy.records import Cause, Entry, Review, What
from tests.bot.desk import hall
from tests.support.core import Core


async def question(core: Core, text: str = "a fox") -> tuple[Job, Review]:
    """A review of a delivered job, with its notice and no log entry's."""
    job = await core.drawn(text)
    review = await core.house.policy.ask(hall.HERE, job.id, Cause.REPORTS, "gore", Entry("", What.HELD, job_id=job.id))
    return job, review


def notices(core: Core) -> dict[str, list[Card]]:
    return {name: cards for name, cards in core.chat.messages.items() if name.startswith("n-")}


async def due(core: Core) -> int:
    return len(await core.house.policy.due_notices(core.clock(), 1000))
