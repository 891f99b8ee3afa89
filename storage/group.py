"""The one writer of a SQLite file. Blocks that come together share a commit: the disk is asked once for all of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.one_trip import Answer, OneTripConnection, driver_of

MOST = 20
"""Blocks in one commit: the first of them waits for the last."""
LEFT_ALONE = 0.05
"""Seconds after which a block whose followers were all cancelled commits itself."""
BEGIN, SAVEPOINT, BACK = "BEGIN IMMEDIATE", "SAVEPOINT block", "ROLLBACK TO block"


@dataclass(slots=True)
class _Group:
    """The blocks of one transaction; `written` comes true when it is on disk."""

    blocks: int = 0
    written: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, error: Exception) -> None:
        """All blocks hear of it; one that was cancelled need not."""
        self.written.set_exception(error)
        self.written.exception()


class GroupWriter:
    """Hands out one connection, inside a transaction, to one block at a time; a block ends when its transaction is on disk.

    A block that fails takes back what it did, and nothing of the others. A commit that fails is told to all of them.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """`engine` begins and ends nothing by itself (AUTOCOMMIT), and its connections are `OneTripConnection`s."""
        self._engine = engine
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._connection: AsyncConnection | None = None
        self._group: _Group | None = None

    @asynccontextmanager
    async def block(self) -> AsyncIterator[AsyncConnection]:
        """Raises what its statements raise, and sqlite3.Error where the commit fails."""
        await self._my_turn()
        try:
            connection = await self._opened()
            driver = driver_of(connection)
            group = self._group or _Group()
            async with self._inside(driver, group):
                yield connection
        finally:
            try:
                await self._commit_if_last()
            finally:
                self._turn.release()
        if group.blocks:
            await self._on_disk(group)

    async def one(self, run: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Answer:
        """A block of one statement. Where nobody else writes it is a transaction by itself: one trip for all of it."""
        if self._turn.locked() or self._waiting or self._group is not None:
            async with self.block() as connection:
                return await driver_of(connection).trip(run)
        async with self._turn:
            return await driver_of(await self._opened()).trip(run)

    async def close(self) -> None:
        """Nobody writes any more."""
        async with self._turn:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None
        await self._engine.dispose()

    async def _my_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1

    async def _opened(self) -> AsyncConnection:
        if self._connection is not None and not self._connection.invalidated and driver_of(self._connection).closed:
            await self._connection.invalidate()
        if self._connection is None or self._connection.invalidated:
            self._connection = await self._engine.connect()
            await self._connection.begin()  # for SQLAlchemy alone: Alembic, for one, ends what nobody has begun
        return self._connection

    @asynccontextmanager
    async def _inside(self, driver: OneTripConnection, group: _Group) -> AsyncIterator[None]:
        """The transaction, or its next part, begins with the block's first statement."""
        driver.begin(SAVEPOINT if group.blocks else BEGIN)
        try:
            yield
        except BaseException:
            await asyncio.shield(self._take_back(driver, group))
            raise
        if driver.drop_begin():
            return
        if not driver.in_transaction:
            raise self._ended(group)
        group.blocks += 1
        self._group = group

    async def _take_back(self, driver: OneTripConnection, group: _Group) -> None:
        """SQLite itself ends the whole transaction at some failures (a full disk), as does a connection that is lost.

        Then nothing of the others is left, and they hear of it.
        """
        if driver.drop_begin():
            return
        try:
            stands = await driver.take_back(BACK if group.blocks else "ROLLBACK")
        except sqlite3.Error:  # the block's own failure is raised
            stands = False
        if not stands and group.blocks:
            self._ended(group)

    def _ended(self, group: _Group) -> sqlite3.OperationalError:
        error = sqlite3.OperationalError("the transaction was ended by a failure in it")
        self._group = None
        group.fail(error)
        return error

    async def _commit_if_last(self) -> None:
        group = self._group
        if group is not None and (not self._waiting or group.blocks >= MOST):
            await asyncio.shield(self._commit(group))

    async def _commit(self, group: _Group) -> None:
        """In a task of its own, so that nobody's cancellation leaves the others in doubt."""
        self._group = None
        try:
            await driver_of(cast("AsyncConnection", self._connection)).finish()
        except Exception as error:  # noqa: BLE001  (handed to every block of the group)
            group.fail(error)
        else:
            group.written.set_result(None)

    async def _on_disk(self, group: _Group) -> None:
        while not group.written.done():
            await asyncio.wait({group.written}, timeout=LEFT_ALONE)
            if not group.written.done() and not self._waiting:
                async with self._turn:
                    if self._group is group:
                        await asyncio.shield(self._commit(group))
        group.written.result()
