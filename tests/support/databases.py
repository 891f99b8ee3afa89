"""Which database a test works on: a SQLite file in its folder, or a database of the run's Postgres that stands for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from storage.db import Database, sqlite_url
from storage.migrate import _create
from storage.postgres import PostgresDatabase, postgres_url
from storage.schema import SCHEMA
from tests.support import postgres
from tests.support.template import prepared

SLOTS = 3
"""Databases that a process keeps: as many folders may be open at a time in one test."""
_chosen = [os.environ.get("IMAGINE_TESTS_ON", "sqlite")]
_slots: dict[Path, int] = {}


@contextmanager
def backend(name: str) -> Iterator[None]:
    """Until its end `opened` opens databases of that kind; the fixture `backend` calls it."""
    _chosen.append(name)
    try:
        yield
    finally:
        _chosen.pop()


async def opened(folder: Path) -> Database:
    """With the newest tables. The same folder again in one test is the same database: a restart."""
    if _chosen[-1] == "sqlite":
        db = Database(sqlite_url(f"sqlite:///{folder / 'bot.db'}"), synchronous="OFF")
        await prepared(db)
        return db
    return PostgresDatabase(postgres_url(stands_for(folder)))


def stands_for(folder: Path) -> str:
    """The address of the Postgres database that a folder means; empty at its first use."""
    fresh = folder not in _slots
    kept = _kept(_slots.setdefault(folder, len(_slots) % SLOTS))
    if fresh:
        kept.empty()
    return kept.address


class Kept:
    """A database that is emptied for each test: that takes 1 ms, a copy of a template 40 to 110, TRUNCATE 35."""

    def __init__(self, name: str) -> None:
        self.address = postgres.create(name)
        engine = create_engine(postgres_url(self.address))
        with engine.begin() as connection:
            _create(connection)
        engine.dispose()
        self._connection = psycopg.connect(self.address, autocommit=True, options="-c lock_timeout=10000")
        found = self._connection.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        empty = [
            f"DELETE FROM {table.name}"  # noqa: S608 - our own names
            for table in reversed(SCHEMA.sorted_tables)
        ]
        self._statement = ";".join([*empty, *(f"SELECT setval('{sequence}', 1, false)" for (sequence,) in found)]).encode()

    def empty(self) -> None:
        """As if it was new."""
        self._connection.execute(self._statement)


@cache
def _kept(place: int) -> Kept:
    """One for each folder that a test uses."""
    return Kept(f"w{os.getpid()}_{place}")
