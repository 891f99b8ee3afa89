"""Calls that are made once more because the line broke under them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import structlog

T = TypeVar("T")
log = structlog.get_logger()
LINE = (aiohttp.ClientError, OSError)
"""What a broken line raises: nobody knows whether the call has arrived."""


async def again(call: Callable[[], Awaitable[T]]) -> T:
    """What `call` gives, at its second try if need be. It may arrive twice: Discord takes one first answer (40060).

    aiohttp (3.14) repeats no POST and no PATCH, not even where the other side has closed a kept connection just before.
    discord.py (2.7) repeats after some errors of the system, and aiohttp's ServerDisconnectedError is none of them.
    """
    try:
        return await call()
    except LINE as error:
        log.warning("discord line broke, calling again", why=str(error) or type(error).__name__)
    return await call()
