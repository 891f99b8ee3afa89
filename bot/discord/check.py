"""Does Discord accept the token, and may the bot speak where it is? Two or three GETs, nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp

from bot.discord.config import DiscordConfig
from bot.discord.invite import lacking
from bot.texts import discord as start_texts
from bot.texts import discord_check as texts
from providers.base import Health

SECONDS = 15.0
MOST_GUILDS = 200
"""One page of GET /users/@me/guilds; bigger bots are checked by their first page."""
APPLICATION, GUILDS = "/oauth2/applications/@me", f"/users/@me/guilds?limit={MOST_GUILDS}"
T = TypeVar("T")


class Unanswered(Exception):
    """Discord did not say what was asked; `str()` is the sentence for the operator."""


async def check(config: DiscordConfig) -> list[Health]:
    """One line for the token, one for the servers, one for each server that lacks something."""
    timeout, headers = aiohttp.ClientTimeout(SECONDS), {"Authorization": f"Bot {config.token}"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        try:
            name = await _get(session, config, "/users/@me", lambda me: str(me["username"]))
            application = await _get(session, config, APPLICATION, _id)
            found = Health(ok=True, sentence=texts.known(name, application))
            return [found, *await _get(session, config, GUILDS, lambda guilds: _guilds(guilds, config))]
        except Unanswered as error:
            return [Health(ok=False, sentence=str(error))]


async def application_id(config: DiscordConfig) -> str:
    """Asked from Discord. Raises Unanswered."""
    timeout, headers = aiohttp.ClientTimeout(SECONDS), {"Authorization": f"Bot {config.token}"}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        return await _get(session, config, APPLICATION, _id)


def _id(application: Mapping[str, Any]) -> str:
    return str(application["id"])


def _guilds(guilds: list[dict[str, Any]], config: DiscordConfig) -> list[Health]:
    if not isinstance(guilds, list):
        raise TypeError("no list")
    if not guilds:
        return [Health(ok=not config.guild_ids, sentence=texts.NO_SERVER)]
    short = {str(guild["name"]): lacking(int(guild["permissions"])) for guild in guilds}
    bad = [Health(ok=False, sentence=texts.lacks(name, missing)) for name, missing in short.items() if missing]
    here = {int(guild["id"]) for guild in guilds}
    away = () if len(guilds) >= MOST_GUILDS else (one for one in config.guild_ids if one not in here)
    bad += [Health(ok=False, sentence=texts.not_member(one)) for one in away]
    return bad or [Health(ok=True, sentence=texts.servers(len(guilds)))]


async def _get(session: aiohttp.ClientSession, config: DiscordConfig, path: str, read: Callable[[Any], T]) -> T:
    """What `read` finds in the JSON of a 200. Raises Unanswered, also where it finds nothing there."""
    plain = path.partition("?")[0]
    try:
        async with session.get(f"{config.api_url.rstrip('/')}{path}") as response:
            if response.status == HTTPStatus.UNAUTHORIZED:
                raise Unanswered(start_texts.KEY_REFUSED)
            if not response.ok:
                raise Unanswered(texts.odd(plain, response.status))
            body = await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unanswered(start_texts.unreachable(config.api_url, str(error) or type(error).__name__)) from error
    try:
        return read(json.loads(body))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unanswered(texts.unread(plain)) from error
