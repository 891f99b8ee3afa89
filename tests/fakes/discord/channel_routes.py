"""Messages with the bot token: what it sees, may change, and may not."""

from __future__ import annotations

from tests.fakes.discord import payloads, posting, routes
from tests.fakes.discord.errors import (
    ApiError,
    Json,
    missing_access,
    missing_permissions,
    unknown_channel,
    unknown_message,
    wrong,
)
from tests.fakes.discord.message import EPHEMERAL, Message
from tests.fakes.discord.model import ATTACH, DM_CHANNEL, MANAGE_MESSAGES, SEND, SEND_IN_THREADS, Channel
from tests.fakes.discord.routes import Answer, Route
from tests.fakes.discord.world import Call, World

MOST_LISTED = 100


def place(world: World, call: Call) -> Channel:
    """The channel of the path: 10003 if there is none, 50001 if the bot cannot see it."""
    channel = world.channels.get(int(call.params["channel_id"]))
    if channel is None:
        raise unknown_channel()
    if not channel.reachable:
        raise missing_access()
    return channel


def message_of(world: World, call: Call) -> Message:
    """The message of the path; deleted and ephemeral ones are not in the channel."""
    channel = place(world, call)
    message = world.messages.get(int(call.params["message_id"]))
    if message is None or message.deleted or message.ephemeral or message.channel is not channel:
        raise unknown_message()
    return message


def post(world: World, call: Call) -> Answer:
    """A new message; with enforce_nonce a repeat gives the first one back."""
    channel, payload = place(world, call), _payload(call)
    _may_send(channel, files=bool(call.files))
    nonce = payload.get("nonce") if payload.get("enforce_nonce") else None
    first = world.nonces.get((channel.id, str(nonce))) if nonce is not None else None
    if first is not None and world.clock() - first.created < NONCE_SECONDS:
        return Answer(200, payloads.message(first) | {"nonce": nonce})
    if (payload.get("flags") or 0) & EPHEMERAL:
        raise wrong(("flags",), "only interaction responses can be ephemeral")
    reference = _reference(world, channel, payload)
    draft = posting.compose(world, payload, call.files, channel.limit)
    message = posting.create(world, channel, draft, reference=reference, mentions=payload.get("allowed_mentions"))
    if nonce is not None:
        world.nonces[channel.id, str(nonce)] = message
    return Answer(200, payloads.message(message) | {"nonce": payload.get("nonce")})


NONCE_SECONDS = 300.0
"""The docs say "the past few minutes"."""


def edit(world: World, call: Call) -> Answer:
    """Change an own message."""
    message, payload = message_of(world, call), _payload(call)
    if message.author is not world.me:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    _awake(message.channel)
    if call.files and not _allowed(message.channel, ATTACH):
        raise missing_permissions()
    draft = posting.compose(world, payload, call.files, message.channel.limit, message)
    posting.change(world, message, payload, draft)
    world.changed(world.tokens.get(message.token or ""))
    return Answer(200, payloads.message(message))


def get(world: World, call: Call) -> Answer:
    """One message."""
    return Answer(200, payloads.message(message_of(world, call)))


def listing(world: World, call: Call) -> Answer:
    """The newest messages, newest first."""
    channel, limit = place(world, call), int(call.query.get("limit", "50"))
    if not 1 <= limit <= MOST_LISTED:
        raise wrong(("limit",), "between 1 and 100")
    found = [one for one in world.messages.values() if one.channel is channel and not one.deleted and not one.ephemeral]
    return Answer(200, [payloads.message(one) for one in sorted(found, key=lambda one: -one.id)[:limit]])


def delete(world: World, call: Call) -> Answer:
    """Delete an own message, or another's with Manage Messages."""
    message = message_of(world, call)
    if message.author is not world.me and not _allowed(message.channel, MANAGE_MESSAGES):
        raise missing_permissions()
    _awake(message.channel)
    posting.remove(world, message)
    world.changed(world.tokens.get(message.token or ""))
    return Answer(204)


def show_channel(world: World, call: Call) -> Answer:
    """One channel."""
    return Answer(200, payloads.channel(place(world, call)))


def change_channel(world: World, call: Call) -> Answer:
    """Wake or archive a thread; nothing else is modelled."""
    channel, payload = place(world, call), _payload(call)
    if channel.parent is None or set(payload) - {"archived", "locked"}:
        raise wrong((), "the fake changes only `archived` and `locked` of threads")
    if channel.locked and not channel.bot_permissions & 1 << 34:
        raise missing_permissions()
    channel.archived, channel.locked = payload.get("archived", channel.archived), payload.get("locked", channel.locked)
    return Answer(200, payloads.channel(channel))


def typing(world: World, call: Call) -> Answer:
    """The typing indicator."""
    _may_send(place(world, call), files=False)
    return Answer(204)


def _payload(call: Call) -> Json:
    if call.body is None and call.files:
        return {}
    if not isinstance(call.body, dict):
        raise wrong((), "a JSON object is required")
    return call.body


def _allowed(channel: Channel, bits: int) -> bool:
    return channel.guild is None or channel.bot_permissions & bits == bits


def _may_send(channel: Channel, *, files: bool) -> None:
    if channel.type == DM_CHANNEL and not channel.recipients[0].dms_open:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    _awake(channel)
    if not _allowed(channel, (SEND_IN_THREADS if channel.parent else SEND) | (ATTACH if files else 0)):
        raise missing_permissions()


def _awake(channel: Channel) -> None:
    if channel.archived:
        raise ApiError(400, 50083, "Thread is archived")


def _reference(world: World, channel: Channel, payload: Json) -> Json | None:
    reference: Json | None = payload.get("message_reference")
    if reference is None:
        return None
    target = world.messages.get(int(reference["message_id"]))
    gone = target is None or target.deleted or target.channel is not channel
    if gone and reference.get("fail_if_not_exists", True):
        raise wrong(("message_reference",), "Unknown message", "REPLIES_UNKNOWN_MESSAGE")
    return {"message_id": str(reference["message_id"]), "channel_id": str(channel.id)}


ROUTES: dict[str, Route] = {
    routes.POST_MESSAGE: post,
    routes.GET_MESSAGES: listing,
    routes.GET_MESSAGE: get,
    routes.EDIT_MESSAGE: edit,
    routes.DELETE_MESSAGE: delete,
    routes.GET_CHANNEL: show_channel,
    routes.PATCH_CHANNEL: change_channel,
    routes.TYPING: typing,
}
