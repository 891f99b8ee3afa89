"""Whether a server's connection still stands is asked only where there is doubt: that costs as much as a question."""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.one_trip import driver_of

IDLE_SECONDS = 2.0
USED = "used"


def quiet(connection: AsyncConnection) -> bool:
    """Whether nothing speaks against it, as far as can be told without asking the server."""
    driver: Any = driver_of(connection)
    return not driver.closed and not _spoken(driver)


def _spoken(driver: Any) -> bool:  # noqa: ANN401  (psycopg's)
    """A server says nothing unasked but that it ends the connection."""
    look = select.poll()  # not select.select, which takes no file descriptor beyond 1,023
    look.register(driver.pgconn.socket, select.POLLIN)
    return bool(look.poll(0))


def watch(engine: AsyncEngine) -> None:
    """A connection that is gone is never handed out: the pool takes another, or a new one."""
    dialect, pool = engine.sync_engine.dialect, engine.sync_engine.pool

    def back(_connection: Any, record: Any) -> None:  # noqa: ANN401  (SQLAlchemy's events)
        record.info[USED] = time.monotonic()

    def out(connection: Any, record: Any, _proxy: Any) -> None:  # noqa: ANN401
        idle = time.monotonic() - record.info.get(USED, time.monotonic())
        if (idle > IDLE_SECONDS or _spoken(record.driver_connection)) and not _stands(connection):
            raise DisconnectionError

    def _stands(connection: Any) -> bool:  # noqa: ANN401
        try:
            return dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error:
            return False

    event.listen(pool, "checkin", back)
    event.listen(pool, "checkout", out)
