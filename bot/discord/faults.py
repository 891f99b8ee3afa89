"""Discord's and the line's errors -> ChatError. Codes: Discord's page "Opcodes and Status Codes"."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from json import JSONDecodeError

import aiohttp
import discord

from bot.discord.limits import CALL, Call, LimitedError, header_seconds
from bot.jobs.chat_port import ChatError, ChatFault

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
UNKNOWN_INTERACTION = 10062
TOO_LARGE = 40005
ALREADY_ACKNOWLEDGED = 40060
TOO_MANY_FOLLOWUPS = 40094
BAD_WEBHOOK_TOKEN = 50027
ARCHIVED_THREAD = 50083

_CODES = {
    UNKNOWN_CHANNEL: ChatFault.GONE,
    UNKNOWN_MESSAGE: ChatFault.GONE,
    TOO_LARGE: ChatFault.TOO_LARGE,
    ARCHIVED_THREAD: ChatFault.FORBIDDEN,
}
_STATUSES = {403: ChatFault.FORBIDDEN, 404: ChatFault.GONE, 413: ChatFault.TOO_LARGE}
_DEAD = frozenset({UNKNOWN_WEBHOOK, BAD_WEBHOOK_TOKEN, TOO_MANY_FOLLOWUPS})

MALFORMED = (ValueError, LookupError, TypeError, AttributeError)
"""What discord.py (2.7) runs into over an answer that is not Discord's: a proxy's empty 503, a network's login page."""


class TokenDeadError(ChatError):
    """The interaction's token takes nothing any more; the channel may. Not `wholly`: it takes no more follow-ups."""

    def __init__(self, text: str, *, wholly: bool = True) -> None:
        """It counts as no access where the channel is no way either."""
        super().__init__(ChatFault.FORBIDDEN, text)
        self.wholly = wholly


class RejectedError(ChatError):
    """Discord does not take this body (400). Kept attachments may be the reason."""

    def __init__(self, text: str) -> None:
        """Trying again later may help, trying at once does not."""
        super().__init__(ChatFault.BROKEN, text)


@asynccontextmanager
async def faults(seconds: float) -> AsyncIterator[None]:
    """Everything inside takes at most `seconds` and raises ChatError only."""
    call = Call(asyncio.get_running_loop().time() + seconds)
    outer = CALL.set(call)
    try:
        async with asyncio.timeout(seconds):
            yield
    except discord.RateLimited as error:
        raise ChatError(ChatFault.BUSY, "rate limited", error.retry_after) from error
    except LimitedError as error:
        raise ChatError(ChatFault.BUSY, str(error), error.left) from error
    except discord.HTTPException as error:
        raise read(error) from error
    except TimeoutError as error:
        if (left := call.left()) > 0:
            raise ChatError(ChatFault.BUSY, "rate limited", left) from error
        raise ChatError(ChatFault.BROKEN, f"no answer within {seconds:.0f} s") from error
    except (aiohttp.ClientError, OSError, RuntimeError, JSONDecodeError, UnicodeDecodeError) as error:
        # RuntimeError: aiohttp's "Session is closed" while the bot stops. The last two: no JSON, whatever it calls itself.
        raise ChatError(ChatFault.BROKEN, f"{type(error).__name__}: {error}") from error
    finally:
        CALL.reset(outer)


def read(error: discord.HTTPException) -> ChatError:
    """One answer of Discord's, by its code first and its HTTP status second."""
    text = f"{error.status} {error.code} {error.text}"
    if error.code in _DEAD or error.status == 401:
        return TokenDeadError(text, wholly=error.code != TOO_MANY_FOLLOWUPS)
    if error.status == 429:
        return ChatError(ChatFault.BUSY, text, retry_after(error))
    fault = _CODES.get(error.code) or _STATUSES.get(error.status)
    if fault is not None:
        return ChatError(fault, text)
    return RejectedError(text) if error.status < 500 else ChatError(ChatFault.BROKEN, text)


def retry_after(error: discord.HTTPException) -> float | None:
    """Seconds that Discord, or who stands before it, asks us to wait."""
    return header_seconds(getattr(error.response, "headers", {}))
