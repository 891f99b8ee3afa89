"""Keeping what was paid for: while a store is away, what is to be written is held in memory and tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import StoreUnavailable
from bot.jobs.house import House
from bot.jobs.steps.common import log

T = TypeVar("T")
LONGEST = 10.0
"""Most seconds between two tries."""


async def insist(house: House, write: Callable[[], Awaitable[T]]) -> T:
    """Try until the store takes it; a stop of the process cuts it. Whatever else `write` raises is passed on.

    For a provider's answer and its bytes: the provider sends them once, and addresses die, so that giving up here would
    lose what was paid. At most as many jobs wait here as may run.
    """
    tries = 0
    while True:
        try:
            result = await write()
        except StoreUnavailable as error:
            if not tries:
                log.error("store away, held in memory until it is back", error=str(error))
            await asyncio.sleep(min(house.backoff(tries), LONGEST))
            tries += 1
        else:
            if tries:
                log.info("store is back, written", tries=tries)
            return result
