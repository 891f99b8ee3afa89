"""files.*: the external upload in three steps, the scan that follows, deletion."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fakes.slack.access import check_thread, post_channel
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import File, Json, Message
from tests.fakes.slack.payloads import file_object
from tests.fakes.slack.world import World

ALT_LENGTH = 1_000
MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def sniff(content: bytes) -> str:
    """The type that the scan will find, from the bytes alone."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for head, kind in MAGIC if content.startswith(head)), "application/octet-stream")


def reserve(world: World, args: Json) -> Json:
    """Step 1: a place to put the bytes."""
    if len(str(args.get("alt_txt", ""))) > ALT_LENGTH:
        raise RefusedError("alt_txt_too_large")
    if int(args["length"]) <= 0 or not args["filename"]:
        raise RefusedError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] length and filename must not be empty"]}
        )
    file = File(
        world.new_id("F"), str(args["filename"]), world.bot_user, int(args["length"]), alt=str(args.get("alt_txt", ""))
    )
    file.token = secrets.token_hex(8)
    world.files[file.id] = file
    return {"ok": True, "upload_url": f"{world.url}/upload/v1/{file.token}", "file_id": file.id}


def receive(world: World, token: str, content: bytes) -> File:
    """Step 2: the bytes. Raises RefusedError for an unknown or used place, or another length than was said."""
    file = next((one for one in world.files.values() if one.token == token and one.stage == "reserved"), None)
    if file is None:
        raise RefusedError("upload_not_found", status=404)
    if len(content) != file.length:
        raise RefusedError("length_mismatch", status=400)
    file.content, file.mimetype, file.stage = content, sniff(content), "uploaded"
    return file


def complete(world: World, args: Json) -> Json:
    """Step 3. Without a channel the file stays the bot's own; with one the bot must be a member."""
    found = [_uploaded(world, one) for one in _listed(args["files"])]
    channel = post_channel(world, str(args["channel_id"]), public=False) if args.get("channel_id") else None
    thread = check_thread(world, channel.id, str(args.get("thread_ts") or "")) if channel else ""
    for file, title in found:
        file.title, file.stage, file.completed_at = title, "complete", world.clock()
    if channel:
        shared = [file for file, _ in found]
        text = str(args.get("initial_comment") or "")
        world.store(
            Message(
                channel.id,
                world.new_ts(),
                world.bot_user,
                text,
                [],
                thread,
                "",
                "files.completeUploadExternal",
                files=shared,
            )
        )
    return {"ok": True, "files": [file_object(world, file, typed=False) for file, _ in found]}


def _listed(files: Any) -> list[Json]:
    if not isinstance(files, list) or not files or not all(isinstance(one, dict) and one.get("id") for one in files):
        raise RefusedError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] files must be a list of objects with an id"]}
        )
    return files


def _uploaded(world: World, asked: Json) -> tuple[File, str]:
    file = world.files.get(asked["id"])
    if file is None or file.stage != "uploaded":
        raise RefusedError("file_not_found")
    return file, str(asked.get("title") or file.name)


def _visible(world: World, file_id: str) -> File:
    file = world.files.get(file_id)
    if file is None or not file.visible or file.stage in {"reserved", "uploaded"}:
        raise RefusedError("file_not_found")
    if file.stage == "deleted":
        raise RefusedError("file_deleted")
    return file


def info(world: World, args: Json) -> Json:
    """What is known of a file; mimetype and filetype are empty until the scan is over."""
    file = _visible(world, str(args["file"]))
    file.polls += 1
    return {"ok": True, "file": file_object(world, file, typed=world.ready(file)), "comments": []}


def delete(world: World, args: Json) -> Json:
    """Delete one of the bot's own files; messages that showed it no longer do."""
    file = _visible(world, str(args["file"]))
    if file.owner != world.bot_user:
        raise RefusedError("cant_delete_file")
    file.stage = "deleted"
    return {"ok": True}
