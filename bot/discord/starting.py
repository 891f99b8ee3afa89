"""What a failure of the start means: Discord is away and may be tried again, or it will not have the bot."""

from __future__ import annotations

import aiohttp
import discord

from bot.discord.faults import MALFORMED, retry_after
from bot.errors import ChatAway, StartError
from bot.texts import discord as texts

FINAL = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Close codes after which no reconnect is taken (Discord's page "Gateway Close Event Codes")."""
AT_LOGIN = (discord.DiscordException, aiohttp.ClientError, OSError, *MALFORMED)
"""Whatever a login over HTTP may end with."""


def login_error(error: Exception, url: str) -> StartError:
    """One of AT_LOGIN. Only Discord's own word is final: what nobody can read came from somebody else."""
    if isinstance(error, discord.LoginFailure):
        return StartError(texts.KEY_REFUSED)
    if isinstance(error, discord.HTTPException):
        return _refusal(error)
    if isinstance(error, discord.RateLimited):  # longer than the library waits; no HTTPException
        return ChatAway(texts.refused(str(error)), error.retry_after)
    why = str(error) or type(error).__name__
    if isinstance(error, MALFORMED) and not isinstance(error, aiohttp.ClientError | OSError):
        return ChatAway(texts.malformed(url, why))
    return ChatAway(texts.unreachable(url, why))


def _refusal(error: discord.HTTPException) -> StartError:
    """429 without `Via` is of who stands before Discord: it bans addresses for a while."""
    sentence = texts.refused(f"{error.status} {error.text}".strip())
    if error.status == 429:
        return ChatAway(sentence, retry_after(error) or 0.0)
    return ChatAway(sentence) if error.status >= 500 else StartError(sentence)


def gateway_error(error: BaseException | None) -> StartError:
    """Why the gateway's task ended."""
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return StartError(texts.INTENTS_REFUSED)
    if isinstance(error, discord.LoginFailure):
        return StartError(texts.KEY_REFUSED)
    if not isinstance(error, discord.ConnectionClosed):
        return ChatAway(texts.refused(str(error) or type(error).__name__))
    if error.code not in FINAL:
        return ChatAway(texts.gateway_closed(error.code))
    known = {4004: texts.KEY_REFUSED, 4010: texts.SHARDS_REFUSED, 4011: texts.SHARDS_REFUSED, 4013: texts.INTENTS_REFUSED}
    return StartError(known.get(error.code, texts.gateway_closed(error.code)))


def final(error: Exception) -> bool:
    """Whether trying again cannot help: a wrong token, shards or intents that Discord does not allow."""
    closed = isinstance(error, discord.ConnectionClosed) and error.code in FINAL
    return closed or isinstance(error, discord.PrivilegedIntentsRequired | discord.LoginFailure)
