"""The `Imaging` port of the core, on Pillow in a pool."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import cast

from bot.imaging.pool import PixelPool
from bot.jobs.ports import Composed, Series
from providers.limits import Limits


class PillowImaging:
    """Checks, grids and fits pictures. Pillow is imported by the first call, in the pool: at idle it costs nothing."""

    def __init__(self, pool: PixelPool) -> None:
        """`pool` belongs to the caller, who closes it."""
        self._pool = pool

    async def check(self, data: bytes) -> Composed:
        """Safe to decode, whole, PNG, JPEG or WebP; bytes stay as they are. Raises BadPicture."""
        return await self._pool.run(_check, data)

    async def sheet(self, tiles: Sequence[bytes], limit: int) -> tuple[Sequence[Composed], Composed]:
        """Each checked, and their grid; each is decoded once. Raises BadPicture if one of them cannot be used."""
        return await self._pool.run(_sheet, tuple(tiles), limit)

    async def grid(self, tiles: Sequence[bytes], limit: int) -> Composed:
        """One to four tiles as one JPEG of at most `limit` bytes. Raises BadPicture."""
        return await self._pool.run(_grid, tuple(tiles), limit)

    async def fit(self, data: bytes, limit: int, formats: frozenset[str]) -> Composed:
        """Under `limit` bytes in one of `formats`; unchanged if it is that already. Raises BadPicture."""
        return await self._pool.run(_fit, data, limit, formats)

    async def bound(self, data: bytes, limits: Limits) -> Composed:
        """Within what a vendor takes; unchanged if it is that already. Raises BadPicture."""
        return await self._pool.run(_bound, data, limits)

    async def chart(self, series: Sequence[Series]) -> Composed:
        """Bars as a PNG, one panel a series."""
        return await self._pool.run(_chart, tuple(series))


def _check(data: bytes) -> Composed:
    function = cast("Callable[[bytes], Composed]", importlib.import_module("bot.imaging.guard").check)
    return function(data)


def _grid(tiles: Sequence[bytes], limit: int) -> Composed:
    function = cast("Callable[[Sequence[bytes], int], Composed]", importlib.import_module("bot.imaging.grid").grid)
    return function(tiles, limit)


def _sheet(tiles: Sequence[bytes], limit: int) -> tuple[Sequence[Composed], Composed]:
    module = importlib.import_module("bot.imaging.grid")
    function = cast("Callable[[Sequence[bytes], int], tuple[Sequence[Composed], Composed]]", module.sheet)
    return function(tiles, limit)


def _fit(data: bytes, limit: int, formats: frozenset[str]) -> Composed:
    function = cast("Callable[[bytes, int, frozenset[str]], Composed]", importlib.import_module("bot.imaging.fit").fit)
    return function(data, limit, formats)


def _bound(data: bytes, limits: Limits) -> Composed:
    function = cast("Callable[[bytes, Limits], Composed]", importlib.import_module("bot.imaging.bound").bound)
    return function(data, limits)


def _chart(series: Sequence[Series]) -> Composed:
    function = cast("Callable[[Sequence[Series]], Composed]", importlib.import_module("bot.imaging.chart").chart)
    return function(series)
