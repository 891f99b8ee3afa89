"""Blocks that share a commit: each is whole or nothing, and none ends before the disk has it."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreUnavailable
from storage.db import Database, sqlite_url
from storage.group import MOST
from storage.one_trip import driver_of
from tests.support.wait import eventually


class Watched(Database):
    """Counts commits; `broken`: the next one fails."""

    commits = 0

    def on_disk(self) -> list[int]:
        """As another process sees it."""
        with closing(sqlite3.connect(self.name)) as other:
            return [row[0] for row in other.execute("SELECT id FROM lines ORDER BY id")]

    async def watch(self, *, broken: bool = False) -> None:
        driver = driver_of(await self._writer._opened())
        finish = type(driver).finish

        async def counted() -> None:
            self.commits += 1
            if broken:
                await driver.take_back("ROLLBACK")
                raise sqlite3.OperationalError("disk I/O error")
            await finish(driver)

        driver.finish = counted  # type: ignore[method-assign]


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Watched]:
    db = Watched(sqlite_url(f"sqlite:///{tmp_path / 'a.db'}"), synchronous="OFF")
    async with db.write() as connection:
        await connection.execute(text("CREATE TABLE lines (id INTEGER PRIMARY KEY)"))
    await db.watch()
    yield db
    await db.close()


async def insert(connection: AsyncConnection, number: int) -> None:
    await connection.execute(text("INSERT INTO lines VALUES (:n)"), {"n": number})


async def line(db: Watched, number: int, *, fault: bool = False) -> None:
    async with db.write() as connection:
        await insert(connection, number)
        if fault:
            await insert(connection, number)


async def test_blocks_that_come_together_share_a_commit(db: Watched) -> None:
    await asyncio.gather(*(line(db, n) for n in range(MOST)))
    assert db.commits <= 2
    assert db.on_disk() == list(range(MOST))


async def test_no_commit_is_made_to_wait_for_ever(db: Watched) -> None:
    await asyncio.gather(*(line(db, n) for n in range(5 * MOST)))
    assert 5 <= db.commits <= 10


@pytest.mark.parametrize("faulty", [0, 1, 4, 9])
async def test_a_block_that_fails_takes_back_itself_alone(db: Watched, faulty: int) -> None:
    ends = await asyncio.gather(*(line(db, n, fault=n == faulty) for n in range(10)), return_exceptions=True)
    assert [type(end) for end in ends] == [IntegrityError if n == faulty else type(None) for n in range(10)]
    assert db.on_disk() == [n for n in range(10) if n != faulty]


async def test_nobody_is_told_before_the_disk_has_it(db: Watched) -> None:
    async def told(number: int) -> bool:
        await line(db, number)
        return number in db.on_disk()

    assert all(await asyncio.gather(*(told(n) for n in range(30))))


async def test_a_commit_that_fails_is_told_to_all_and_leaves_nothing(db: Watched) -> None:
    await db.watch(broken=True)
    ends = await asyncio.gather(*(line(db, n) for n in range(3)), return_exceptions=True)
    assert [type(end) for end in ends] == [StoreUnavailable] * 3
    await db.watch()
    await line(db, 7)
    assert db.on_disk() == [7]


async def test_what_sqlite_itself_ends_is_told_to_all(db: Watched) -> None:
    """A full disk may roll the whole transaction back: nobody of the group may believe that they have written."""

    async def ending() -> None:
        async with db.write() as connection:
            await connection.execute(text("INSERT OR ROLLBACK INTO lines VALUES (1)"))

    ends = await asyncio.gather(line(db, 1), line(db, 2), ending(), line(db, 3), return_exceptions=True)
    assert [type(end) for end in ends] == [StoreUnavailable, StoreUnavailable, IntegrityError, type(None)]
    assert db.on_disk() == [3]


async def test_a_follower_that_is_cancelled_leaves_nobody_waiting(db: Watched) -> None:
    held = asyncio.Event()

    async def waits() -> bool:
        return db._writer._waiting > 0

    async def first() -> None:
        async with db.write() as connection:
            await insert(connection, 1)
            held.set()
            await eventually(waits)
            follower.cancel()

    leading = asyncio.create_task(first())
    await held.wait()
    follower = asyncio.create_task(line(db, 2))
    await asyncio.wait_for(leading, 5)
    assert db.on_disk() == [1]


async def test_a_block_that_is_cancelled_takes_back_what_it_did(db: Watched) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with db.write() as connection:
            await insert(connection, 1)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await inside.wait()
    after = asyncio.create_task(line(db, 2))
    task.cancel()
    await after
    assert task.cancelled()
    assert db.on_disk() == [2]


async def test_a_block_that_is_cancelled_in_a_statement_harms_no_other(db: Watched) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def hold() -> int:
        entered.set()
        return go_on.wait(5)

    async def stuck() -> None:
        async with db.write() as connection:
            await driver_of(connection).create_function("hold", 0, hold)
            await insert(connection, 2)
            await connection.execute(text("SELECT hold()"))

    async with db.write() as connection:  # the first of the group; the second is in its statement when it is cancelled
        await insert(connection, 1)
        task = asyncio.create_task(stuck())
        third = asyncio.create_task(line(db, 3))
        await eventually(lambda: _true(db._writer._waiting > 1))
        cutting = asyncio.create_task(_cut(task, entered, go_on))
    await asyncio.wait_for(third, 5)
    await asyncio.wait({task})
    await cutting
    assert task.cancelled()
    await line(db, 4)
    assert db.on_disk() == [1, 3, 4]


async def test_a_connection_that_is_lost_is_told_to_all(db: Watched) -> None:
    async def first() -> None:
        async with db.write() as connection:
            await insert(connection, 1)
            await eventually(lambda: _true(db._writer._waiting > 0))

    async def second() -> None:
        async with db.write() as connection:
            await driver_of(connection).close()
            await insert(connection, 2)

    told = await asyncio.wait_for(asyncio.gather(first(), second(), return_exceptions=True), 5)
    assert [type(one) for one in told] == [StoreUnavailable, StoreUnavailable]
    await line(db, 3)
    assert db.on_disk() == [3]


async def _true(fact: bool) -> bool:
    return fact


async def _cut(task: asyncio.Task[None], entered: threading.Event, go_on: threading.Event) -> None:
    await asyncio.to_thread(entered.wait, 5)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()


async def test_a_block_without_statements_needs_no_commit(db: Watched) -> None:
    async with db.write():
        pass
    assert db.commits == 0
    await line(db, 1)
    assert db.on_disk() == [1]
