"""The highest number that a table has given out: none comes a second time, even where its row is gone."""

from __future__ import annotations

from sqlalchemy import Integer, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection


def numbered(table: Table) -> bool:
    """Whether the database gives its rows their ids."""
    (column, *more) = table.primary_key.columns
    return not more and isinstance(column.type, Integer)


async def highest(connection: AsyncConnection, table: Table) -> int:
    """0 where nothing was given out, and for a table whose rows bring their ids."""
    if not numbered(table):
        return 0
    there = int((await connection.execute(select(func.coalesce(func.max(table.c.id), 0)))).scalar_one())
    if connection.dialect.name == "sqlite":
        # Only tables whose ids are never used again stand there; SQLite makes that table with the first of them.
        query, values = text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
    else:
        query = text("SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = :name")
        values = {"name": f"{table.name}_id_seq"}
    return max(there, int((await connection.execute(query, values)).scalar() or 0))


async def set_highest(connection: AsyncConnection, table: Table, value: int) -> None:
    """The next row of this table gets a higher one."""
    if not value:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.setval(f"{table.name}_id_seq", value)))
    elif table.dialect_kwargs.get("sqlite_autoincrement"):
        there = {"name": table.name, "value": value}
        await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), there)
        await connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :value)"), there)
