"""Turning a request body into a message, new or changed, under all rules."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import mentions, payloads, rules
from tests.fakes.discord.body import Upload
from tests.fakes.discord.errors import ApiError, Json, Problem, invalid_form, too_large
from tests.fakes.discord.message import EPHEMERAL, LOADING, QUIET, SUPPRESS_EMBEDS, V2, Message
from tests.fakes.discord.model import REQUEST_LIMIT, Attachment, Channel
from tests.fakes.discord.rules import Draft
from tests.fakes.discord.world import World

Files = dict[int, Upload]
CREATE_FLAGS, EDIT_FLAGS = SUPPRESS_EMBEDS | QUIET | V2 | EPHEMERAL, SUPPRESS_EMBEDS | V2


def compose(world: World, payload: Json, files: Files, limit: int, old: Message | None = None) -> Draft:
    """The message as it would stand after this request; ApiError where the rules forbid it. Changes nothing but the CDN."""
    if (
        any(len(file.data) > limit for file in files.values())
        or sum(len(file.data) for file in files.values()) > REQUEST_LIMIT
    ):
        raise too_large()
    problems: list[Problem] = []
    draft = Draft(
        content=_kept(payload, "content", old.content if old else "") or "",
        flags=_flags(payload, old, problems),
        embeds=_kept(payload, "embeds", old.embeds if old else []) or [],
        components=_kept(payload, "components", old.components if old else []) or [],
        attachments=_attachments(world, payload, files, old, problems),
    )
    problems += rules.broken(draft) + mentions.broken(payload.get("allowed_mentions"))
    if problems:
        raise invalid_form(problems)
    if draft.empty and not (old and old.loading):
        raise ApiError(400, 50006, "Cannot send an empty message", mistake=True)
    return draft


def create(world: World, channel: Channel, draft: Draft, **more: Any) -> Message:
    """Store a new message of the bot."""
    message = Message(world.snowflake(), channel, world.me, world.clock(), **more)
    world.messages[message.id] = message
    _write(message, draft)
    message.pinged = mentions.pinged(message.text, message.mentions)
    announce(world, "MESSAGE_CREATE", message)
    return message


def change(world: World, message: Message, payload: Json, draft: Draft) -> Message:
    """Put the draft over a message; a deferred one stops loading."""
    message.edits += 0 if message.loading else 1
    message.mentions = payload.get("allowed_mentions", message.mentions)
    draft.flags &= ~LOADING
    _write(message, draft)
    announce(world, "MESSAGE_UPDATE", message)
    return message


def remove(world: World, message: Message) -> None:
    """Delete a message and tell those who listen."""
    message.deleted = True
    announce(world, "MESSAGE_DELETE", message)


def announce(world: World, event: str, message: Message) -> None:
    """Dispatch a message event; ephemeral messages and places that the bot cannot see have none."""
    where = message.channel
    if message.ephemeral or not where.reachable:
        return
    guild = {"guild_id": str(where.guild.id)} if where.guild else {}
    ids = {"id": str(message.id), "channel_id": str(where.id)}
    body = ids if event == "MESSAGE_DELETE" else payloads.message(message)
    world.gateway.dispatch(event, body | guild, where.guild.id if where.guild else None)


def _write(message: Message, draft: Draft) -> None:
    message.content, message.flags, message.embeds = draft.content, draft.flags, draft.embeds
    message.components, message.attachments = draft.components, draft.attachments


def _kept(payload: Json, key: str, old: Any) -> Any:
    return payload.get(key, old)


def _flags(payload: Json, old: Message | None, problems: list[Problem]) -> int:
    given: int | None = payload.get("flags")
    if old is None:
        return (given or 0) & CREATE_FLAGS
    if given is None:
        return old.flags
    if old.v2 and not given & V2:
        problems.append(Problem(("flags",), "MESSAGE_FLAGS_CANNOT_REMOVE", "IS_COMPONENTS_V2 cannot be taken off a message"))
    return (old.flags & ~EDIT_FLAGS) | (given & EDIT_FLAGS)


def _attachments(
    world: World, payload: Json, files: Files, old: Message | None, problems: list[Problem]
) -> list[Attachment]:
    before = list(old.attachments) if old else []
    listed = payload.get("attachments") if "attachments" in payload else None
    if listed is None:
        kept = before if "attachments" not in payload else []
        return kept + [_upload(world, upload, {}) for upload in files.values()]
    known, result, used = {file.id: file for file in before}, list[Attachment](), set[int]()
    for index, entry in enumerate(listed):
        number = int(entry["id"])
        if number in files:
            used.add(number)
            result.append(_upload(world, files[number], entry))
        elif number in known:
            result.append(_described(known[number], entry))
        else:
            problems.append(
                Problem(
                    ("attachments", index, "id"), "ATTACHMENT_NOT_FOUND", f"{number} is neither an upload nor a kept file"
                )
            )
    problems.extend(
        Problem(("attachments",), "ATTACHMENT_UNLISTED", f"files[{number}] was sent but not listed")
        for number in files.keys() - used
    )
    return result


def _upload(world: World, upload: Upload, entry: Json) -> Attachment:
    file = world.store_file(entry.get("filename") or upload.filename, upload.data)
    file.spoiler = bool(entry.get("is_spoiler")) or file.filename.startswith("SPOILER_")
    return _described(file, entry)


def _described(file: Attachment, entry: Json) -> Attachment:
    file.description = entry.get("description", file.description)
    return file
