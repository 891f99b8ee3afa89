"""A Core that tells a Meter how long each use case took to answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Any, cast

from bot.jobs.asks import Answer, Ask, Command, Imagine, Press, Submission
from bot.jobs.core import Core
from bot.jobs.meter import Meter


class MeteredCore:
    """What is no question of a person goes through untouched."""

    def __init__(self, core: Core, meter: Meter) -> None:
        """`core` answers."""
        self._core = core
        self._meter = meter

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the core has under that name)
        """The core's own."""
        return getattr(self._core, name)

    async def imagine(self, asked: Imagine) -> Answer:
        """`/imagine`."""
        return await self._timed(asked.ask, self._core.imagine(asked))

    async def command(self, asked: Command) -> Answer:
        """Another command."""
        return await self._timed(asked.ask, self._core.command(asked))

    async def press(self, asked: Press) -> Answer:
        """A button or a menu."""
        return await self._timed(asked.ask, self._core.press(asked))

    async def submit(self, asked: Submission) -> Answer:
        """A Form."""
        return await self._timed(asked.ask, self._core.submit(asked))

    async def _timed(self, ask: Ask, work: Awaitable[Answer]) -> Answer:
        began = time.monotonic()
        answer = await work
        self._meter.answered(ask.actor.platform, time.monotonic() - began)
        return answer


def metered_core(core: Core, meter: Meter) -> Core:
    """As the port."""
    return cast("Core", MeteredCore(core, meter))
