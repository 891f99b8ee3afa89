"""A Card for one person's eyes, with its pictures and its files.

Pictures stand in the message itself, as in any other: an image block shows an upload that no conversation shares to
whoever sees the message. Where Slack refuses that, they come as files in the direct conversation, as other files do:
a message that only one person sees can hold none. A picture marked as sensitive is shown: nobody else sees it, and
this person asked for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from bot.errors import StoreUnavailable
from bot.jobs.chat_port import ChatError
from bot.jobs.place import Place, Reply
from bot.jobs.surface import Card, Download
from bot.slack.api import Written
from bot.slack.config import Waits
from bot.slack.faults import SlackFault, within
from bot.slack.fitting import fitted
from bot.slack.handout import Handout
from bot.slack.speak import Speaker
from bot.slack.upload import Uploads
from bot.texts import slack as texts

log = structlog.get_logger(__name__)
Send = Callable[[Written], Awaitable[bool]]
LOST = (ChatError, StoreUnavailable)
"""Slack does not take a picture or a file, or our own store does not give it."""
MOST_SECONDS = 120.0
"""One Card, whatever hangs: a file's scan alone may take half a minute."""


class PrivateCards:
    """Whatever is said to one person alone goes through here."""

    def __init__(self, speaker: Speaker, uploads: Uploads, handout: Handout, waits: Waits) -> None:
        """`waits`: between tries while a fresh upload may not stand in a block yet."""
        self._speaker = speaker
        self._uploads = uploads
        self._handout = handout
        self._waits = waits

    async def whisper(
        self, place: Place, user_id: str, reply: Reply | None, card: Card, known: Mapping[str, str] | None = None
    ) -> bool:
        """By the first way that works; False if there is none. `known`: file ids by picture key. Raises ChatError."""
        return await self._give(user_id, card, partial(self._speaker.whisper, place, user_id, reply), known or {})

    async def replace(self, user_id: str, reply: Reply | None, card: Card) -> bool:
        """Into the place of the private message that `reply` came from; False if that is over. Raises ChatError."""
        return await self._give(user_id, card, partial(self._speaker.replace, reply), {})

    async def ready(self, user_id: str, card: Card) -> Card:
        """The Card after its files are handed over and its pictures uploaded; it says what became of both. Never raises."""
        try:
            async with within(MOST_SECONDS):
                await self._uploads.ids(card.pictures, {})
        except LOST as error:
            log.warning("slack_private_picture_lost", fault=str(error))
            card = replace(card, pictures=(), lines=(*card.lines, texts.PICTURE_LOST))
        return await self._handed(user_id, card)

    async def _handed(self, user_id: str, card: Card) -> Card:
        if not card.files:
            return card
        names = [file.name for file in card.files]
        try:
            async with within(MOST_SECONDS):
                await self._handout.to_person(card.files, user_id)
            line = texts.sent(names)
        except LOST as error:
            log.warning("slack_files_not_sent", fault=str(error))
            line = texts.not_sent(names)
        return replace(card, files=(), lines=(*card.lines, line))

    async def _give(self, user_id: str, card: Card, send: Send, known: Mapping[str, str]) -> bool:
        card = await self._handed(user_id, card)
        try:
            async with within(MOST_SECONDS):
                files = await self._uploads.ids(card.pictures, known)
                return await fitted(card, files, send, self._waits.race)
        except SlackFault as fault:
            if not fault.unprocessed_file:
                raise
            log.warning("slack_private_picture_refused", fault=fault.details)
        beside = tuple(Download(shown.picture.key, shown.name, shown.picture.mime) for shown in card.pictures)
        plain = replace(card, pictures=(), files=beside, lines=(*card.lines, texts.PICTURE_BESIDE))
        return await fitted(await self._handed(user_id, plain), {}, send, self._waits.race)
