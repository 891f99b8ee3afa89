"""An Answer of the core as what the asker sees in Slack."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.jobs.asks import Answer, OpenForm, Private, Update
from bot.jobs.surface import Button, Card, Form, Style, Tone
from bot.slack.api import Json, SlackApi
from bot.slack.convert import Origin
from bot.slack.faults import SlackFault
from bot.slack.meta import Meta
from bot.slack.modal import file_field, filled, modal
from bot.slack.render import render
from bot.slack.speak import Speaker
from bot.texts import slack as texts

log = structlog.get_logger(__name__)


class Answers:
    """Placeholders and changes of a job's message are none of its business: the core posts them through the Chat port."""

    def __init__(self, api: SlackApi, speaker: Speaker) -> None:
        """`speaker`: for all that is private."""
        self._api = api
        self._speaker = speaker

    async def give(self, origin: Origin, answer: Answer, *, prompt: str = "", file: Json | None = None) -> None:
        """`prompt` and `file`: what a message shortcut puts into the form that the core opens. Raises ChatError."""
        if isinstance(answer, Private):
            await self._whisper(origin, answer.card)
        elif isinstance(answer, OpenForm):
            await self._open(origin, filled(answer.form, prompt), file)
        elif isinstance(answer, Update):
            await self._update(origin, answer.card)

    async def _whisper(self, origin: Origin, card: Card) -> None:
        if not await self._speaker.whisper(origin.place, origin.user_id, origin.reply, render(card, {})):
            log.warning("slack_answer_lost", user=origin.user_id, channel=origin.channel)

    async def _update(self, origin: Origin, card: Card) -> None:
        """Only a private message is replaced: a job's own message belongs to the core."""
        try:
            if origin.replaceable and await self._speaker.replace(origin.reply, render(card, {})):
                return
        except SlackFault as fault:
            log.info("slack_replace_refused", fault=fault.code)
        await self._whisper(origin, card)

    async def _open(self, origin: Origin, form: Form, file: Json | None) -> None:
        try:
            if origin.trigger:
                await self._api.open_view(origin.trigger, modal(form, _meta(origin, form, file)))
                return
        except SlackFault as fault:
            log.info("slack_form_not_opened", fault=fault.code, details=fault.details)
        await self._whisper(origin, reopening(form))


def reopening(form: Form) -> Card:
    """The private way to a form whose time is over: a press brings a new trigger, and the core the form again."""
    button = Button(form.control, texts.OPEN_FORM, Style.PRIMARY)
    return Card(Tone.WAITING, status=texts.FORM_TOO_LATE, rows=((button,),), private=True)


def _meta(origin: Origin, form: Form, file: Json | None) -> Meta:
    meta = Meta(
        channel=origin.channel,
        thread=origin.thread,
        message_id=origin.message_id,
        response_url=origin.response_url,
        expires_at=origin.expires_at,
        replaceable=origin.replaceable,
    )
    if not file:
        return meta
    name, size = str(file.get("name") or ""), int(file.get("size") or 0)
    return replace(meta, file_id=str(file.get("id") or ""), file_name=name, file_size=size, file_field=file_field(form))
