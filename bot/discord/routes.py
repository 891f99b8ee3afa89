"""The two ways to a message.

The interaction's token: 15 minutes, ephemeral messages too. The channel: as long as the bot itself may be there.
"""

from __future__ import annotations

import hashlib
from typing import cast

import discord

from bot.discord.escape import escape
from bot.discord.faults import ARCHIVED_THREAD
from bot.discord.files import Drawing
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.model import Job
from bot.jobs.place import Actor, MessageRef, Place, Reply

TOKEN_MARGIN = 30.0
"""Seconds before a token's end at which it is not used any more."""
_NONCE = 25
_SENTENCE_MOST = 1_500


def alive(reply: Reply | None, now: float) -> bool:
    """Whether the token may still be used."""
    return reply is not None and bool(reply.token) and reply.expires_at - TOKEN_MARGIN > now


def nonce(job: Job, purpose: str) -> str:
    """The same for the same message: Discord then gives the first one back for a few minutes."""
    return once(f"{job.id}:{purpose}")


def once(key: str) -> str:
    """The nonce of any key."""
    return hashlib.sha256(key.encode()).hexdigest()[:_NONCE]


def requester_only(actor: Actor) -> discord.AllowedMentions:
    """A prompt may hold any mention; only the requester is ever pinged."""
    users = [discord.Object(int(actor.user_id))] if actor.user_id.isdecimal() else []
    return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=users)


def channel_of(place: Place) -> str:
    """Where messages of this place stand: the thread, or the channel."""
    return place.thread_id or place.channel_id


def logged_in(client: discord.Client) -> discord.Client:
    """The same. Raises ChatError while nobody is logged in: at the start, or when a lost gateway is started anew."""
    if client.http.token is None or client.is_closed():
        raise ChatError(ChatFault.BROKEN, "not logged in to Discord")
    return client


class TokenRoute:
    """Speaks through one interaction's token."""

    def __init__(self, client: discord.Client, reply: Reply) -> None:
        """Raises as `logged_in`."""
        application = int(reply.data["application_id"])
        self._hook = discord.Webhook.partial(application, reply.token, client=logged_in(client))
        self._hook.type = discord.WebhookType.application  # discord.py sends ephemeral messages for this type only

    async def original(self) -> discord.WebhookMessage:
        """GET @original."""
        return await self._hook.fetch_message(cast("int", "@original"))

    async def fill(self, drawing: Drawing) -> None:
        """PATCH @original, which pings nobody."""
        await self._hook.edit_message(
            cast("int", "@original"), view=drawing.view, allowed_mentions=discord.AllowedMentions.none()
        )

    async def edit(self, ref: MessageRef, drawing: Drawing, mentions: discord.AllowedMentions) -> discord.Message:
        """PATCH a message that this interaction made."""
        return await self._hook.edit_message(
            int(ref.message_id), view=drawing.view, attachments=drawing.attachments, allowed_mentions=mentions
        )

    async def whisper(self, drawing: Drawing) -> None:
        """An ephemeral follow-up."""
        await self._hook.send(
            view=drawing.view,
            files=drawing.files,
            ephemeral=True,
            wait=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def delete(self, ref: MessageRef) -> None:
        """DELETE a message that this interaction made."""
        await self._hook.delete_message(int(ref.message_id))


class ChannelRoute:
    """Speaks as the bot. No cache, no fetch: it works after a restart from ids alone. Raises as `logged_in`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def edit(
        self, ref: MessageRef, drawing: Drawing, mentions: discord.AllowedMentions, *, wake: bool = True
    ) -> discord.Message:
        """PATCH; an archived thread is woken first, or refuses where it shall not `wake`."""
        message = self._partial(ref)
        try:
            return await message.edit(view=drawing.view, attachments=drawing.attachments, allowed_mentions=mentions)
        except discord.HTTPException as error:
            if error.code != ARCHIVED_THREAD or not wake:
                raise
        await logged_in(self._client).http.edit_channel(int(ref.channel_id), archived=False)
        for file in drawing.files:
            file.reset()
        return await message.edit(view=drawing.view, attachments=drawing.attachments, allowed_mentions=mentions)

    async def post(
        self, channel_id: str, drawing: Drawing, mentions: discord.AllowedMentions, nonce: str
    ) -> discord.Message:
        """A new message; with the same `nonce` again it is the first one (discord.py sends enforce_nonce with it)."""
        channel = logged_in(self._client).get_partial_messageable(int(channel_id))
        return await channel.send(view=drawing.view, files=drawing.files, nonce=nonce, allowed_mentions=mentions)

    async def tell(self, channel_id: str, actor: Actor, sentence: str, nonce: str, ref: MessageRef | None) -> None:
        """A plain new message that pings the requester; it answers `ref` where that stands in the same channel."""
        text = f"<@{actor.user_id}> {escape(sentence, _SENTENCE_MOST)}"
        mentions = requester_only(actor)
        channel = logged_in(self._client).get_partial_messageable(int(channel_id))
        if ref is not None and ref.channel_id == channel_id:
            answered = discord.MessageReference(
                message_id=int(ref.message_id), channel_id=int(channel_id), fail_if_not_exists=False
            )
            await channel.send(text, nonce=nonce, allowed_mentions=mentions, reference=answered)
            return
        link = f"\n{ref.url}" if ref is not None and ref.url else ""
        await channel.send(text + link, nonce=nonce, allowed_mentions=mentions, suppress_embeds=True)

    async def direct(self, user_id: str) -> str:
        """The channel id of the DM with a person."""
        return str((await logged_in(self._client).create_dm(discord.Object(int(user_id)))).id)

    async def delete(self, ref: MessageRef) -> None:
        """DELETE."""
        await self._partial(ref).delete()

    def _partial(self, ref: MessageRef) -> discord.PartialMessage:
        return logged_in(self._client).get_partial_messageable(int(ref.channel_id)).get_partial_message(int(ref.message_id))
