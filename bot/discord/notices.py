"""Messages of no job (review cards, log entries, the guide): posted once by a nonce, edited through the channel."""

from __future__ import annotations

from dataclasses import replace

import discord
import structlog

from bot.discord.convert import message_ref
from bot.discord.faults import RejectedError, faults
from bot.discord.files import Drawing, draw, remember, remembered
from bot.discord.routes import ChannelRoute, once
from bot.discord.waits import CALL_SECONDS, UPLOAD_SECONDS
from bot.jobs.place import MessageRef
from bot.jobs.ports import Pictures
from bot.jobs.surface import Card

log = structlog.get_logger()

POSTED = {"route": "channel"}
"""Mark of a message that no interaction made."""
_NOBODY = discord.AllowedMentions.none()


class Notices:
    """Speaks as the bot itself and pings nobody. Every method raises ChatError only."""

    def __init__(self, channel: ChannelRoute, pictures: Pictures) -> None:
        self._channel = channel
        self._pictures = pictures

    async def post(self, channel_id: str, card: Card, key: str, community_id: str = "") -> MessageRef:
        """A repeat of `key` within a few minutes is the first message again."""
        drawing = await draw(card, self._pictures)
        async with faults(_patience(drawing)):
            message = await self._channel.post(channel_id, drawing, _NOBODY, once(f"notice:{key}"))
        return message_ref(message, channel_id, community_id, POSTED | remember(message, drawing.names))

    async def direct(self, user_id: str, card: Card, key: str) -> MessageRef:
        """The same as a DM."""
        async with faults(CALL_SECONDS):
            channel_id = await self._channel.direct(user_id)
        return await self.post(channel_id, card, key)

    async def revise(self, message: MessageRef, card: Card, community_id: str) -> MessageRef:
        """Pictures that stand there are kept; sent again if a button's answer has replaced them."""
        try:
            return await self._revise(message, card, community_id)
        except RejectedError as error:
            if not remembered(message):
                raise
            log.info("discord refused kept attachments, uploading again", message=message.message_id, why=error.text)
        return await self._revise(without_files(message), card, community_id)

    async def _revise(self, ref: MessageRef, card: Card, community_id: str) -> MessageRef:
        drawing = await draw(card, self._pictures, remembered(ref))
        async with faults(_patience(drawing)):
            message = await self._channel.edit(ref, drawing, _NOBODY)
        return message_ref(message, ref.channel_id, community_id, POSTED | remember(message, drawing.names))


def without_files(ref: MessageRef) -> MessageRef:
    """A reference that remembers no attachments."""
    return replace(ref, extra={key: value for key, value in ref.extra.items() if key != "files"})


def _patience(drawing: Drawing) -> float:
    return UPLOAD_SECONDS if drawing.files else CALL_SECONDS
