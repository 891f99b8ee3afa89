"""An Imaging that tells a Meter how long each work took."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from bot.jobs.meter import Meter
from bot.jobs.ports import Composed, Imaging, Series
from providers.limits import Limits

T = TypeVar("T")


class MeteredImaging:
    """Implements the core's `Imaging` around another."""

    def __init__(self, imaging: Imaging, meter: Meter) -> None:
        """`imaging` does the work."""
        self._imaging = imaging
        self._meter = meter

    async def check(self, data: bytes) -> Composed:
        """As the port says."""
        return await self._timed("check", self._imaging.check(data))

    async def sheet(self, tiles: Sequence[bytes], limit: int) -> tuple[Sequence[Composed], Composed]:
        """As the port says."""
        return await self._timed("grid", self._imaging.sheet(tiles, limit))

    async def grid(self, tiles: Sequence[bytes], limit: int) -> Composed:
        """As the port says."""
        return await self._timed("grid", self._imaging.grid(tiles, limit))

    async def fit(self, data: bytes, limit: int, formats: frozenset[str]) -> Composed:
        """As the port says."""
        return await self._timed("fit", self._imaging.fit(data, limit, formats))

    async def bound(self, data: bytes, limits: Limits) -> Composed:
        """As the port says."""
        return await self._timed("bound", self._imaging.bound(data, limits))

    async def chart(self, series: Sequence[Series]) -> Composed:
        """As the port says."""
        return await self._timed("chart", self._imaging.chart(series))

    async def _timed(self, work: str, doing: Awaitable[T]) -> T:
        began = time.monotonic()
        try:
            return await doing
        finally:
            self._meter.imaged(work, time.monotonic() - began)
