"""What a server adds: connections that break, waits that end, and processes that start at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import literal, select, text

from bot.errors import StoreUnavailable
from bot.jobs.acceptance import Accepted
from storage import postgres as module
from storage.migrate import HEAD, upgrade
from storage.postgres import PostgresDatabase, postgres_url
from storage.prepared import Prepared
from storage.turns import Turn
from tests.support import postgres
from tests.support.databases import backend, stands_for
from tests.support.policy import CAPS, NOW, desk_on
from tests.support.rows import new_job


@asynccontextmanager
async def server(folder: Path, pool: int = 2) -> AsyncIterator[PostgresDatabase]:
    db = PostgresDatabase(postgres_url(stands_for(folder)), pool=pool)
    try:
        yield db
    finally:
        await db.close()


def cut(folder: Path) -> int:
    """The server ends every connection to the database, as a restart does; how many there were."""
    with psycopg.connect(stands_for(folder), autocommit=True) as connection:
        query = ("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = current_database() "
                 "AND application_name LIKE 'imagine-bot store %'")  # fmt: skip
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


async def test_connections_that_the_server_ended_are_replaced(tmp_path: Path) -> None:
    async with server(tmp_path) as db:
        for _ in range(2):
            async with db.read() as connection:
                await connection.execute(text("SELECT 1"))
            assert cut(tmp_path) == 1
        async with db.write() as connection:
            assert (await connection.execute(text("SELECT 2"))).scalar() == 2


async def test_questions_leave_a_connection_for_transactions(tmp_path: Path) -> None:
    """Kept open, they would hold a small pool for ever: leases are renewed through two connections."""
    async with server(tmp_path, pool=2) as db:
        await asyncio.gather(*(db.ask(Prepared(select(literal(1).label("one")))) for _ in range(10)))
        async with asyncio.timeout(5), db.write() as connection:
            assert (await connection.execute(text("SELECT 2"))).scalar() == 2


async def test_a_transaction_whose_connection_breaks_leaves_nothing_and_is_told(tmp_path: Path) -> None:
    async with server(tmp_path) as db:

        async def write(*more: str) -> None:
            async with db.write() as connection:
                await connection.execute(text("INSERT INTO aliases VALUES ('a', 'b')"))
                assert cut(tmp_path) == 1
                for one in more:
                    await connection.execute(text(one))

        for more in (["INSERT INTO aliases VALUES ('c', 'd')"], []):  # at a statement, and at the commit
            with pytest.raises(StoreUnavailable, match=r"terminat|closed"):
                await write(*more)
        async with db.read() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM aliases"))).scalar() == 0


async def test_the_same_where_the_statement_went_to_the_driver(tmp_path: Path) -> None:
    one = Prepared(select(literal(1).label("one")))
    async with server(tmp_path) as db:

        async def write() -> None:
            async with db.write() as connection:
                await one.run(connection)
                assert cut(tmp_path) == 1
                await one.run(connection)

        for _ in range(3):
            with pytest.raises(StoreUnavailable, match=r"terminat|closed|lost"):
                await write()
        async with db.write() as connection:
            assert (await one.run(connection)).scalar == 1


async def test_a_wait_that_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POOL_SECONDS", 0.05)
    monkeypatch.setattr(module, "LIMITS", {"lock_timeout": 50, "statement_timeout": 100})
    async with server(tmp_path, pool=2) as db, db.write() as connection:
        await connection.execute(text("LOCK TABLE aliases"))
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            async with db.write() as other:
                await other.execute(text("INSERT INTO aliases VALUES ('a', 'b')"))
        async with db.read() as other:
            with pytest.raises(StoreUnavailable, match="no connection was free"):
                async with db.read():
                    pass
            with pytest.raises(Exception, match="statement timeout"):
                await other.execute(text("SELECT pg_sleep(5)"))


async def test_who_is_cancelled_holds_nothing(tmp_path: Path) -> None:
    async with server(tmp_path, pool=1) as db:
        begun = asyncio.Event()

        async def slow() -> None:
            async with db.write(*Turn) as connection:
                await connection.execute(text("INSERT INTO aliases VALUES ('a', 'b')"))
                begun.set()
                await connection.execute(text("SELECT pg_sleep(20)"))

        task = asyncio.create_task(slow())
        await begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with db.write(*Turn) as connection:
            assert (await connection.execute(text("SELECT count(*) FROM aliases"))).scalar() == 0


async def test_processes_that_start_at_once_make_the_tables_once() -> None:
    url = postgres_url(postgres.create("started_at_once"))
    many = [PostgresDatabase(url) for _ in range(4)]
    assert sorted(await asyncio.gather(*(upgrade(db) for db in many)), key=str) == [HEAD] * 3 + [None]
    for db in many:
        await db.close()


async def test_a_name_longer_than_thought_is_no_failure(tmp_path: Path) -> None:
    with backend("postgres"):
        async with desk_on(tmp_path) as desk:
            decided = await desk.store.accept(new_job(at=NOW), "k" * 5000 + "\0", CAPS, NOW)
            assert isinstance(decided, Accepted)
            found = await desk.store.by_key("k" * 5000)
            assert found is not None
            await desk.set(found.id, cost=3_000_000_000)
            assert (await desk.row(found.id)).cost == 3_000_000_000


def test_the_password_is_no_part_of_the_name() -> None:
    db = PostgresDatabase(postgres_url("postgresql://me:geheim@db:5433/bot"))
    assert db.name == "postgresql://me:***@db:5433/bot"
