"""One notice on its way: which channel, post or edit, and what becomes of it where that does not go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.desk import notice_card
from bot.jobs.chat_port import Chat, ChatError, ChatFault
from bot.jobs.house import House
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.surface import Card
from bot.policy.desk_ports import Notice
from bot.policy.records import NoticeKind

Show = Callable[[Card], Awaitable[MessageRef]]


@dataclass(frozen=True, slots=True)
class Channel:
    """A moderators' channel, and the chat that speaks there."""

    chat: Chat
    place: Place


async def channel_of(house: House, community: str, kind: NoticeKind) -> Channel | None:
    """None where no channel is set, or where this process does not speak on that platform."""
    name, _, community_id = community.partition(":")
    chat = house.chats.get(Platform(name)) if name in set(Platform) else None
    settings = await house.policy.community(community)
    channel_id = settings.review_channel if kind is NoticeKind.REVIEW else settings.log_channel
    if chat is None or not channel_id:
        return None
    return Channel(chat, Place(Platform(name), channel_id, community_id))


def mute(channel: Channel | None, notice: Notice) -> bool:
    """Whether a log entry shows nowhere: the log was switched off, or it is one of many in a message that names nobody."""
    return channel is None or (notice.message is not None and not notice.message.message_id)


async def deliver(house: House, channel: Channel | None, notice: Notice) -> MessageRef | None:
    """Where it stands now; None: nothing is to be shown (any more). Raises ChatError."""
    if channel is None:
        raise ChatError(ChatFault.GONE, "no channel is set for reviews")
    if notice.message is None:
        return await _shown(house, notice, _posting(channel, f"notice-{notice.id}"))
    try:
        return await _shown(house, notice, _revising(channel, notice.message))
    except ChatError as error:
        if error.fault is not ChatFault.GONE:
            raise
    # Somebody deleted the message. What is still open is asked anew.
    if await notice_card.is_open(house, notice):
        return await _shown(house, notice, _posting(channel, f"notice-{notice.id}-{notice.version}"))
    return None


async def _shown(house: House, notice: Notice, show: Show) -> MessageRef | None:
    """Without its pictures if they are too large for the channel."""
    card = await notice_card.card(house, notice)
    if card is None:
        return None
    try:
        return await show(card)
    except ChatError as error:
        plain = await notice_card.card(house, notice, pictures=False)
        if error.fault is not ChatFault.TOO_LARGE or plain is None:
            raise
    return await show(plain)


def _posting(channel: Channel, key: str) -> Show:
    """Repeating it posts nothing twice where the chat knows keys."""

    async def post(card: Card) -> MessageRef:
        return await channel.chat.post(channel.place, card, key)

    return post


def _revising(channel: Channel, message: MessageRef) -> Show:
    """Where it was posted, even if another channel is set by now."""

    async def revise(card: Card) -> MessageRef:
        return await channel.chat.revise(replace(channel.place, channel_id=message.channel_id), message, card)

    return revise
