"""Everything between the acknowledgement and the core: replays, who the asker is, the call, the answer, its failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import structlog

from bot.jobs.asks import Answer, Ask, Private
from bot.jobs.chat_port import ChatError
from bot.jobs.core import Core
from bot.jobs.place import Actor, Platform
from bot.jobs.ports import Clock
from bot.jobs.surface import Card, Tone
from bot.seen import Seen
from bot.slack.api import Json
from bot.slack.convert import Origin
from bot.slack.files import Files
from bot.slack.office import Office
from bot.slack.offices import Offices
from bot.slack.patience import patient
from bot.slack.tasks import Tasks
from bot.texts import answers as texts
from bot.texts import slack as slack_texts

log = structlog.get_logger(__name__)
Work = Callable[[Core, Ask], Awaitable[Answer]]
"""One use case, called with what the payload said."""
SORRY = Private(Card(Tone.FAILED, status=texts.TROUBLE, private=True), refused=True)


class Intake:
    """Handlers acknowledge and hand their work in here; `take` neither waits nor raises."""

    def __init__(self, offices: Offices, files: Files, clock: Clock) -> None:
        """`core` is set by the front at its start."""
        self.offices = offices
        self._seen = Seen()
        self.files = files
        self.clock = clock
        self.tasks = Tasks()
        self.core: Core | None = None

    def take(self, origin: Origin, work: Work, *, prompt: str = "", file: Json | None = None) -> None:
        """Do the work behind the acknowledgement; a delivery that came before is left alone."""
        if self.core is None or not self._seen.first(origin.key):
            log.info("slack_delivery_repeated", key=origin.key)
            return
        self.tasks.start(self._run(self.core, origin, work, prompt, file), f"slack {origin.key}")

    async def _run(self, core: Core, origin: Origin, work: Work, prompt: str, file: Json | None) -> None:
        try:
            office = await self.offices.of(origin.source)
        except ChatError as error:
            log.warning("slack_work_without_office", key=origin.key, team=origin.team, fault=error.text)
            return
        try:
            origin = await _placed(origin, office)
            answer = await work(core, await _ask(origin, office))
        except Exception:
            log.exception("slack_work_failed", key=origin.key, channel=origin.channel)
            answer = SORRY
        try:
            await _given(office, origin, answer, prompt, file)
        except ChatError as error:
            log.warning("slack_answer_failed", key=origin.key, channel=origin.channel, fault=error.fault)


async def _given(office: Office, origin: Origin, answer: Answer, prompt: str, file: Json | None) -> None:
    """A fault of ours that Slack has no part in must not leave the asker without a word. Raises ChatError."""
    try:
        await office.answers.give(origin, answer, prompt=prompt, file=file)
    except ChatError:
        raise
    except Exception:
        log.exception("slack_answer_broken", key=origin.key, channel=origin.channel)
        await office.answers.give(origin, SORRY)


async def _placed(origin: Origin, office: Office) -> Origin:
    """A form of the global shortcut has no channel: its place is the direct conversation."""
    if origin.channel or not origin.submitted:
        return origin
    return replace(origin, channel=await patient(partial(office.api.open_dm, origin.user_id)))


async def _ask(origin: Origin, office: Office) -> Ask:
    """Who runs the workspace is its moderator and its admin; the core adds those that the community named."""
    person, groups = await asyncio.gather(
        office.people.person(origin.user_id), office.groups.of(origin.team, origin.user_id)
    )
    name = person.name or origin.name
    actor = Actor(Platform.SLACK, origin.user_id, name, origin.identity, person.runs, person.runs, groups)
    unranked = slack_texts.BUSY if person.unsure else ""
    return Ask(actor, origin.place, origin.key, origin.reply, locale=person.locale, unranked=unranked)
