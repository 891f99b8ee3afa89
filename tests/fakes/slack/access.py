"""Where the bot may post: membership, archives, other people's conversations."""

from __future__ import annotations

from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import Channel, Message
from tests.fakes.slack.world import World


def seen_channel(world: World, channel_id: str) -> Channel:
    """A channel whose existence the bot can know of. Raises RefusedError channel_not_found."""
    channel = world.channels.get(channel_id)
    if channel is None or (channel.kind != "channel" and not channel.member):
        raise RefusedError("channel_not_found")
    return channel


def post_channel(world: World, asked: str, *, public: bool) -> Channel:
    """Where a new message goes; a user id means the bot's conversation with them.

    `public`: whether chat:write.public stands in for membership (it does for messages, not for files or ephemerals).
    """
    channel = direct(world, asked) if asked in world.users else seen_channel(world, asked)
    if channel.archived:
        raise RefusedError("is_archived")
    if not channel.member and not (public and "chat:write.public" in world.scopes):
        raise RefusedError("not_in_channel")
    return channel


def direct(world: World, user_id: str) -> Channel:
    """The bot's conversation with a user, opened if need be. Raises RefusedError user_not_found or user_disabled."""
    user = world.users.get(user_id)
    if user is None:
        raise RefusedError("user_not_found")
    if user.deleted:
        raise RefusedError("user_disabled")
    for channel in world.channels.values():
        if channel.kind == "im" and channel.member and channel.people == {user_id}:
            return channel
    channel = Channel(world.new_id("D"), "directmessage", kind="im", people={user_id})
    world.channels[channel.id] = channel
    return channel


def own_message(world: World, channel_id: str, ts: str, error: str) -> Message:
    """A message that the bot wrote. Raises RefusedError `error` for somebody else's."""
    seen_channel(world, channel_id)
    message = world.post(channel_id, ts)
    if message.user != world.bot_user:
        raise RefusedError(error)
    return message


def check_thread(world: World, channel_id: str, thread_ts: str) -> str:
    """The thread's ts, empty for none. Raises RefusedError where there is no such message to answer."""
    if thread_ts and thread_ts not in world.posts.get(channel_id, {}):
        raise RefusedError("cannot_reply_to_message")
    return thread_ts
