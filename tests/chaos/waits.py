"""Waiting for what other processes do: they cannot tell us, so they are asked again and again until a time is up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

MOMENT_SECONDS = 60.0


async def comes_true(question: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Whether it did in time."""
    until = time.monotonic() + seconds
    while True:
        if await question():
            return True
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(0.05)


async def moment(question: Callable[[], Awaitable[bool]]) -> None:
    """For what a run cannot do without; raises TimeoutError."""
    if not await comes_true(question, MOMENT_SECONDS):
        raise TimeoutError(f"never true: {question}")
