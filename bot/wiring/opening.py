"""The chats of a process at its start. One that is away or slow is waited for, and the others go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

import structlog

from bot.cut import cut
from bot.errors import ChatAway, StartError
from bot.jobs.place import Platform

log = structlog.get_logger()
PATIENCE_SECONDS = 5.0
"""So long the start waits for a chat that neither opens nor fails: a gateway may take a connection and say nothing."""
FIRST_SECONDS, MOST_SECONDS = 1.0, 60.0
"""Until the next try: twice as long each time, and never sooner than the chat asks for."""


class Opening:
    """Opens each chat by `opens`, which raises ChatAway where another try may help."""

    def __init__(self, opens: Callable[[Platform], Awaitable[None]]) -> None:
        """Tries nothing yet."""
        self._opens = opens
        self._late: list[asyncio.Future[None]] = []

    async def start(self, platforms: Iterable[Platform]) -> None:
        """Returns when each of them is open, away, or slow. Raises StartError of one that will not have us by then."""
        await asyncio.gather(*(self._first(platform) for platform in platforms))

    async def stop(self) -> None:
        """Try no more."""
        await cut(self._late)

    async def _first(self, platform: Platform) -> None:
        opening = asyncio.ensure_future(self._opens(platform))
        self._late.append(opening)  # a start that is cut leaves it to `stop`
        await asyncio.wait({opening}, timeout=PATIENCE_SECONDS)
        self._late.remove(opening)
        if not opening.done():
            log.info("chat is slow, the start goes on without it", chat=platform.value)
            self._later(platform, self._slow(platform, opening))
            return
        try:
            opening.result()
        except ChatAway as away:
            self._later(platform, self._again(platform, away))

    def _later(self, platform: Platform, work: Coroutine[Any, Any, None]) -> None:
        self._late.append(asyncio.create_task(work, name=f"opening {platform.value}"))

    async def _slow(self, platform: Platform, opening: Awaitable[None]) -> None:
        away = await self._settled(platform, opening)
        if away is not None:
            await self._again(platform, away)

    async def _again(self, platform: Platform, away: ChatAway) -> None:
        seconds = FIRST_SECONDS
        still: ChatAway | None = away
        while still is not None:
            pause = max(seconds, still.wait)
            log.warning("chat is away, it will be tried again", chat=platform.value, why=str(still), seconds=pause)
            await asyncio.sleep(pause)
            seconds = min(2 * seconds, MOST_SECONDS)
            still = await self._settled(platform, self._opens(platform))

    async def _settled(self, platform: Platform, opening: Awaitable[None]) -> ChatAway | None:
        """How it went, told in the log: nobody waits for this one. Gives what makes another try worth while."""
        try:
            await opening
        except ChatAway as away:
            return away
        except StartError as refused:
            log.critical("chat refuses the bot, it is not tried again", chat=platform.value, why=str(refused))
        except Exception:
            log.exception("chat could not be opened, it is not tried again", chat=platform.value)
        else:
            log.info("chat is there", chat=platform.value)
        return None
