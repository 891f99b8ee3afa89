"""What a response_url post, or the payload of an acknowledgement, does."""

from __future__ import annotations

from tests.fakes.slack.access import check_thread
from tests.fakes.slack.checks import check_blocks, check_view
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.methods.chat import edit
from tests.fakes.slack.methods.views import add_view, replace_view
from tests.fakes.slack.model import Json, Message, View
from tests.fakes.slack.passes import ReplyUrl
from tests.fakes.slack.world import World

KNOWN = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "metadata",
        "mrkdwn",
    }
)
"""What a post to a response_url may hold (docs.slack.dev, "Handling user interaction")."""


def apply_reply(world: World, reply: ReplyUrl, body: Json, via: str) -> None:
    """Show, replace or delete a message. Raises RefusedError with the HTTP status that the post gets."""
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        world.violate(via, "invalid_payload", unknown)
        raise RefusedError("invalid_payload", status=400)
    if world.channels[reply.channel].archived:
        raise RefusedError("is_archived", status=410)
    try:
        _show(world, reply, body, via)
    except RefusedError as refusal:
        refusal.status = max(refusal.status, 400)
        raise


def _show(world: World, reply: ReplyUrl, body: Json, via: str) -> None:
    original = reply.message
    if body.get("delete_original") or body.get("replace_original"):
        if original is None and body.get("delete_original"):
            raise RefusedError("no_original")
        if original is not None and original.deleted:
            raise RefusedError("message_not_found", status=404)
    if original is not None and body.get("delete_original"):
        original.deleted = True
        return
    if not (body.get("text") or body.get("blocks") or body.get("attachments")):
        raise RefusedError("no_text")
    blocks = body.get("blocks") or []
    shown = check_blocks(world, blocks, via)
    if original is not None and body.get("replace_original"):
        edit(world, original, body, blocks)
        original.shown = shown
        return
    to = "" if body.get("response_type") == "in_channel" else reply.user
    thread = check_thread(world, reply.channel, str(body.get("thread_ts") or ""))
    world.store(
        Message(reply.channel, world.new_ts(), world.bot_user, str(body.get("text", "")), blocks, thread, to, via, shown)
    )


def apply_command_ack(world: World, payload: Json, body: Json) -> None:
    """A command's acknowledgement may carry the first message; it does not count as a use of the response_url."""
    if body:
        reply = world.reply_urls[payload["response_url"].rsplit("/", 1)[1]]
        try:
            apply_reply(world, reply, body, "ack")
        except RefusedError as refusal:
            world.violate("ack", refusal.error, [str(refusal.fields)])


def apply_view_ack(world: World, view: View, body: Json) -> None:
    """A submission's acknowledgement closes the modal, or shows errors, another view or one on top."""
    action = body.get("response_action", "")
    try:
        if action == "errors":
            _show_errors(world, view, body.get("errors") or {})
        elif action == "update":
            replace_view(world, view, check_view(world, body.get("view"), "modal", "response_action update"), None)
        elif action == "push":
            add_view(world, view.user, check_view(world, body.get("view"), "modal", "response_action push"), under=view)
        else:
            _close(world, view, whole=action == "clear")
    except RefusedError as refusal:
        world.violate("view_submission", refusal.error, [str(refusal.fields)])


def _show_errors(world: World, view: View, errors: dict[str, str]) -> None:
    known = {block.get("block_id") for block in view.body["blocks"] if block["type"] == "input"}
    if not errors or not set(errors) <= known:
        world.violate("view_submission", "errors name no input block", sorted(errors))
    view.errors = errors


def _close(world: World, view: View, *, whole: bool) -> None:
    for one in world.views.values():
        if one is view or (whole and one.root == view.root):
            one.open = False
