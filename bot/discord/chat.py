"""The Chat port over Discord: finds, edits, posts anew, whispers, pings and deletes a job's message; notices beside."""

from __future__ import annotations

import discord
import structlog

from bot.discord.convert import message_ref
from bot.discord.faults import RejectedError, TokenDeadError, faults
from bot.discord.files import Drawing, draw, remember, remembered
from bot.discord.notices import POSTED, Notices, without_files
from bot.discord.routes import ChannelRoute, TokenRoute, channel_of, nonce, requester_only
from bot.discord.tokens import Tokens
from bot.discord.waits import CALL_SECONDS, UPLOAD_SECONDS
from bot.jobs.chat_port import ChatError, ChatFault, ChatLimits
from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Place
from bot.jobs.ports import Clock, Pictures
from bot.jobs.surface import Card, Tone

log = structlog.get_logger()

PICTURE_BYTES = 10 * 1024 * 1024 - 64 * 1024
"""Discord's default limit of one attachment, less some room; a place may state a higher one."""
LIMITS = ChatLimits(PICTURE_BYTES, frozenset({"image/png", "image/jpeg", "image/webp"}), progress_seconds=4.0)
PROGRESS_SECONDS = 8.0
"""A progress edit gives way to the next one."""
_PASSING = frozenset({Tone.WAITING, Tone.RUNNING})
"""Tones of Cards that others follow: they open no archived thread."""


