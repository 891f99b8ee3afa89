"""Looks after the providers in the background, so that the operator hears of an empty account before the people do."""

from __future__ import annotations

import asyncio
from enum import StrEnum

import structlog

from bot.cut import cut
from bot.jobs.ports import Providers
from bot.jobs.troubles import Troubles
from bot.texts import troubles as texts
from providers.base import Health, Provider
from providers.errors import ProviderError

log = structlog.get_logger()
FIRST_SECONDS = 300.0
EVERY_SECONDS = 3600.0


class Found(StrEnum):
    """How a provider was at the last look."""

    WELL = "well"
    LOW = "low"
    WRONG = "wrong"


class Watchman:
    """Asks each provider's `check` now and then and tells what has changed. Offline ones have nothing to be asked for."""

    def __init__(
        self, providers: Providers, troubles: Troubles, *, first: float = FIRST_SECONDS, every: float = EVERY_SECONDS
    ) -> None:
        """Seconds until the first look, and between two; a start asks nobody."""
        self._providers = providers
        self._troubles = troubles
        self._first, self._every = first, every
        self._last: dict[str, Found] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wait for the first look."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Returns when no question is under way any more."""
        if self._task is not None:
            await cut([self._task])
            self._task = None

    async def _watch(self) -> None:
        await asyncio.sleep(self._first)
        while True:
            await self.look()
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """Ask all of them at once. An adapter whose `check` breaks our rules is logged and hinders no other."""
        asked = [provider for provider in self._providers.all() if not provider.capabilities.offline]
        for provider, health in zip(asked, await asyncio.gather(*map(_ask, asked), return_exceptions=True), strict=True):
            if isinstance(health, BaseException):
                log.error("check failed", provider=provider.capabilities.name, exc_info=health)
            else:
                self._note(provider, health)

    def _note(self, provider: Provider, health: Health) -> None:
        """Say what differs from the last look; before the first one all is taken to be well."""
        can = provider.capabilities
        found = Found.WRONG if not health.ok else Found.LOW if health.low else Found.WELL
        if found is not self._last.get(can.name, Found.WELL):
            log.warning("provider's health changed", provider=can.name, found=found.value, sentence=health.sentence)
            self._troubles.notify(can.label, health.sentence)
        self._last[can.name] = found


async def _ask(provider: Provider) -> Health:
    try:
        return await provider.check()
    except ProviderError as error:
        return Health(ok=False, sentence=f"{texts.SILENT}: {error.text}.")
