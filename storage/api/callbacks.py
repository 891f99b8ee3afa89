"""Callbacks of the job API that are still to be sent, and for a while those that were."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.api.ports import Callback
from storage.api_tables import api_callbacks, api_marks
from storage.db import Database

COLUMNS = ("job_id", "event", "key_id", "url", "attempts", "due_at")
SAID = 200
"""Characters that are kept of what went wrong."""


class SqlCallbacks:
    """The Callbacks port."""

    _db: Database

    async def put_callback(self, callback: Callback) -> None:
        """Once for a job and event; where another process inserts at the same moment, that one stands."""
        there = select(api_callbacks.c.job_id).where(*_this(callback))
        with suppress(IntegrityError):
            async with self._db.write() as connection:
                if (await connection.execute(there)).first() is None:
                    values = {name: getattr(callback, name) for name in COLUMNS}
                    await connection.execute(insert(api_callbacks).values(**values, said=""))

    async def take_callbacks(self, now: float, until: float, limit: int) -> list[Callback]:
        """Due ones, put off until `until`: a lease. A read comes first: it takes no writer's time."""
        due = (api_callbacks.c.due_at.is_not(None), api_callbacks.c.due_at <= now)
        query = select(api_callbacks).where(*due).order_by(api_callbacks.c.due_at).limit(limit)
        async with self._db.read() as connection:
            if (await connection.execute(query)).first() is None:
                return []
        async with self._db.write() as connection:
            rows = (await connection.execute(query)).mappings().all()
            found = [Callback(**{name: row[name] for name in COLUMNS}) for row in rows]
            return [one for one in found if await _lease(connection, one, until)]

    async def retry_callback(self, callback: Callback, due_at: float, said: str) -> None:
        """Count the attempt."""
        async with self._db.write() as connection:
            await _change(connection, callback, due_at=due_at, attempts=callback.attempts + 1, said=said[:SAID])

    async def close_callback(self, callback: Callback, now: float, said: str) -> None:
        """Nothing is sent any more."""
        closed = {"due_at": None, "closed_at": now, "url": "", "attempts": callback.attempts + 1, "said": said[:SAID]}
        async with self._db.write() as connection:
            await _change(connection, callback, **closed)

    async def prune(self, marks_before: float, callbacks_before: float) -> None:
        """Old ones go."""
        async with self._db.write() as connection:
            await connection.execute(delete(api_marks).where(api_marks.c.created_at < marks_before))
            await connection.execute(delete(api_callbacks).where(api_callbacks.c.closed_at < callbacks_before))


async def _lease(connection: AsyncConnection, callback: Callback, until: float) -> bool:
    """False if another process was quicker."""
    still = (*_this(callback), api_callbacks.c.due_at == callback.due_at)
    return (await connection.execute(update(api_callbacks).where(*still).values(due_at=until))).rowcount > 0


def _this(callback: Callback) -> tuple[ColumnElement[bool], ...]:
    return (api_callbacks.c.job_id == callback.job_id, api_callbacks.c.event == callback.event)


async def _change(connection: AsyncConnection, callback: Callback, **values: object) -> None:
    await connection.execute(update(api_callbacks).where(*_this(callback)).values(**values))
