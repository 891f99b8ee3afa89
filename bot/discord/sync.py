"""Commands are registered only when they changed: Discord counts creates per day, and every write costs a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
import structlog

from bot.discord.commands import payload

log = structlog.get_logger()
_OF_THE_START = frozenset({401, 403, 429})
"""Answers that are about the bot's account or its pace, not about the commands."""
_DEFAULTS: dict[str, Any] = {"required": False, "autocomplete": False}
_OPTION_KEYS = (
    "type",
    "name",
    "description",
    "required",
    "autocomplete",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)


async def sync(client: discord.Client, guild_ids: Sequence[int]) -> None:
    """Register globally, or in `guild_ids` alone.

    There a global registration of the same names is taken back, so that nobody sees a command twice. A guild that the
    bot cannot write to is logged and passed over. So is what Discord will not take, for example because of its daily limit
    (30034): commands that were registered before still stand, and without the bot they would answer nobody.
    """
    application = client.application_id
    if application is None:
        raise RuntimeError("sync before login")
    try:
        await _sync(client, application, guild_ids)
    except discord.HTTPException as error:
        if error.status in _OF_THE_START or error.status >= 500:
            raise
        log.exception("discord commands not registered, those from before stay: restart the bot tomorrow", code=error.code)


async def _sync(client: discord.Client, application: int, guild_ids: Sequence[int]) -> None:
    if not guild_ids:
        await _sync_global(client, application)
        return
    for guild_id in guild_ids:
        try:
            await _sync_guild(client, application, guild_id)
        except discord.Forbidden:
            log.exception("discord commands not registered: is the bot a member there?", guild=guild_id)
    await _withdraw_global(client, application)


def same(wanted: Sequence[dict[str, Any]], registered: Sequence[Any]) -> bool:
    """Whether Discord has exactly these commands, whatever defaults it adds to them."""
    return sorted(map(_essence, wanted), key=repr) == sorted(map(_essence, registered), key=repr)


async def _sync_global(client: discord.Client, application: int) -> None:
    wanted: list[Any] = payload(everywhere=True)
    if same(wanted, await client.http.get_global_commands(application)):
        log.info("discord commands unchanged")
        return
    await client.http.bulk_upsert_global_commands(application, wanted)
    log.info("discord commands registered", count=len(wanted))


async def _sync_guild(client: discord.Client, application: int, guild_id: int) -> None:
    wanted: list[Any] = payload(everywhere=False)
    if same(wanted, await client.http.get_guild_commands(application, guild_id)):
        log.info("discord commands unchanged", guild=guild_id)
        return
    await client.http.bulk_upsert_guild_commands(application, guild_id, wanted)
    log.info("discord commands registered", guild=guild_id, count=len(wanted))


async def _withdraw_global(client: discord.Client, application: int) -> None:
    found = {command["name"] for command in await client.http.get_global_commands(application)}
    ours = {command["name"] for command in payload(everywhere=True)}
    if found and found <= ours:
        await client.http.bulk_upsert_global_commands(application, [])
        log.info("discord global commands withdrawn")
    elif found & ours:
        log.warning("discord global commands stay beside other ones: they show twice", commands=sorted(found & ours))


def _essence(command: Mapping[str, Any]) -> dict[str, Any]:
    asked = command.get("default_member_permissions")
    kept = {
        "type": command.get("type", 1),
        "name": command["name"],
        "description": command.get("description") or "",
        "options": _options(command),
        # Sent as a number, told as text.
        "default_member_permissions": None if asked is None else str(asked),
        "nsfw": bool(command.get("nsfw")),
    }
    placed = {key: sorted(command[key]) for key in ("integration_types", "contexts") if command.get(key)}
    # A guild command comes back with the application's install types, which mean nothing there.
    return kept | ({} if command.get("guild_id") else placed)


def _options(command: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_option_essence(option) for option in command.get("options") or ()]


def _option_essence(option: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: option.get(key, _DEFAULTS.get(key)) for key in _OPTION_KEYS}
    return {key: value for key, value in found.items() if value is not None} | {"options": _options(option)}
