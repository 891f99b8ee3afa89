"""Tasks are cut until they have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_SECONDS = 3.0
"""A task may have to put things in order; one that has not ended by then has lost its cancellation.

Libraries do that: a database driver, for one, that is cancelled while it asks may raise an error of its own in its place,
which a loop that never gives up takes for an outage. Such a loop would go on for ever, and the stop would wait for it.
"""


async def cut(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel them all, again and again, until they have ended; what they raise is nobody's business."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
