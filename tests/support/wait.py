"""Waiting for something that another task or process brings about."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(ask: Callable[[], Awaitable[T]], within: float = 10.0, pause: float = 0.01) -> T:
    """Ask again and again until the answer is true; returns it. Raises TimeoutError."""
    async with asyncio.timeout(within):
        for _ in iter(int, 1):
            if answer := await ask():
                return answer
            await asyncio.sleep(pause)
    raise AssertionError("unreachable")
