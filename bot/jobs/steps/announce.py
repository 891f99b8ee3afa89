"""An end that its message does not show yet: say it there, privately where only the requester should know."""

from __future__ import annotations

from bot.jobs.chat_port import PASSING, Chat, ChatError
from bot.jobs.house import House
from bot.jobs.model import CallState, Job, JobState
from bot.jobs.place import MessageRef
from bot.jobs.said import for_people
from bot.jobs.steps import cleanup, unknown, watch
from bot.jobs.steps.common import Next, card_of, log
from bot.jobs.surface import Card, Tone
from bot.texts import states

REDRAWN = frozenset({"hidden", "reviewed"})
"""Reasons of delivered jobs whose message is to be made anew: reports hid it, or a moderator has looked at it."""


async def step(house: House, job: Job) -> Next:
    """Tell once; then an uncertain job goes on listening for a late delivery."""
    if not job.told:
        told = await _tell(house, job)
        if not isinstance(told, Job) or not told.told:
            return told  # somebody deleted, hid or showed it meanwhile: once more, as it is now
        job = told
    return await _late(house, job) if job.state is JobState.UNCERTAIN else None


async def _tell(house: House, job: Job) -> Next:
    await house.progress.settle(job.id)
    chat, message = house.chats.get(job.actor.platform), None
    if chat is None:
        return await house.store.tell(job, None)
    for say in (_say, _alone):
        try:
            message = await say(house, chat, job) or message
        except ChatError as error:
            log.warning("end not told", fault=error.fault, error=error.text, attempt=job.attempts)
            if error.fault in PASSING and job.attempts < house.tries.chat:
                wait = house.backoff(job.attempts, error.retry_after)
                await house.store.retry(job, house.clock() + wait, job.reason)
                return wait
    return await house.store.tell(job, message)


async def _say(house: House, chat: Chat, job: Job) -> MessageRef | None:
    if job.deleted:
        await chat.delete(job)
        await cleanup.drop_pictures(house, job)
        return None
    if job.state is JobState.DELIVERED:
        return await _delivered(house, chat, job)
    if job.message is None and chat.limits.posts:
        return None  # ended before its placeholder stood
    return await chat.edit(job, await card_of(house, job))


async def _alone(_house: House, chat: Chat, job: Job) -> None:
    """Why it was refused, to the requester alone; behind the message, which may be shown again and again: this may not."""
    words = for_people(job)
    if job.state is JobState.REFUSED and words and not job.deleted:
        note = Card(Tone.FAILED, title=job.request.prompt, lines=(states.reason(job.reason), words), private=True)
        await chat.whisper(job, note)


async def _delivered(house: House, chat: Chat, job: Job) -> MessageRef | None:
    """First all that its message lacks: the ping leads there."""
    redrawn, message = job.reason in REDRAWN, None
    if redrawn or not (job.message is None or job.message.whole):
        message = await chat.edit(job, await card_of(house, job))
    if not redrawn and job.ping:
        await chat.ping(job, states.DONE_PING)
    return message


async def _late(house: House, job: Job) -> Next:
    """A webhook after `uncertain`: if the status route confirms it, the pictures still arrive, free of units."""
    provider = house.providers.get(job.provider)
    if provider is None:
        return None
    calls = await house.store.calls(job.id)
    await unknown.confirm(house, provider, [call for call in calls if call.state is CallState.UNKNOWN])
    for call in await house.store.calls(job.id):
        if call.state is CallState.ACCEPTED:
            await watch.ask(house, provider, call)
    states_now = {call.state for call in await house.store.calls(job.id)}
    if CallState.DONE in states_now:
        return await house.store.late(job, house.clock())
    return house.timing.webhook_grace if CallState.ACCEPTED in states_now else None
