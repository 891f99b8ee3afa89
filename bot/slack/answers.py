"""An Answer of the core as what the asker sees in Slack."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Protocol

import structlog

from bot.jobs.asks import Answer, OpenForm, Private, Update
from bot.jobs.place import MessageRef, Place
from bot.jobs.surface import Button, Card, FieldKind, Form, Style, Tone
from bot.slack.api import Json, SlackApi
from bot.slack.convert import Origin
from bot.slack.faults import TOO_LATE, SlackFault
from bot.slack.groups import Groups
from bot.slack.meta import Meta
from bot.slack.modal import file_field, filled, modal
from bot.slack.named import with_groups
from bot.slack.patience import patient
from bot.slack.private import LOST, PrivateCards
from bot.texts import slack as texts

log = structlog.get_logger(__name__)


class Redraws(Protocol):
    """What can edit a message of the bot's that belongs to no job."""

    async def redraw(self, place: Place, message: MessageRef, card: Card) -> None:
        """Make it show `card`; raises ChatError."""
        ...


class Answers:
    """Placeholders and changes of a job's message are none of its business: the core posts them through the Chat port."""

    def __init__(self, api: SlackApi, private: PrivateCards, chat: Redraws, groups: Groups) -> None:
        """`private`: for all that is said to the asker alone; `groups`: to choose from in a form."""
        self._api = api
        self._private = private
        self._chat = chat
        self._groups = groups

    async def give(self, origin: Origin, answer: Answer, *, prompt: str = "", file: Json | None = None) -> None:
        """`prompt` and `file`: what a message shortcut puts into the form that the core opens. Raises ChatError."""
        if isinstance(answer, Private):
            await self._whisper(
                origin, await self._private.ready(origin.user_id, await with_groups(answer.card, origin.team, self._groups))
            )
        elif isinstance(answer, OpenForm):
            await self._open(origin, filled(answer.form, prompt), file)
        elif isinstance(answer, Update):
            await self._update(origin, await with_groups(answer.card, origin.team, self._groups))

    async def _whisper(self, origin: Origin, card: Card) -> None:
        if not await patient(partial(self._private.whisper, origin.place, origin.user_id, origin.reply, card)):
            log.warning("slack_answer_lost", key=origin.key, channel=origin.channel)

    async def _update(self, origin: Origin, card: Card) -> None:
        """A private page is replaced through its response_url; a message that all can see is edited.

        The core answers so for private pages, review cards and log entries alone, and only our own messages carry
        controls. What cannot be shown there is said privately.
        """
        if origin.editable and await self._edited(origin, card):
            return
        card = await self._private.ready(origin.user_id, card)
        try:
            if origin.replaceable and await self._private.replace(origin.user_id, origin.reply, card):
                return
        except SlackFault as fault:
            log.info("slack_replace_refused", fault=fault.code)
        await self._whisper(origin, card)

    async def _edited(self, origin: Origin, card: Card) -> bool:
        try:
            await self._chat.redraw(origin.place, MessageRef(origin.channel, origin.message_id), card)
        except LOST as error:
            log.info("slack_edit_refused", channel=origin.channel, fault=str(error))
            return False
        return True

    async def _open(self, origin: Origin, form: Form, file: Json | None) -> None:
        asked = any(field.kind is FieldKind.ROLE for field in form.fields)
        groups = await self._groups.choices(origin.team) if asked else ()
        if not origin.trigger:
            await self._whisper(origin, reopening(form, texts.FORM_PRESS))
            return
        try:
            await self._api.open_view(origin.trigger, modal(form, _meta(origin, form, file), groups))
        except SlackFault as fault:
            log.info("slack_form_not_opened", fault=fault.code, details=fault.details)
            await self._whisper(origin, reopening(form, _why(fault)))


def reopening(form: Form, why: str) -> Card:
    """The private way to a form that did not open: a press brings a new trigger, and the core the form again."""
    button = Button(form.control, texts.OPEN_FORM, Style.PRIMARY)
    return Card(Tone.WAITING, status=why, rows=((button,),), private=True)


def _why(fault: SlackFault) -> str:
    if fault.code in TOO_LATE:
        return texts.FORM_TOO_LATE
    return texts.FORM_LOST if fault.retry_after is None else texts.FORM_BUSY


def _meta(origin: Origin, form: Form, file: Json | None) -> Meta:
    meta = Meta(
        team=origin.team,
        channel=origin.channel,
        thread=origin.thread,
        message_id=origin.message_id,
        response_url=origin.response_url,
        expires_at=origin.expires_at,
        replaceable=origin.replaceable,
        editable=origin.editable,
    )
    if not file:
        return meta
    name, size = str(file.get("name") or ""), int(file.get("size") or 0)
    return replace(meta, file_id=str(file.get("id") or ""), file_name=name, file_size=size, file_field=file_field(form))
