"""Inbound payloads, in the shapes that Slack's SDKs have recorded."""

from __future__ import annotations

from itertools import count
from typing import Any

Json = dict[str, Any]
RESPONSE_URL = "https://hooks.slack.com/commands/T1/1/secret"
_numbers = count(1)


def command(text: str, **more: object) -> Json:
    """A slash command in a channel."""
    return {
        "token": "v", "team_id": "T1", "team_domain": "t", "channel_id": "C1", "channel_name": "art", "user_id": "U1",
        "user_name": "ann", "command": "/imagine", "text": text, "api_app_id": "A1", "is_enterprise_install": "false",
        "response_url": RESPONSE_URL, "trigger_id": f"1.{next(_numbers)}.abc", **more,
    }  # fmt: skip


def mention(text: str, *, event_id: str = "", **more: object) -> Json:
    """An app_mention."""
    event = {"type": "app_mention", "user": "U1", "text": text, "ts": "1700000001.000200", "channel": "C1", **more}
    return {
        "token": "v", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event": event,
        "event_id": event_id or f"Ev{next(_numbers)}", "event_time": 1700000001,
        "authorizations": [{"enterprise_id": None, "team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
    }  # fmt: skip


def _interaction(kind: str, **more: object) -> Json:
    return {
        "type": kind, "user": {"id": "U1", "username": "ann", "name": "ann", "team_id": "T1"}, "api_app_id": "A1",
        "token": "v", "team": {"id": "T1", "domain": "t"}, "enterprise": None, "is_enterprise_install": False,
        "trigger_id": f"1.{next(_numbers)}.def", **more,
    }  # fmt: skip


def press(control: str, *, ephemeral: bool = False, thread: str = "", channel: str = "C1", **action: object) -> Json:
    """A pressed button, or with `selected_option` a chosen entry."""
    ts = "1700000000.000100"
    return _interaction(
        "block_actions",
        container={"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral},
        channel={"id": channel, "name": "art"},
        message={"type": "message", "ts": ts, "bot_id": "B0BOT", "text": "", **({"thread_ts": thread} if thread else {})},
        response_url=RESPONSE_URL,
        actions=[{"action_id": control, "block_id": "x", "type": "button", "action_ts": "1.0", **action}],
    )


def shortcut(callback_id: str, message: Json | None = None) -> Json:
    """A message shortcut, or without a message a global one."""
    if message is None:
        return _interaction("shortcut", callback_id=callback_id, action_ts="1.0")
    return _interaction(
        "message_action",
        callback_id=callback_id,
        message=message,
        message_ts=message["ts"],
        channel={"id": "C1", "name": "art"},
        response_url=RESPONSE_URL,
        action_ts="1.0",
    )


def submission(callback_id: str, values: Json, metadata: str = "") -> Json:
    """A modal that came back; `values`: field name -> the input's state."""
    view = {
        "id": f"V{next(_numbers)}", "team_id": "T1", "type": "modal", "callback_id": callback_id,
        "private_metadata": metadata,
        "blocks": [], "state": {"values": {f"f:{name}": {"v": state} for name, state in values.items()}}, "hash": "1.a",
        "title": {"type": "plain_text", "text": "x"}, "root_view_id": "V1", "app_id": "A1", "bot_id": "B0BOT",
    }  # fmt: skip
    return _interaction("view_submission", view=view, response_urls=[])
