"""The chats of a process at its start. One that is away is waited for, and the others go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from bot.cut import cut
from bot.errors import ChatAway, StartError
from bot.jobs.place import Platform

log = structlog.get_logger()
FIRST_SECONDS, MOST_SECONDS = 1.0, 60.0
"""Until the next try: twice as long each time."""


class Opening:
    """Opens each chat by `opens`, which raises ChatAway where another try may help."""

    def __init__(self, opens: Callable[[Platform], Awaitable[None]]) -> None:
        """Tries nothing yet."""
        self._opens = opens
        self._late: list[asyncio.Task[None]] = []

    async def start(self, platforms: Iterable[Platform]) -> None:
        """Returns when each of them is open, or away. Raises StartError of one that will not have us."""
        await asyncio.gather(*(self._first(platform) for platform in platforms))

    async def stop(self) -> None:
        """Try no more."""
        await cut(self._late)

    async def _first(self, platform: Platform) -> None:
        try:
            await self._opens(platform)
        except ChatAway as away:
            self._late.append(asyncio.create_task(self._again(platform, away), name=f"opening {platform.value}"))

    async def _again(self, platform: Platform, away: ChatAway) -> None:
        seconds = FIRST_SECONDS
        while True:
            log.warning("chat is away, it will be tried again", chat=platform.value, why=str(away), seconds=seconds)
            await asyncio.sleep(seconds)
            seconds = min(2 * seconds, MOST_SECONDS)
            try:
                await self._opens(platform)
            except ChatAway as still:
                away = still
            except StartError as refused:
                log.critical("chat refuses the bot, it is not tried again", chat=platform.value, why=str(refused))
                return
            else:
                log.info("chat is there", chat=platform.value)
                return
