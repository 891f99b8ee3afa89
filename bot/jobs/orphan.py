"""A second placeholder of one job, left by a kill inside the post or a lost answer (Slack knows no idempotency keys)."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.jobs.accepting import say
from bot.jobs.asks import Answer, Press, Quiet
from bot.jobs.chat_port import ChatError
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.place import MessageRef
from bot.jobs.surface import Card, Link, Tone
from bot.texts import pages, states

log = structlog.get_logger()


def pressed(asked: Press, job: Job) -> bool:
    """Whether a waiting job's button was pressed on another message than the job's own."""
    return bool(asked.message_id and job.message and asked.message_id != job.message.message_id)


async def lead_on(house: House, asked: Press, job: Job) -> Answer:
    """Its button turns the orphan into a link to the message where the job goes on."""
    url = job.message.url if job.message else ""
    links = (Link(pages.OPEN, url),) if url else ()
    told = states.ORPHAN if job.state.open else states.ORPHAN_OVER
    card = Card(Tone.DONE, title=job.request.prompt, by=job.actor, lines=(told,), links=links)
    here = MessageRef(job.message.channel_id if job.message else job.place.channel_id, asked.message_id)
    try:
        await house.chats[asked.ask.place.platform].edit(replace(job, message=here, reply=None), card)
    except ChatError as error:
        log.warning("orphan not edited", job=job.id, fault=error.fault, error=error.text)
        return say(told, link=url)
    return Quiet()
