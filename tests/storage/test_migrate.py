"""The scripts lead to the tables that the code uses; a second start changes nothing; trouble is one sentence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import storage.db
from bot.errors import StartError
from storage.db import Database, sqlite_url
from storage.migrate import HEAD, run_scripts, upgrade
from storage.postgres import PostgresDatabase, postgres_url
from storage.tables import metadata
from tests.support.postgres import create


def database(path: Path) -> Database:
    return Database(sqlite_url(f"sqlite:///{path}"))


async def test_a_new_database_is_for_this_user_alone(tmp_path: Path) -> None:
    """And the folder that is made for it, and the files that SQLite puts beside it; an old one stays as it is."""
    db = database(tmp_path / "new" / "bot.db")
    await upgrade(db)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "new", *(tmp_path / "new").iterdir()]}
    assert modes == {"new": 0o700, "bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}
    await db.close()
    (tmp_path / "new" / "bot.db").chmod(0o640)
    await upgrade(again := database(tmp_path / "new" / "bot.db"))
    await again.close()
    assert (tmp_path / "new" / "bot.db").stat().st_mode & 0o777 == 0o640


async def differences(db: Database) -> list[object]:
    async with db.read() as connection:
        return await connection.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))


async def test_a_new_database_gets_the_tables_at_once(tmp_path: Path) -> None:
    db = database(tmp_path / "new" / "bot.db")
    assert await upgrade(db) is None
    assert await upgrade(db) == HEAD
    assert await differences(db) == []
    await db.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_the_scripts_make_the_same_tables(tmp_path: Path, kind: str) -> None:
    on_server = kind == "postgres"
    db = PostgresDatabase(postgres_url(create("scripts"))) if on_server else database(tmp_path / "bot.db")
    async with db.write() as connection:
        await connection.run_sync(run_scripts)
    assert await differences(db) == []
    assert await upgrade(db) == HEAD
    await db.close()


async def test_an_older_database_runs_the_scripts_it_has_not_seen(tmp_path: Path) -> None:
    db = database(tmp_path / "bot.db")
    async with db.write() as connection:
        await connection.run_sync(metadata.tables["jobs"].create)
    with pytest.raises(StartError, match="already exists"):
        await upgrade(db)
    await db.close()


async def test_a_job_of_the_first_schema_gets_an_estimate_of_nothing(tmp_path: Path) -> None:
    db = database(tmp_path / "bot.db")
    async with db.write() as connection:
        await connection.run_sync(_first_schema)
        await connection.exec_driver_sql(
            "INSERT INTO jobs VALUES ('j', 'k', 'imagine', 'delivered', 'discord', 'u', 'c', '{}', '{}', '{}', 4, 'fal',"
            " '', 0, '[]', NULL, NULL, '[]', NULL, '{}', '', '', 0, 70, 0, 0, 1, 0, 1.0, 1.0, 2.0, NULL, '', 0.0)"
        )
    assert await upgrade(db) == "0001"
    async with db.read() as connection:
        rows = await connection.exec_driver_sql("SELECT id, cost, estimate FROM jobs")
        assert [tuple(row) for row in rows] == [("j", 70, 0)]
    assert await differences(db) == []
    await db.close()


def _first_schema(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "storage/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", "storage/migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_a_locked_database_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.db, "BUSY_MS", 50)
    path = tmp_path / "bot.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    db = database(path)
    with pytest.raises(StartError, match=r"cannot be opened for writing: database is locked"):
        await upgrade(db)
    holder.close()
    await db.close()


async def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"these bytes are no database, and there are plenty of them " * 50)
    db = database(path)
    with pytest.raises(StartError, match="is damaged"):
        await upgrade(db)
    await db.close()


async def test_writes_begin_immediate_and_survive_a_power_cut(tmp_path: Path) -> None:
    db = database(tmp_path / "bot.db")
    await upgrade(db)
    async with db.write() as connection:
        pragmas = [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        other = sqlite3.connect(tmp_path / "bot.db", timeout=0.05, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    await db.close()
    assert pragmas == ["wal", 2]
