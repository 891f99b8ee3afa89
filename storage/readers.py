"""Connections for questions, kept open: to take one from SQLAlchemy's pool and give it back costs as much as a question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.one_trip import driver_of


class Readers:
    """At most `most` questions at a time; the last connection that was given back goes first."""

    def __init__(
        self,
        engine: AsyncEngine,
        most: int,
        stands: Callable[[AsyncConnection], bool] | None = None,
        patience: float | None = None,
    ) -> None:
        """`engine` begins and ends nothing by itself (AUTOCOMMIT).

        `stands`: whether one that lay idle can be used; `patience`: seconds that a question waits for its turn at most.
        """
        self._engine = engine
        self._stands = stands or (lambda _: True)
        self._patience = patience
        self._free = asyncio.Semaphore(most)
        self._idle: list[AsyncConnection] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[AsyncConnection]:
        """A connection. One on which a question failed, or was cut short, is not used again. Raises PoolTimeout."""
        async with self._turn():
            connection = await self._taken()
            try:
                yield connection
            except BaseException:
                await asyncio.shield(_given_up(connection))
                raise
            self._idle.append(connection)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError as error:
            raise PoolTimeout(f"no connection was free for {self._patience} s") from error
        try:
            yield
        finally:
            self._free.release()

    async def _taken(self) -> AsyncConnection:
        while self._idle:
            if self._stands(connection := self._idle.pop()):
                return connection
            await _given_up(connection)
        return await self._engine.connect()

    async def close(self) -> None:
        """Nobody asks any more."""
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()


async def _given_up(connection: AsyncConnection) -> None:
    """The pool must not hand out one that is closed."""
    if not connection.invalidated and driver_of(connection).closed:
        await connection.invalidate()
    await connection.close()
