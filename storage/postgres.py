"""The same database on a Postgres server: a pool of connections, and turns where SQLite's single writer was relied on."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from typing_extensions import override

from bot.errors import StoreUnavailable
from storage import alive
from storage.db import Database, told
from storage.prepared import Answered, Prepared
from storage.readers import Readers
from storage.turns import Turn

POOL = 10
"""Connections of one process at most. Postgres allows 100 in all unless its `max_connections` says otherwise."""
CONNECT_SECONDS = 10
READING = 0.6
"""Their share that is kept open for questions and writes of one statement: the rest is for transactions."""
POOL_SECONDS = 30.0
"""How long a question waits for a free connection."""
LIMITS = {"statement_timeout": 30_000, "lock_timeout": 15_000, "idle_in_transaction_session_timeout": 60_000}
"""Milliseconds after which the server gives up: a question, the wait for somebody's lock, a client that says nothing."""
ALIVE = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""So that a server that is gone without a word is noticed (https://www.postgresql.org/docs/current/libpq-connect.html)."""
PROGRAM = "imagine-bot store"
"""What connections are called, with a number for each pool: `migrate` looks whether others are there."""
SPACE = 0x1A61
"""Of our advisory locks, so that other programs' in the same database are others."""


def is_postgres(text: str) -> bool:
    """Whether an address is one of a Postgres server."""
    return text.startswith(("postgresql:", "postgresql+", "postgres:"))


def postgres_url(text: str) -> URL:
    """`postgresql://user:password@host:port/database` as a URL of the async driver."""
    return make_url(text).set(drivername="postgresql+psycopg")


class PostgresDatabase(Database):
    """One database of a server. Each question goes through one pool; a transaction is READ COMMITTED."""

    def __init__(self, url: URL, *, pool: int = POOL) -> None:
        """Opens nothing. `pool`: connections at most."""
        self.url = url
        settings = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
        asked = url.query.get("options")
        options = f"{settings} {asked}" if isinstance(asked, str) else settings
        self._pool = create_async_engine(
            url,
            connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": f"{PROGRAM} {secrets.token_hex(4)}"}
            | ALIVE
            | {"options": options},
            pool_size=pool,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,
        )
        alive.watch(self._pool)
        plain = self._pool.execution_options(isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
        self._readers = Readers(plain, max(1, round(pool * READING)), alive.quiet, POOL_SECONDS)
        self._agreeing = self._pool.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._turns = {turn: asyncio.Lock() for turn in Turn}

    @property
    @override
    def path(self) -> Path | None:
        """No file."""
        return None

    @property
    @override
    def name(self) -> str:
        """Without the password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=True)

    @asynccontextmanager
    @override
    async def write(self, *_turns: Turn) -> AsyncIterator[AsyncConnection]:
        """A write transaction, alone in the cluster in its turns; committed at the end of the block.

        This process's own writers queue before they take a connection: those that wait must not use the pool up.
        Raises StoreUnavailable.
        """
        async with AsyncExitStack() as waiting:
            for turn in sorted(_turns):
                await waiting.enter_async_context(self._turns[turn])
            async with told(), self._told(), self._pool.begin() as connection:
                if _turns:
                    locks = [func.pg_advisory_xact_lock(SPACE, turn.value) for turn in sorted(_turns)]
                    await connection.execute(select(*locks))
                yield connection

    @override
    async def put(self, statement: Prepared, **values: Any) -> Answered:
        """One statement is a transaction by itself: the server is asked once, not three times. Raises StoreUnavailable."""
        async with self.read() as connection:
            return await statement.run(connection, **values)

    @asynccontextmanager
    @override
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Each question is a transaction of its own. Raises StoreUnavailable."""
        async with told(), self._told(), self._readers.one() as connection:
            yield connection

    @asynccontextmanager
    @override
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """All questions are answered as of the first. Raises StoreUnavailable."""
        async with told(), self._told(), self._agreeing.connect() as connection:
            yield connection

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        """`told` for statements that went to the driver itself, which is there only where a server is used."""
        driver = self._pool.dialect.loaded_dbapi
        try:
            yield
        except driver.IntegrityError:
            raise
        except driver.Error as error:
            raise StoreUnavailable(str(error)) from error

    @override
    async def close(self) -> None:
        """Close every connection."""
        await self._readers.close()
        await self._pool.dispose()
