"""The stores that `jobs` works on, opened beside a running bot and without its lock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.errors import StartError
from bot.settings import Settings
from bot.texts import cli as texts
from bot.wiring import open_database
from storage.books import Books
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.migrate import upgrade


@dataclass(frozen=True, slots=True)
class Desk:
    """Jobs and both books."""

    db: Database
    store: SqlJobStore
    books: Books


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Raises StartError where there is no database yet, or none that can be written."""
    db = open_database(settings)
    if not db.path.exists():
        raise StartError(texts.no_database(str(db.path)))
    try:
        await upgrade(db)
        yield Desk(db, SqlJobStore(db), Books(db))
    finally:
        await db.close()
