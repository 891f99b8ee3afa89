"""Shared by the tests of the loopback Slack: pictures of a few bytes, blocks, refusals."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from slack_sdk.errors import SlackApiError

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
WEBP = b"RIFF\x00\x00\x00\x00WEBP" + b"0" * 20


def button(action_id: str, label: str = "U1") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}, "value": "v"}


def row(*action_ids: str, block_id: str = "") -> dict[str, Any]:
    block: dict[str, Any] = {"type": "actions", "elements": [button(one) for one in action_ids]}
    return {**block, "block_id": block_id} if block_id else block


def section(text: str, block_id: str = "") -> dict[str, Any]:
    block: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {**block, "block_id": block_id} if block_id else block


def picture(file_id: str) -> dict[str, Any]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "four foxes"}


def modal(**fields: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Prompt"}
    prompt = {
        "type": "input",
        "block_id": "prompt",
        "label": label,
        "element": {"type": "plain_text_input", "action_id": "p"},
    }
    title = {"type": "plain_text", "text": "Imagine"}
    return {"type": "modal", "callback_id": "form", "title": title, "submit": title, "blocks": [prompt], **fields}


async def refused(call: Awaitable[Any]) -> SlackApiError:
    """The error that the call gets; fails the test if it gets none."""
    try:
        answer = await call
    except SlackApiError as error:
        return error
    raise AssertionError(f"was accepted: {answer}")


async def why(call: Awaitable[Any]) -> str:
    """Slack's error string for the call."""
    return str((await refused(call)).response["error"])
