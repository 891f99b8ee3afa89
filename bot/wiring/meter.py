"""The figures, where IMAGINE_METRICS_TOKEN asks for them: without it nothing is wrapped and nothing is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import structlog
from fastapi import APIRouter

from bot.errors import StoreUnavailable
from bot.jobs.chat_port import Chat
from bot.jobs.core import Core
from bot.jobs.meter import Meter
from bot.jobs.place import Platform
from bot.jobs.ports import Clock, Imaging
from bot.jobs.store import JobStore
from bot.metrics.chat import MeteredChat
from bot.metrics.core import metered_core
from bot.metrics.imaging import MeteredImaging
from bot.metrics.lag import watch_lag
from bot.metrics.rows import Figures
from bot.metrics.store import MeteredStore
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.webhooks import Webhook
from bot.wiring.loop import Loop
from storage.db import Database
from storage.figures import RowFigures

if TYPE_CHECKING:
    from bot.metrics.prometheus import PrometheusMeter

log = structlog.get_logger()


class Metering:
    """Wraps ports where somebody counts, and hands them back as they are where nobody does."""

    def __init__(self, settings: Settings, db: Database, clock: Clock, engine_lag: Callable[[], float]) -> None:
        """`engine_lag` is asked at each scrape."""
        self._meter: PrometheusMeter | None = None
        self._rows, self._clock = RowFigures(db), clock
        self.routers: Sequence[APIRouter] = ()
        self.beside: Sequence[Loop] = ()
        if settings.imagine_metrics_token is not None:
            from bot.metrics.prometheus import PrometheusMeter  # noqa: PLC0415  (only where it is used)

            self._meter = meter = PrometheusMeter(engine_lag)
            self.routers = (Metrics(self._scrape, settings.imagine_metrics_token.get_secret_value()).router,)
            self.beside = (Loop(self._read_first), Loop(lambda: watch_lag(meter.late)))

    @property
    def meter(self) -> Meter | None:
        """For parts that tell it themselves."""
        return self._meter

    def expect(self, platforms: Iterable[Platform], providers: Iterable[str]) -> None:
        """What there will be figures of."""
        if self._meter is not None:
            self._meter.expect(platforms, providers)

    def store(self, store: JobStore) -> JobStore:
        """Of the core."""
        return cast("JobStore", MeteredStore(store, self._meter)) if self._meter else store

    def chats(self, chats: Mapping[Platform, Chat]) -> Mapping[Platform, Chat]:
        """The ways out."""
        meter = self._meter
        return {platform: MeteredChat(platform, chat, meter) for platform, chat in chats.items()} if meter else chats

    def imaging(self, imaging: Imaging) -> Imaging:
        """Pixels."""
        return MeteredImaging(imaging, self._meter) if self._meter else imaging

    def core(self, core: Core) -> Core:
        """What front ends call."""
        return metered_core(core, self._meter) if self._meter else core

    def replied(self, provider: str, status: int) -> None:
        """An HTTP reply of a provider."""
        if self._meter is not None:
            self._meter.replied("provider", provider, status)

    def webhook(self, webhook: Webhook) -> Webhook:
        """By the status that we answered. Anybody may name any provider: only one that we know becomes a label."""
        meter = self._meter
        if meter is None:
            return webhook

        async def counted(provider: str, call_id: str, token: str, headers: Mapping[str, str], body: bytes) -> int:
            status = await webhook(provider, call_id, token, headers, body)
            meter.hooked("unknown" if status == 404 else provider, status)
            return status

        return counted

    async def _read_first(self) -> None:
        """What is booked from now on counts, whenever the first scrape comes."""
        await self._read()

    async def _scrape(self) -> bytes:
        assert self._meter is not None  # noqa: S101  (no route without it)
        return self._meter.scraped(await self._read())

    async def _read(self) -> Figures | None:
        try:
            return await self._rows.figures(self._clock())
        except StoreUnavailable as error:
            log.warning("figures without the database", error=str(error))
            return None
