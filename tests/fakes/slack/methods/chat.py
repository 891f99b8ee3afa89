"""chat.*: messages posted, edited and deleted."""

from __future__ import annotations

from tests.fakes.slack.access import check_thread, own_message, post_channel, seen_channel
from tests.fakes.slack.checks import check_blocks
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import Json, Message
from tests.fakes.slack.payloads import message_object
from tests.fakes.slack.world import World

POST_TEXT, UPDATE_TEXT = 40_000, 4_000
"""Longest `text`: a longer one is cut in a new message and refused in an edit (docs.slack.dev, chat.*)."""


def post_message(world: World, args: Json) -> Json:
    """A new message; the answer names the channel that it really went to."""
    channel = post_channel(world, str(args["channel"]), public=True)
    message = _new(world, args, channel.id, "chat.postMessage")
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message_object(world, message)}


def post_ephemeral(world: World, args: Json) -> Json:
    """A message that one user sees; nothing can edit it but a response_url of a click on it."""
    channel = post_channel(world, str(args["channel"]), public=False)
    if args["user"] not in world.users or (channel.people is not None and args["user"] not in channel.people):
        raise RefusedError("user_not_in_channel")
    message = _new(world, args, channel.id, "chat.postEphemeral", to=str(args["user"]))
    return {"ok": True, "message_ts": message.ts}


def _new(world: World, args: Json, channel: str, via: str, to: str = "") -> Message:
    blocks = args.get("blocks") or []
    if not (args.get("text") or blocks or args.get("attachments") or args.get("markdown_text")):
        raise RefusedError("no_text")
    shown = check_blocks(world, blocks, via)
    thread = check_thread(world, channel, str(args.get("thread_ts") or ""))
    text = str(args.get("text", ""))[:POST_TEXT]
    return world.store(Message(channel, world.new_ts(), world.bot_user, text, blocks, thread, to, via, shown))


def update(world: World, args: Json) -> Json:
    """An edit. Text without blocks takes the blocks away; blocks without text keep the text."""
    message = own_message(world, str(args["channel"]), str(args["ts"]), "cant_update_message")
    if world.channels[message.channel].archived:
        raise RefusedError("is_inactive")
    if message.locked:
        raise RefusedError("edit_window_closed")
    if not any(key in args for key in ("text", "blocks", "attachments", "file_ids", "markdown_text")):
        raise RefusedError("no_text")
    if len(str(args.get("text", ""))) > UPDATE_TEXT:
        raise RefusedError("msg_too_long")
    blocks = args.get("blocks") or []
    shown = check_blocks(world, blocks, "chat.update")
    edit(world, message, args, blocks)
    message.shown = shown if "blocks" in args or "text" in args else message.shown
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_object(world, message),
    }


def edit(world: World, message: Message, args: Json, blocks: list[Json]) -> None:
    """Put new text and blocks into a message."""
    if "blocks" in args or "text" in args:
        message.blocks = blocks
    message.text = str(args.get("text", message.text))
    message.edits += 1
    world.label(message.blocks)


def delete(world: World, args: Json) -> Json:
    """Take back one of the bot's own messages; its files stay."""
    message = own_message(world, str(args["channel"]), str(args["ts"]), "cant_delete_message")
    message.deleted = True
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def permalink(world: World, args: Json) -> Json:
    """The address of a message."""
    channel = seen_channel(world, str(args["channel"]))
    message = world.post(channel.id, str(args["message_ts"]))
    link = f"https://t.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": link}
