"""Somebody waits for an answer, and Slack is busy: it is asked again when it says so. Only behind the acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.jobs.chat_port import ChatError, ChatFault
from bot.slack.faults import SECONDS

T = TypeVar("T")
log = structlog.get_logger(__name__)
LONGEST = 30.0
"""Most seconds between two tries: who waits longer has gone."""
AGAIN = 3
"""Tries after the first."""


async def patient(call: Callable[[], Awaitable[T]]) -> T:
    """Make the call; while Slack says 429 make it again, some times. Raises ChatError."""
    for _ in range(AGAIN):
        try:
            return await call()
        except ChatError as error:
            if error.fault is not ChatFault.BUSY:
                raise
            wait = min(LONGEST, SECONDS if error.retry_after is None else error.retry_after)
        log.info("slack_busy", seconds=wait)
        await asyncio.sleep(wait)
    return await call()
