"""How late the event loop is: whatever blocks it makes everybody wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

EVERY_SECONDS = 1.0


async def watch_lag(tell: Callable[[float], None], every: float = EVERY_SECONDS) -> None:
    """For ever: tell by how many seconds a sleep came back too late."""
    loop = asyncio.get_running_loop()
    while True:
        wanted = loop.time() + every
        await asyncio.sleep(every)
        tell(max(0.0, loop.time() - wanted))
