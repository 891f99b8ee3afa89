"""A whole database into another, of either kind: every row, in one transaction, read back and compared before it ends.

Only leases stay behind: a killed process's would hold its jobs up, and a start on a server clears none.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select, text, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ImagineError
from storage.db import Database
from storage.highest import highest, set_highest
from storage.kinds import Text
from storage.migrate import upgrade
from storage.move_statements import CLEAR_LEASES
from storage.schema import SCHEMA
from storage.sums_tables import KEPT
from storage.turns import Turn

BATCH = 500
TABLES = [table for table in SCHEMA.sorted_tables if table not in KEPT]
"""The target sums up by itself what comes in."""
Row = tuple[Any, ...]


class NotMoved(ImagineError):
    """Nothing was changed in the target; `str()` says why."""


class InUse(NotMoved):
    """A database is not empty, or somebody works on it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that arrived as it stood in the source. `digest`: SHA-256 over its rows, in their order."""

    table: str
    rows: int
    digest: str


async def move(source: Database, target: Database, tell: Callable[[Moved], None]) -> list[Moved]:
    """Only while no bot runs on either. Raises InUse, NotMoved, StartError, StoreUnavailable."""
    await _alone(source)
    await _alone(target)
    await _empty(target)
    await upgrade(source)
    await upgrade(target)
    done = []
    try:
        async with source.snapshot() as old, target.write(*Turn) as new:
            for table in TABLES:
                done.append(await _move(table, old, new))
                tell(done[-1])
            await new.execute(CLEAR_LEASES)
    except IntegrityError as error:
        raise NotMoved(f"a row does not fit ({error.orig})") from error
    return done


async def _move(table: Table, old: AsyncConnection, new: AsyncConnection) -> Moved:
    sent, count = hashlib.sha256(), 0
    async for rows in _batches(table, old):
        await new.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in rows])
        _add(sent, rows)
        count += len(rows)
    arrived = hashlib.sha256()
    async for rows in _batches(table, new):
        _add(arrived, rows)
    if arrived.hexdigest() != sent.hexdigest():
        raise NotMoved(f"table {table.name} arrived otherwise than it was sent")
    await set_highest(new, table, await highest(old, table))
    return Moved(table.name, count, sent.hexdigest())


async def _batches(table: Table, connection: AsyncConnection) -> AsyncIterator[Sequence[Row]]:
    """All rows in the order of their key, which is the same on both kinds."""
    key = tuple_(*table.primary_key.columns)
    query = select(table).order_by(*table.primary_key.columns).limit(BATCH)
    places = [list(table.c).index(column) for column in table.primary_key.columns]
    rows = await _rows(table, connection, query)
    while rows:
        yield rows
        last = tuple(rows[-1][place] for place in places)
        rows = await _rows(table, connection, query.where(key > tuple_(*last)))


async def _rows(table: Table, connection: AsyncConnection, query: Any) -> list[Row]:  # noqa: ANN401 - a Select of all columns
    """As they are kept from now on: an older version may have let through what no store keeps any more."""
    kept = [column.type.process_bind_param if isinstance(column.type, Text) else None for column in table.c]
    found = (await connection.execute(query)).all()
    dialect = connection.dialect
    return [tuple(keep(value, dialect) if keep else value for keep, value in zip(kept, row, strict=True)) for row in found]


def _add(digest: Any, rows: Sequence[Row]) -> None:  # noqa: ANN401 - hashlib has no public name for it
    for row in rows:
        digest.update(repr(row).encode())


async def _empty(target: Database) -> None:
    """No table of ours has a row. Before it is brought up to date: what is in use is left alone."""
    if not target.there:
        return
    async with target.read() as connection:
        full = await connection.run_sync(_full)
    if full:
        raise InUse(f"{target.name} is not empty (table {full})")


def _full(connection: Connection) -> str | None:
    there = set(inspect(connection).get_table_names())
    for table in TABLES:
        if table.name in there and connection.execute(select(func.count()).select_from(table)).scalar():
            return table.name
    return None


async def _alone(db: Database) -> None:
    """A server tells who else is there; a file's lock is the caller's business."""
    if db.path is not None:
        return
    others = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                  "AND application_name LIKE 'imagine-bot store %' "
                  "AND application_name != current_setting('application_name')")  # fmt: skip
    async with db.read() as connection:
        if (await connection.execute(others)).scalar():
            raise InUse(f"another imagine-bot process is working on {db.name}")
