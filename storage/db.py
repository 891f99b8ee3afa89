"""The database: one writer and a few readers over SQLAlchemy's async engine; writes begin IMMEDIATE."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreUnavailable
from storage.group import GroupWriter
from storage.one_trip import connect
from storage.prepared import Answered, Prepared, answered
from storage.readers import Readers
from storage.turns import Turn

BUSY_MS = 5000
"""How long SQLite waits for another process's lock before it says "locked"."""

READERS = 4
"""Questions at a time."""


def sqlite_url(text: str) -> URL:
    """`sqlite:///path` or `sqlite+aiosqlite:///path` as a URL of the async driver."""
    return make_url(text).set(drivername="sqlite+aiosqlite")


class Database:
    """One SQLite file. `write()` and `read()` hand out connections inside a transaction."""

    def __init__(self, url: URL, *, synchronous: str = "FULL", max_pages: int | None = None) -> None:
        """`max_pages` caps the file's size in pages (tests of a full disk)."""
        self.url = url
        self._pragmas = [f"PRAGMA busy_timeout={BUSY_MS}", "PRAGMA journal_mode=WAL", f"PRAGMA synchronous={synchronous}"]
        if max_pages is not None:
            self._pragmas.append(f"PRAGMA max_page_count={max_pages}")
        self._writer = GroupWriter(self._engine(size=1))
        self._readers = Readers(self._engine(size=READERS), READERS)

    @property
    def path(self) -> Path | None:
        """The file; None where there is none."""
        return Path(self.url.database or "")

    @property
    def name(self) -> str:
        """For operators' eyes."""
        return str(self.path)

    @property
    def there(self) -> bool:
        """Whether there is something to open; a server is asked by opening it."""
        return self.path is None or self.path.exists()

    def _engine(self, size: int) -> AsyncEngine:
        """Its connections begin no transaction by themselves, and have none to end."""
        engine = create_async_engine(
            self.url,
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            pool_reset_on_return=None,
            pool_size=size,
            max_overflow=0,
            pool_timeout=30,
            hide_parameters=True,  # a statement that fails is logged, and its values are what people say
            connect_args={"async_creator_fn": connect},
        )

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: DBAPIConnection, _record: object) -> None:
            setattr(connection, "isolation_level", None)  # noqa: B010  (not in the protocol)  # the driver must not begin transactions of its own
            try:
                self._prepare(connection)
            except Exception:
                connection.close()  # SQLAlchemy only forgets it: its thread, cut off at the process's end, would abort that
                raise

        event.listen(engine.sync_engine, "handle_error", _cancelled_is_not_lost)
        return engine

    def _prepare(self, connection: DBAPIConnection) -> None:
        """The first touch of the file: whatever is wrong with it shows here."""
        cursor = connection.cursor()
        for pragma in self._pragmas:
            cursor.execute(pragma)
        cursor.close()

    @asynccontextmanager
    async def write(self, *_turns: Turn) -> AsyncIterator[AsyncConnection]:
        """A write transaction, on disk at the end of the block. Every writer is alone here, in all turns.

        Blocks that come together share a commit: nothing but questions to the database may be awaited inside.
        Raises StoreUnavailable.
        """
        async with told(), self._writer.block() as connection:
            yield connection

    async def put(self, statement: Prepared, **values: Any) -> Answered:  # noqa: ANN401  (as the columns are)
        """A write of one statement, on disk when this returns. Raises StoreUnavailable."""
        async with told():
            return answered(await self._writer.one(statement.bound(values)))

    async def ask(self, statement: Prepared, **values: Any) -> Answered:  # noqa: ANN401  (as the columns are)
        """One question. Raises StoreUnavailable."""
        async with self.read() as connection:
            return await statement.run(connection, **values)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """For one question, or several that need not agree: begin and end would cost more than the question itself.

        Raises StoreUnavailable.
        """
        async with told(), self._readers.one() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """For several questions about one moment. Raises StoreUnavailable."""
        async with self.read() as connection:
            await connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                await connection.exec_driver_sql("ROLLBACK")

    async def close(self) -> None:
        """Close every connection; the WAL is folded back by the last one."""
        await self._readers.close()
        await self._writer.close()


def _cancelled_is_not_lost(context: ExceptionContext) -> None:
    """SQLAlchemy throws a connection away whose statement was cancelled; others' blocks are in the writer's transaction.

    Nothing is wrong with it: what comes next waits in SQLite's thread behind that statement.
    """
    if isinstance(context.original_exception, asyncio.CancelledError):
        context.is_disconnect = False


@asynccontextmanager
async def told() -> AsyncIterator[None]:
    """Turn the driver's failures into ours; the cause is kept.

    A line that the tables refuse is a fault of ours and stays what it is: a store that is away is waited for.
    """
    try:
        yield
    except (IntegrityError, sqlite3.IntegrityError):
        raise
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        raise StoreUnavailable(str(getattr(error, "orig", None) or error)) from error
