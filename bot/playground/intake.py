"""What the page sends, as an Ask and its fields.

All POSTs are multipart with `user`, `moderator` ("1" or ""), `roles` (words), `channel`, `key` and more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile

from bot.jobs.asks import Ask, Attachment
from bot.jobs.place import Actor, Place, Platform
from bot.playground.channels import CHANNEL, CHANNELS, MODERATORS
from bot.playground.people import actor, read_roles
from bot.texts import playground as texts

KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
FIELDS = 40
FILES = 5
FIELD_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Intake:
    """One request of the page."""

    ask: Ask
    texts: Mapping[str, str]
    files: Mapping[str, Attachment]

    def named(self, prefix: str) -> dict[str, str]:
        """Fields under a prefix: `value.prompt` -> `prompt`."""
        return {name.removeprefix(prefix): value for name, value in self.texts.items() if name.startswith(prefix)}

    def options(self) -> dict[str, str]:
        """The command's named options, sent as one JSON object of strings."""
        try:
            given = json.loads(self.texts.get("options") or "{}")
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, texts.BAD_REQUEST) from error
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise HTTPException(400, texts.BAD_REQUEST)
        return given


async def read_intake(request: Request) -> Intake:
    """Read the body. Raises HTTPException 400 for anything that our page does not send."""
    async with request.form(max_files=FILES, max_fields=FIELDS, max_part_size=FIELD_BYTES) as form:
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        uploads = {name: value for name, value in form.multi_items() if not isinstance(value, str)}
        files = {name: await _attachment(upload) for name, upload in uploads.items() if upload.filename}
    return Intake(_ask(fields), fields, files)


def speaker(name: str, moderator: str = "", roles: str = "") -> Actor:
    """The actor of a request. Raises HTTPException 400 for an unusable name."""
    try:
        return actor(name, moderator=moderator == "1", roles=read_roles(roles))
    except ValueError as error:
        raise HTTPException(400, texts.BAD_NAME) from error


def place_of(who: Actor, channel: str) -> Place:
    """The channel as a Place. Raises HTTPException 400 for a channel that this person does not see."""
    if channel not in CHANNELS or (channel == MODERATORS and not who.moderator):
        raise HTTPException(400, texts.BAD_REQUEST)
    return Place(Platform.PLAYGROUND, channel, CHANNEL)


def _ask(fields: Mapping[str, str]) -> Ask:
    key = fields.get("key", "")
    if not KEY.fullmatch(key):
        raise HTTPException(400, texts.BAD_REQUEST)
    who = speaker(fields.get("user", ""), fields.get("moderator", ""), fields.get("roles", ""))
    # The page made the key up, so that one person's key must not name another's request.
    return Ask(who, place_of(who, fields.get("channel", CHANNEL)), f"{CHANNEL}:{who.user_id}:{key}")


async def _attachment(upload: UploadFile) -> Attachment:
    data = await upload.read()

    async def read() -> bytes:
        return data

    return Attachment(upload.filename or "", len(data), read)
