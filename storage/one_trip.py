"""An aiosqlite connection that goes to SQLite's thread once for each statement, and not at all for BEGIN.

SQLAlchemy's adapter asks a cursor to open, execute, fetch and close, and aiosqlite carries each to its thread and back. All
four are one trip here, and a BEGIN travels with the statement behind it (decision 0020).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override


class Answer(NamedTuple):
    """What a statement brought, as a DBAPI cursor would tell it."""

    rows: list[Any]
    description: object
    rowcount: int
    lastrowid: int | None


class OneTripCursor:
    """What SQLAlchemy's adapter asks of an asynchronous cursor (sqlalchemy/connectors/asyncio.py)."""

    def __init__(self, connection: OneTripConnection) -> None:
        """Nothing is opened: the trip of `execute` does that."""
        self._connection = connection
        self._answer = Answer([], None, -1, None)
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        """Ready."""
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run it and fetch all of its rows."""
        self._answer = await self._connection.trip(lambda made: made.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """The same for many."""
        self._answer = await self._connection.trip(lambda made: made.executemany(sql, parameters))

    async def fetchall(self) -> Sequence[Any]:
        """They are here already."""
        return self._answer.rows

    async def close(self) -> None:
        """It was closed at the end of its trip."""

    @property
    def description(self) -> object:
        """Columns; None for a statement without rows."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """Rows that were changed."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """Of an insert."""
        return self._answer.lastrowid

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Row by row."""
        for row in self._answer.rows:
            yield row


class OneTripConnection(aiosqlite.Connection):
    """One connection, one thread."""

    _begin = ""

    @override
    def cursor(self) -> OneTripCursor:  # type: ignore[override]  # the adapter's cursor, not aiosqlite's
        return OneTripCursor(self)

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return not self._running or self._connection is None

    @override
    async def close(self) -> None:
        """Returns when the thread has ended: one on its way out at the end of the process can abort it (Python 3.11)."""
        await super().close()
        await asyncio.to_thread(self._thread.join)

    def begin(self, statement: str) -> None:
        """Send `statement` ahead of the next one, in the same trip."""
        self._begin = statement

    async def trip(self, run: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Answer:
        """To the thread and back."""
        begin, self._begin = self._begin, ""
        return cast("Answer", await self._in_thread(self._run, begin, run))

    async def _in_thread(self, run: Callable[..., object], *arguments: object) -> object:
        """As aiosqlite does it, which has no types. Raises sqlite3.Error, also where the connection has been closed."""
        if self.closed:
            raise sqlite3.OperationalError("connection closed")
        answer: object = await self._execute(run, *arguments)  # type: ignore[no-untyped-call]
        return answer

    def _run(self, begin: str, run: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Answer:
        """In the thread."""
        if begin:
            self._conn.execute(begin).close()
        cursor = run(self._conn)
        try:
            rows = cursor.fetchall() if cursor.description else []
            return Answer(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
        finally:
            cursor.close()

    def drop_begin(self) -> bool:
        """Whether nothing has been sent since `begin`; then nothing was begun."""
        dropped, self._begin = bool(self._begin), ""
        return dropped

    async def take_back(self, statement: str) -> bool:
        """Roll back, if there is a transaction still: some failures end it in SQLite itself."""
        return bool(await self._in_thread(self._back, statement))

    def _back(self, statement: str) -> bool:
        """In the thread, behind whatever was sent before."""
        if self._conn.in_transaction:
            self._conn.execute(statement).close()
            return True
        return False

    async def finish(self) -> None:
        """Commit; nothing is left open where that fails."""
        await self._in_thread(self._finish)

    def _finish(self) -> None:
        try:
            self._conn.commit()
        except sqlite3.Error:
            self._conn.rollback()
            raise


async def connect(database: str | Path, **options: Any) -> OneTripConnection:  # noqa: ANN401  (sqlite3.connect's own)
    """Open it. Its thread does not hold the process."""
    connection = OneTripConnection(lambda: sqlite3.connect(str(database), **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001  (as SQLAlchemy does with aiosqlite's own)
    try:
        await connection
    except sqlite3.Error:
        # aiosqlite has told the thread to end, and it answers: to a loop that may be closed by then, unless it is awaited.
        await asyncio.to_thread(connection._thread.join)  # noqa: SLF001
        raise
    return connection


def driver_of(connection: AsyncConnection) -> OneTripConnection:
    """The connection to SQLite below SQLAlchemy's."""
    return cast("OneTripConnection", cast("Any", connection.sync_connection).connection.driver_connection)
