"""The app manifest that an operator pastes into Slack (schema major version 2)."""

from __future__ import annotations

from typing import Any

from bot.texts import slack as texts

Json = dict[str, Any]
SCOPES = (
    "commands", "chat:write", "chat:write.public", "files:write", "files:read", "users:read", "im:write",
    "app_mentions:read", "channels:join", "usergroups:read",
)  # fmt: skip
OPTIONAL = ("usergroups:read",)
"""Of SCOPES: whoever installs the app may refuse them (docs.slack.dev, "Installing with OAuth"); tiers and roles by user
group then stay empty."""
EVENTS = ("app_mention",)
LEAVING = ("app_uninstalled", "tokens_revoked")
"""Only many workspaces are told of: one whose token is gone is seen at the next call."""
SHORTCUTS = (
    (texts.SHORTCUT_MESSAGE, "message", "imagine_from_this", texts.SHORTCUT_MESSAGE_ABOUT),
    (texts.SHORTCUT_NEW, "global", "new_picture", texts.SHORTCUT_NEW_ABOUT),
    (texts.SHORTCUT_REPORT, "message", "report_picture", texts.SHORTCUT_REPORT_ABOUT),
    (texts.SHORTCUT_MODERATE, "message", "moderate_picture", texts.SHORTCUT_MODERATE_ABOUT),
)
"""Name (24 characters), type, callback_id, description (150). An app has ten at most."""


def manifest(command: str = "/imagine", http_url: str | None = None, redirect_url: str | None = None) -> Json:
    """`http_url`: the public address of /slack/events; None: Socket Mode. `redirect_url`: of an app for many workspaces.

    Needs no Slack library.
    """
    events = [*EVENTS, *(LEAVING if redirect_url else ())]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": texts.NAME, "description": texts.ABOUT, "background_color": "#1b1b2f"},
        "features": _features(command, _url("url", http_url)),
        "oauth_config": {
            **({"redirect_urls": [redirect_url]} if redirect_url else {}),
            "scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL)},
        },
        "settings": {
            "event_subscriptions": {"bot_events": events, **_url("request_url", http_url)},
            "interactivity": {"is_enabled": True, **_url("request_url", http_url)},
            "org_deploy_enabled": redirect_url is not None,
            "socket_mode_enabled": http_url is None,
            "token_rotation_enabled": False,
        },
    }


def _features(command: str, url: Json) -> Json:
    """`should_escape`: a person picked in the command comes with their id."""
    about = {"description": texts.COMMAND_ABOUT, "usage_hint": texts.COMMAND_HINT, "should_escape": True}
    return {
        "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": texts.NAME.lower(), "always_online": True},
        "shortcuts": [
            {"name": name, "type": kind, "callback_id": callback_id, "description": about}
            for name, kind, callback_id, about in SHORTCUTS
        ],
        "slash_commands": [{"command": command, **about, **url}],
    }


def _url(name: str, url: str | None) -> Json:
    return {name: url} if url else {}
