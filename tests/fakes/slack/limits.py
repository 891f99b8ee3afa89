"""Rate limits by tier, and the troubles that a test orders."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

from tests.fakes.slack.contracts import per_minute
from tests.fakes.slack.errors import BrokenError, RefusedError
from tests.fakes.slack.model import Clock, Json

WINDOW = 60.0
BURST = 5
"""chat.postMessage: one a second for each channel; how many at once is tolerated is not documented."""
When = Literal["before", "after"]


@dataclass(slots=True)
class Trouble:
    """Something that happens to the next `times` calls. `when`: before or after the call has had its effect."""

    error: RefusedError | BrokenError
    times: int = 1
    when: When = "before"
    hang: bool = False

    async def strike(self, quit_: asyncio.Event) -> None:
        """Do it: raise what replaces the answer, or never answer until the server stops."""
        if self.hang:
            await quit_.wait()
        raise self.error


class Limits:
    """Counters (when `tiers` is on) and ordered troubles, by method."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.tiers = clock, False
        self.quit = asyncio.Event()
        self._seen: dict[str, deque[float]] = {}
        self._troubles: dict[str, deque[Trouble]] = {}

    def order(self, method: str, trouble: Trouble) -> None:
        """Let `trouble` happen to the next calls of `method` (or a path such as `upload`, `response`)."""
        self._troubles.setdefault(method, deque()).append(trouble)

    async def meet(self, method: str, when: When) -> None:
        """Raise the next ordered trouble of that moment, if there is one."""
        waiting = self._troubles.get(method)
        if not waiting or waiting[0].when != when:
            return
        trouble = waiting[0]
        trouble.times -= 1
        if trouble.times <= 0:
            waiting.popleft()
        await trouble.strike(self.quit)

    def count(self, method: str, args: Json) -> None:
        """Count a call against its tier. Raises RefusedError ratelimited (HTTP 429, Retry-After)."""
        if not self.tiers:
            return
        if method == "chat.postMessage":
            self._take(f"{method} {args.get('channel')}", BURST, float(BURST))
        elif (most := per_minute(method)) is not None:
            self._take(method, most, WINDOW)

    def _take(self, key: str, most: int, seconds: float) -> None:
        now, seen = self.clock(), self._seen.setdefault(key, deque())
        while seen and seen[0] <= now - seconds:
            seen.popleft()
        if len(seen) >= most:
            raise too_many(max(1, math.ceil(seen[0] + seconds - now)))
        seen.append(now)


def too_many(retry_after: int) -> RefusedError:
    """Slack's answer to a call over the limit."""
    return RefusedError("ratelimited", status=429, headers={"Retry-After": str(retry_after)})
