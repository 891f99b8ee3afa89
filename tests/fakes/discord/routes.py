"""The usual routes by name, for `limit`, `fail`, `hold` and for reading the transcript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord.world import Call, World

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
GET_ORIGINAL = "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original"
EDIT_ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
DELETE_ORIGINAL = "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"
GET_FOLLOW_UP = "GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
EDIT_FOLLOW_UP = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
DELETE_FOLLOW_UP = "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
GET_CHANNEL = "GET /channels/{channel_id}"
PATCH_CHANNEL = "PATCH /channels/{channel_id}"
TYPING = "POST /channels/{channel_id}/typing"
POST_MESSAGE = "POST /channels/{channel_id}/messages"
GET_MESSAGES = "GET /channels/{channel_id}/messages"
GET_MESSAGE = "GET /channels/{channel_id}/messages/{message_id}"
EDIT_MESSAGE = "PATCH /channels/{channel_id}/messages/{message_id}"
DELETE_MESSAGE = "DELETE /channels/{channel_id}/messages/{message_id}"
OPEN_DM = "POST /users/@me/channels"
ME = "GET /users/@me"
MY_GUILDS = "GET /users/@me/guilds"
USER = "GET /users/{user_id}"
APPLICATION = "GET /oauth2/applications/@me"
APPLICATION_NEW = "GET /applications/@me"
GATEWAY = "GET /gateway"
GATEWAY_BOT = "GET /gateway/bot"
GUILD = "GET /guilds/{guild_id}"
AUDIT_LOG = "GET /guilds/{guild_id}/audit-logs"
GET_COMMANDS = "GET /applications/{application_id}/commands"
PUT_COMMANDS = "PUT /applications/{application_id}/commands"
GET_GUILD_COMMANDS = "GET /applications/{application_id}/guilds/{guild_id}/commands"
PUT_GUILD_COMMANDS = "PUT /applications/{application_id}/guilds/{guild_id}/commands"
CDN = "GET /cdn/attachments"
"""The files that people upload: no call of the API, so only `hold` knows it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and its JSON (None: no body)."""

    status: int = 200
    body: Any = None


Route = Callable[[World, Call], Answer]
