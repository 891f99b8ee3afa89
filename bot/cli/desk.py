"""The stores that commands work on, opened beside a running bot and without its lock."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.errors import StartError
from bot.secret import kept_secret
from bot.settings import Settings
from bot.texts import cli as texts
from bot.wiring import open_database
from storage.books import Books
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.migrate import upgrade
from storage.policy.store import SqlPolicy


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
    if not db.there:
        raise StartError(texts.no_database(db.name))
    try:
        await upgrade(db)
        yield Desk(db, SqlJobStore(db), Books(db))
    finally:
        await db.close()


def open_policy(settings: Settings, desk: Desk) -> SqlPolicy:
    """The moderators' half; with the bot's secret, since erased users stand there under a key made with it."""
    given = settings.imagine_secret
    secret = given.get_secret_value() if given else kept_secret(settings.imagine_data_dir)
    return SqlPolicy(desk.db, time.time, secret)
