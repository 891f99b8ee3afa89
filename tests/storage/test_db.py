"""What the database says of failures."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.errors import StoreUnavailable
from storage.db import Database, sqlite_url
from storage.one_trip import connect
from storage.turns import Turn
from tests.support.databases import opened


async def test_a_line_that_a_table_refuses_is_no_store_that_is_away(tmp_path: Path) -> None:
    """Or a writer that insists would try it for ever."""
    db = Database(sqlite_url(f"sqlite:///{tmp_path / 'a.db'}"))
    async with db.write() as connection:
        await connection.execute(text("CREATE TABLE lines (id INTEGER PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO lines VALUES (1)"))
    with pytest.raises(IntegrityError):
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO lines VALUES (1)"))
    with pytest.raises(StoreUnavailable, match="no such table"):
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO others VALUES (1)"))
    await db.close()


async def test_a_snapshot_is_of_one_moment_and_a_reading_is_not(tmp_path: Path, backend: str) -> None:
    count = text("SELECT count(*) FROM aliases")
    db = await opened(tmp_path)
    async with db.snapshot() as old, db.read() as new:
        assert (await old.execute(count)).scalar() == (await new.execute(count)).scalar() == 0
        async with db.write(Turn.DESK) as connection:
            await connection.execute(text("INSERT INTO aliases VALUES ('a', 'b')"))
        assert ((await old.execute(count)).scalar(), (await new.execute(count)).scalar()) == (0, 1)
    await db.close()


async def test_what_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    """It would answer a loop that is closed by then, with a traceback on standard error."""
    before = set(threading.enumerate())
    for _ in range(20):
        with pytest.raises(sqlite3.OperationalError):
            await connect(tmp_path)
        left = [one for one in set(threading.enumerate()) - before if "asyncio" not in one.name]
        assert left == []


@pytest.mark.parametrize("content", [b"x" * 9000, b""])
async def test_no_thread_outlives_the_database(tmp_path: Path, content: bytes) -> None:
    """SQLAlchemy forgets a connection over whose beginning something failed: its thread would abort the process's end."""
    (tmp_path / "a.db").write_bytes(content)
    before = set(threading.enumerate())
    db = Database(sqlite_url(f"sqlite:///{tmp_path / 'a.db'}"))
    for _ in range(3):
        with suppress(StoreUnavailable):
            async with db.read() as connection:
                await connection.execute(text("SELECT 1"))
        with suppress(StoreUnavailable):
            async with db.write() as connection:
                await connection.execute(text("SELECT 1"))
    await db.close()
    assert not [one for one in set(threading.enumerate()) - before if not one.name.startswith("asyncio")]
