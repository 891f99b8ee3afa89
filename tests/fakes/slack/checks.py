"""Whether blocks and views may be shown: schema, sums, files."""

from __future__ import annotations

import json
from typing import Any

from jsonschema.exceptions import best_match

from tests.fakes.slack.blockkit import schema_errors, text_length, validator, walk
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import File, Json
from tests.fakes.slack.world import World

MESSAGE_BLOCKS, TEXT_SUM = 50, 12_000
"""Blocks of a message (documented) and the characters in them (not documented; slackapi/bolt-js#2509)."""
VIEW_BYTES = 250_000
IN_BLOCKS = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What image blocks show: no WebP (slackapi/node-slack-sdk#1482)."""


def check_blocks(world: World, blocks: Any, where: str) -> list[File]:
    """The files that the blocks show. Raises RefusedError as the real server would, and records what is our own fault."""
    if not isinstance(blocks, list):
        world.violate(where, "invalid_blocks_format", [f"blocks is a {type(blocks).__name__}"])
        raise RefusedError("invalid_blocks_format")
    if world.validate:
        too_many = [f"no more than {MESSAGE_BLOCKS} items allowed [json-pointer:/blocks]"] * (len(blocks) > MESSAGE_BLOCKS)
        _refuse_blocks(world, where, too_many or schema_errors(blocks, "/blocks", modal=False))
        if text_length(blocks) > TEXT_SUM:
            world.violate(where, "msg_blocks_too_long", [f"{text_length(blocks)} characters"])
            raise RefusedError("msg_blocks_too_long")
    return shown_files(world, blocks, where)


def _refuse_blocks(world: World, where: str, wrong: list[str]) -> None:
    if wrong:
        world.violate(where, "invalid_blocks", wrong)
        raise RefusedError(
            "invalid_blocks", errors=wrong, response_metadata={"messages": [f"[ERROR] {one}" for one in wrong]}
        )


def shown_files(world: World, blocks: list[Any], where: str) -> list[File]:
    """The files behind every slack_file; RefusedError for one that is not there, not processed yet, or no image."""
    found = []
    for node, pointer in walk(blocks, "/blocks"):
        if isinstance(node.get("image_url"), str) and node["image_url"] not in world.reachable:
            raise RefusedError("invalid_blocks", errors=[f"downloading image failed [json-pointer:{pointer}/image_url]"])
        if isinstance(node.get("slack_file"), dict):
            found.append(_file(world, node["slack_file"], f"{pointer}/slack_file", where))
    return found


def _file(world: World, asked: Json, pointer: str, where: str) -> File:
    line = f"invalid slack file [json-pointer:{pointer}]"
    file = world.files.get(asked.get("id", "")) or world.file_by_url(asked.get("url", ""))
    if file is None or not file.visible or file.stage in {"reserved", "uploaded"}:
        world.violate(where, "invalid_blocks", [f"{line}: no such file"])
        raise RefusedError("invalid_blocks", errors=[line])
    if file.mimetype not in IN_BLOCKS:
        world.violate(where, "invalid_blocks", [f"{line}: {file.mimetype} is not shown in blocks"])
        raise RefusedError("invalid_blocks", errors=[line])
    if file.stage == "deleted" or not world.ready(file):
        raise RefusedError("invalid_blocks", errors=[line])
    return file


def check_view(world: World, view: Any, kind: str, where: str) -> Json:
    """The view as an object. Raises RefusedError for anything but a valid modal or Home tab (`kind`)."""
    if not isinstance(view, dict):
        raise RefusedError("invalid_arguments", response_metadata={"messages": ["[ERROR] view is not an object"]})
    if len(json.dumps(view)) > VIEW_BYTES:
        raise RefusedError("view_too_large")
    wrong = _view_errors(view, kind) if world.validate else []
    if wrong:
        world.violate(where, "invalid_arguments", wrong)
        raise RefusedError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {one}" for one in wrong]})
    shown_files(world, view.get("blocks", []), where)
    return view


def _view_errors(view: Json, kind: str) -> list[str]:
    modal = kind == "modal"
    blocks = view.get("blocks")
    wrong = schema_errors(blocks, "/view/blocks", modal=modal) if isinstance(blocks, list) else []
    error = None if wrong else best_match(validator("Modal" if modal else "Home").iter_errors(view))
    if error:
        wrong = [f"{error.message[:200]} [json-pointer:/view{''.join(f'/{part}' for part in error.absolute_path)}]"]
    if len(view.get("callback_id", "")) > 255:
        wrong.append("must be less than 256 characters [json-pointer:/view/callback_id]")
    if modal and "submit" not in view and any(block.get("type") == "input" for block in blocks or []):
        wrong.append("missing required field: submit [json-pointer:/view/submit]")
    return wrong
