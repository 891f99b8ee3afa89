"""Bring a database up to the newest schema. Alembic is imported only when there is something to do."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StartError, StoreUnavailable
from storage.damage import damaged, sentence
from storage.db import Database
from storage.schema import SCHEMA
from storage.turns import Turn

HEAD = "0007"
"""The newest revision in migrations/versions (a test holds them together)."""


FILE = "Check that the folder exists, that this user may write there and that no other process holds it."
SERVER = "Check that the server runs, that DATABASE_URL names it, and that its user may make tables in this database."


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> str | None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a large table may take its time
    before = _current(connection)
    if before is None and not inspect(connection).has_table("jobs"):
        _create(connection)
    elif before != HEAD:
        run_scripts(connection)
    if connection.dialect.name == "sqlite" and inspect(connection).has_table("sqlite_stat1"):
        # It knows how many rows a state has on average, and so reads a million old jobs rather than the few open ones.
        connection.execute(text("DELETE FROM sqlite_stat1"))
    return before


def _create(connection: Connection) -> None:
    """A new database gets the newest tables at once; a test holds them against what the scripts make."""
    SCHEMA.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def run_scripts(connection: Connection) -> None:
    """Every script that this database has not seen, oldest first."""
    from alembic import command  # noqa: PLC0415  (a heavy import that a normal start can do without)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make(path: Path) -> None:
    """For this user's eyes only: it holds what people said. SQLite gives the files beside it the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


async def upgrade(db: Database) -> str | None:
    """Migrate; returns the revision that stood there before (None: a new database). Raises StartError."""
    try:
        if db.path is not None and not db.path.exists():
            _make(db.path)
        async with db.write(Turn.SCHEMA) as connection:
            return await connection.run_sync(_upgrade)
    except (StoreUnavailable, DBAPIError, OSError) as error:
        if db.path is not None and damaged(error):
            raise StartError(sentence(db.path, error)) from error
        raise StartError(
            f"The database {db.name} cannot be opened for writing: {error}. {FILE if db.path else SERVER}"
        ) from error
