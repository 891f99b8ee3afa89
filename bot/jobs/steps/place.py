"""new -> queued: the placeholder stands, and its reference is kept."""

from __future__ import annotations

from bot.jobs.chat_port import PASSING, ChatError
from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.steps.common import Next, card_of, end, log


async def step(house: House, job: Job) -> Next:
    """Adopt the interaction's own response or post; a dead interaction cancels, uncharged."""
    chat = house.chats.get(job.actor.platform)
    if chat is None:
        return await end(house, job, JobState.CANCELLED, "no_answer", told=True)
    try:
        ahead = await house.store.ahead(job.id)
        message = await chat.place(job, await card_of(house, job, ahead))
    except ChatError as error:
        return await _failed(house, job, error)
    if message is None:
        return await end(house, job, JobState.CANCELLED, "no_answer", told=True)
    return await house.store.placed(job.id, message, house.clock())


async def _failed(house: House, job: Job, error: ChatError) -> Next:
    log.warning("placeholder not posted", fault=error.fault, error=error.text, attempt=job.attempts)
    if error.fault in PASSING and job.attempts < house.tries.chat:
        wait = house.backoff(job.attempts, error.retry_after)
        await house.store.retry(job, house.clock() + wait, error.fault)
        return wait
    return await end(house, job, JobState.CANCELLED, "no_answer", detail=error.text, told=True)
