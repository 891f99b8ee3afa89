"""stored -> delivered: the message shows the pictures, and the units are settled."""

from __future__ import annotations

from dataclasses import replace

from bot.jobs.chat_port import PASSING, Chat, ChatError, ChatFault
from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.place import MessageRef
from bot.jobs.steps.common import Next, card_of, end, log
from bot.jobs.steps.fetch import compose
from bot.jobs.surface import Card, Link, Tone
from bot.policy.community import Delivery
from bot.texts import pages, states

SMALLER = 0.7
"""A picture that was refused as too large is made again under this share of its size."""


async def step(house: House, job: Job) -> Next:
    """Edit; the edit is repeatable, so a kill between it and the row is harmless."""
    await house.progress.settle(job.id)
    if job.deleted:
        return await _done(house, job, job.message, "deleted")
    chat = house.chats[job.actor.platform]
    community = await house.policy.community(job.place.community)
    anew = community.delivery is Delivery.REPOST and job.message is not None
    try:
        show = chat.repost if anew else chat.edit
        message = await show(job, await card_of(house, job))
    except ChatError as error:
        return await _refused(house, job, error)
    if anew:
        await _clear(chat, job)
    return await _done(house, job, message)


async def _clear(chat: Chat, job: Job) -> None:
    """The result stands in a message of its own: its placeholder goes."""
    try:
        await chat.delete(job)
    except ChatError as error:
        log.warning("placeholder not removed", fault=error.fault, error=error.text)


async def _done(house: House, job: Job, message: MessageRef | None, reason: str = "") -> Job:
    """What its message does not show yet is told by the end's own look, as a ping is."""
    silent = (not job.ping or bool(reason)) and not job.deleted
    told = silent and (message is None or message.whole)
    return await end(
        house, job, JobState.DELIVERED, reason, settle=min(job.units, len(job.pictures)), message=message, told=told
    )


async def _refused(house: House, job: Job, error: ChatError) -> Next:
    log.warning("delivery refused", fault=error.fault, error=error.text, attempt=job.attempts)
    if error.fault is ChatFault.GONE:
        return await _withdrawn(house, job)
    if error.fault is ChatFault.FORBIDDEN:
        return await _elsewhere(house, job)
    if job.attempts >= house.tries.chat:
        return await _undeliverable(house, job, error)
    if error.fault is ChatFault.TOO_LARGE and job.shown:
        return await _smaller(house, job, int(job.shown.size * SMALLER))
    wait = house.backoff(job.attempts, error.retry_after)
    await house.store.retry(job, house.clock() + wait, error.fault)
    return wait


async def _withdrawn(house: House, job: Job) -> Next:
    """Somebody deleted the message: it is never posted again; its requester alone may still see the pictures.

    Nobody pays for pictures that nobody can be shown.
    """
    card = await card_of(house, job)
    private = replace(card, lines=(*card.lines, states.WITHDRAWN), rows=(), private=True)
    try:
        seen = await house.chats[job.actor.platform].whisper(job, private)
    except ChatError as error:
        log.warning("withdrawn pictures not shown", fault=error.fault, error=error.text, attempt=job.attempts)
        return await _later(house, job, error)
    if not seen:
        return await _undeliverable(house, job, ChatError(ChatFault.GONE, "the message is gone, and no private way is left"))
    return await _done(house, job, job.message, "withdrawn")


async def _smaller(house: House, job: Job, limit: int) -> Job:
    """The place takes less than it said."""
    tiles = [await house.pictures.get(picture.key) for picture in job.pictures]
    shown = await compose(house, job, tiles, max(limit, 20_000))
    return await house.store.store(job, job.pictures, shown)


async def _elsewhere(house: House, job: Job) -> Next:
    """We may not edit the message any more: post anew where we may, or send it to the requester."""
    chat, card = house.chats[job.actor.platform], await card_of(house, job)
    first = (Link(pages.OPEN, job.message.url),) if job.message and job.message.url else ()
    try:
        message = await chat.repost(job, replace(card, lines=(*card.lines, states.ELSEWHERE), links=(*card.links, *first)))
    except ChatError as error:
        return await _later(house, job, error)
    await _lead_on(chat, job, message)
    return await _done(house, replace(job, message=message), message)


async def _lead_on(chat: Chat, job: Job, message: MessageRef) -> None:
    """What stands in the first message is over; words may still be allowed there."""
    if job.message is None:
        return
    near = message.channel_id == job.message.channel_id
    links = (Link(pages.OPEN, message.url),) if near and message.url else ()
    line = states.MOVED if near else states.MOVED_DIRECTLY
    try:
        await chat.edit(job, Card(Tone.DONE, title=job.request.prompt, by=job.actor, lines=(line,), links=links))
    except ChatError as error:
        log.info("first message left as it is", fault=error.fault, error=error.text)


async def _later(house: House, job: Job, error: ChatError) -> Next:
    """Once more after a pause where that may help."""
    if error.fault not in PASSING or job.attempts >= house.tries.chat:
        return await _undeliverable(house, job, error)
    wait = house.backoff(job.attempts, error.retry_after)
    await house.store.retry(job, house.clock() + wait, error.fault)
    return wait


async def _undeliverable(house: House, job: Job, error: ChatError) -> Job:
    """Nothing works: refunded, the pictures are kept, `jobs dead` lists it."""
    log.error("undeliverable", fault=error.fault, error=error.text)
    return await end(house, job, JobState.FAILED, "undeliverable", detail=error.text)
