"""Stores that fail for a while, as real ones do, and come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import inf

from bot.errors import PicturesUnavailable
from storage.db import Database
from storage.one_trip import driver_of
from tests.fakes.pictures import MemoryPictures


class AwayPictures(MemoryPictures):
    """A picture store that answers nothing while `away`; `tried` is set when somebody has asked it then."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.tried = asyncio.Event()

    def _there(self) -> None:
        if self.away:
            self.tried.set()
            raise PicturesUnavailable("The picture folder did not answer: as told by the test")

    async def put(self, key: str, data: bytes, mime: str) -> None:
        self._there()
        await super().put(key, data, mime)

    async def get(self, key: str) -> bytes:
        self._there()
        return await super().get(key)

    async def has(self, key: str) -> bool:
        self._there()
        return await super().has(key)

    async def delete(self, keys: Sequence[str]) -> None:
        self._there()
        await super().delete(keys)

    async def keys(self, folder: str, *, after: float = -inf, before: float = inf) -> AsyncIterator[Sequence[str]]:
        self._there()
        async for some in super().keys(folder, after=after, before=before):
            yield some


READ_ONLY = ("PRAGMA query_only=1", "PRAGMA query_only=0")
"""SQLite says "attempt to write a readonly database"."""
FULL = ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1073741823")
"""SQLite takes the present size for the least, and says "database or disk is full"."""


@asynccontextmanager
async def failing(db: Database, fault: tuple[str, str]) -> AsyncIterator[None]:
    """The writer's connection has this fault inside the block."""
    await _pragma(db, fault[0])
    try:
        yield
    finally:
        await _pragma(db, fault[1])


async def _pragma(db: Database, text: str) -> None:
    """Below SQLAlchemy, whose transaction would fail already."""
    writer = db._writer
    async with writer._turn:
        await driver_of(await writer._opened()).trip(lambda made: made.execute(text))