class DiscordChat:
    """See bot.jobs.chat_port.Chat. Usable as soon as the client has logged in, before the gateway is ready."""

    limits: ChatLimits = LIMITS

    def __init__(self, client: discord.Client, pictures: Pictures, clock: Clock) -> None:
        self._client = client
        self._pictures = pictures
        self._tokens = Tokens(clock)
        self._channel = ChannelRoute(client)
        self._notices = Notices(self._channel, pictures)

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Adopt the interaction's own response; where there is no interaction, post."""
        if job.reply is None:
            return await self._post(job, card, channel_of(job.place), "place")
        if not self._tokens.alive(job):
            return None
        try:
            with self._tokens.watch(job):
                async with faults(CALL_SECONDS):
                    message = await self._token(job).original()
        except ChatError as error:
            if error.fault in {ChatFault.GONE, ChatFault.FORBIDDEN}:
                return None
            raise
        return self._ref(job, message, channel_of(job.place), {})

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """Through the token while it lives, then through the channel. Pictures that stand there are not sent again."""
        if job.message is None:
            raise ChatError(ChatFault.GONE, "the job has no message")
        try:
            return await self._edit(job, job.message, card)
        except RejectedError as error:
            if not remembered(job.message):
                raise
            log.warning("discord refused kept attachments, uploading again", job=job.id, why=error.text)
        return await self._edit(job, without_files(job.message), card)

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """In the channel where the bot may speak, else in a DM."""
        if job.place.reachable:
            try:
                return await self._post(job, card, channel_of(job.place), "repost")
            except ChatError as error:
                if error.fault not in {ChatFault.FORBIDDEN, ChatFault.GONE}:
                    raise
        return await self._post(job, card, await self._direct(job), "repost")

    async def whisper(self, job: Job, card: Card) -> bool:
        """An ephemeral follow-up while the token lives; after that pictures come as a DM, words do not."""
        try:
            if await self._followed(job, card):
                return True
            if not card.pictures:
                return False
            await self._post(job, card, await self._direct(job), "whisper")
        except ChatError as error:
            if error.fault in {ChatFault.GONE, ChatFault.FORBIDDEN}:
                return False
            raise
        return True

    async def _followed(self, job: Job, card: Card) -> bool:
        """False: the token brings nothing into that place any more."""
        if not self._tokens.alive(job):
            return False
        drawing = await draw(card, self._pictures)
        try:
            with self._tokens.watch(job):
                async with faults(CALL_SECONDS):
                    await self._token(job).whisper(drawing)
        except ChatError as error:
            if error.fault in {ChatFault.GONE, ChatFault.FORBIDDEN}:
                return False
            raise
        return True

    async def ping(self, job: Job, sentence: str) -> None:
        """A new message: an edit pings nobody. Where the bot may not speak, a DM with the link."""
        if job.place.reachable:
            try:
                return await self._tell(job, sentence, channel_of(job.place))
            except ChatError as error:
                if error.fault not in {ChatFault.FORBIDDEN, ChatFault.GONE}:
                    raise
        return await self._tell(job, sentence, await self._direct(job))

    async def delete(self, job: Job) -> None:
        """By token where it made the message and lives, else by the channel."""
        ref = job.message
        if ref is None:
            return
        try:
            await self._delete(job, ref)
        except ChatError as error:
            if error.fault is not ChatFault.GONE:
                raise

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """A message of no job in a channel; nobody is pinged."""
        return await self._notices.post(channel_of(place), card, key, place.community_id)

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """The same message, changed."""
        return await self._notices.revise(message, card, place.community_id)

    async def _edit(self, job: Job, ref: MessageRef, card: Card) -> MessageRef:
        passing = job.state.open and card.tone in _PASSING
        seconds = self._patience(job, card)
        if self._by_token(job, ref):
            try:
                drawing = await draw(card, self._pictures, remembered(ref))
                with self._tokens.watch(job):
                    async with faults(seconds):
                        message = await self._token(job).edit(ref, drawing, requester_only(job.actor))
                return self._edited(job, ref, message, drawing)
            except TokenDeadError as error:
                log.info("discord token is dead, going through the channel", job=job.id, why=error.text)
        _may_use_channel(job, ref)
        drawing = await draw(card, self._pictures, remembered(ref))
        async with faults(seconds):
            message = await self._channel.edit(ref, drawing, requester_only(job.actor), wake=not passing)
        return self._edited(job, ref, message, drawing)

    async def _post(self, job: Job, card: Card, channel_id: str, purpose: str) -> MessageRef:
        drawing = await draw(card, self._pictures)
        async with faults(UPLOAD_SECONDS if drawing.files else CALL_SECONDS):
            message = await self._channel.post(channel_id, drawing, requester_only(job.actor), nonce(job, purpose))
        return self._ref(job, message, channel_id, POSTED | remember(message, drawing.names))

    async def _tell(self, job: Job, sentence: str, channel_id: str) -> None:
        async with faults(CALL_SECONDS):
            await self._channel.tell(channel_id, job.actor, sentence, nonce(job, "ping"), job.message)

    async def _direct(self, job: Job) -> str:
        async with faults(CALL_SECONDS):
            return await self._channel.direct(job.actor.user_id)

    async def _delete(self, job: Job, ref: MessageRef) -> None:
        if self._by_token(job, ref):
            try:
                with self._tokens.watch(job):
                    async with faults(CALL_SECONDS):
                        return await self._token(job).delete(ref)
            except TokenDeadError as error:
                log.info("discord token is dead, going through the channel", job=job.id, why=error.text)
        _may_use_channel(job, ref)
        async with faults(CALL_SECONDS):
            return await self._channel.delete(ref)

    def _by_token(self, job: Job, ref: MessageRef) -> bool:
        return self._tokens.alive(job) and ref.extra.get("route") != "channel"

    def _token(self, job: Job) -> TokenRoute:
        if job.reply is None:
            raise TokenDeadError("the job has no token")
        return TokenRoute(self._client, job.reply)

    def _patience(self, job: Job, card: Card) -> float:
        if card.pictures and card.tone is not Tone.RUNNING:  # a preview gives way like any progress
            return UPLOAD_SECONDS
        return PROGRESS_SECONDS if job.state.open else CALL_SECONDS

    def _edited(self, job: Job, ref: MessageRef, message: discord.Message, drawing: Drawing) -> MessageRef:
        extra = without_files(ref).extra | remember(message, drawing.names)
        return self._ref(job, message, ref.channel_id, extra)

    def _ref(self, job: Job, message: discord.Message, channel_id: str, extra: dict[str, str]) -> MessageRef:
        in_place = channel_id == channel_of(job.place)
        return message_ref(message, channel_id, job.place.community_id if in_place else "", extra)


def _may_use_channel(job: Job, ref: MessageRef) -> None:
    """Discord has no way to an ephemeral message, or into a channel that the bot is no part of, but the token."""
    posted = ref.extra.get("route") == "channel"
    if ref.extra.get("ephemeral") or not (posted or job.place.reachable):
        raise ChatError(ChatFault.FORBIDDEN, "only the interaction's token could reach this message, and it is over")
