"""Is the database there, writable and of this version? Changes nothing."""

from __future__ import annotations

from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage.db import Database


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def probe(db: Database) -> str | None:
    """The schema's revision; None: an empty database. Takes the write lock for a moment. Raises StoreUnavailable."""
    async with db.write() as connection:
        return await connection.run_sync(_revision)
