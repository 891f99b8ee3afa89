"""A database of the first version, with rows, upgraded: everything is kept, and the new columns are filled."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from bot.jobs.model import Request
from bot.jobs.place import Actor, MessageRef, Place, Platform
from bot.policy.records import Period
from providers.base import Params, Size
from storage.db import Database, sqlite_url
from storage.jobs import SqlJobStore
from storage.migrate import HEAD, upgrade
from storage.policy.store import SqlPolicy
from storage.rows import ACTOR, MESSAGE, PLACE, REQUEST, dump

AT = 1_000_000.0
ANN = "discord:7"
FIRST = {
    "key": "1", "action": "imagine", "state": "delivered", "platform": "discord", "user_key": ANN, "units": 4,
    "request": dump(REQUEST, Request("a fox", "a fox", Params(), Size(64, 64))), "provider": "fake", "parent_id": "",
    "parent_index": 0, "notes": '["one"]', "message": dump(MESSAGE, MessageRef("1", "2")), "pictures": "[]",
    "progress": "{}", "reason": "", "detail": "", "attempts": 0, "cost": 40, "cancel_requested": 0, "ping": 1, "told": 1,
    "deleted": 0, "created_at": AT, "lease": "", "lease_until": 0.0,
    "actor": dump(ACTOR, Actor(Platform.DISCORD, "7", "Ann")),
}  # fmt: skip
"""A row as the first version wrote it."""


def put(file: sqlite3.Connection, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    file.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - names of this file


def fill(path: Path) -> None:
    """Jobs in a guild, in a DM, and in a guild where the bot is no member."""
    with sqlite3.connect(path) as file:
        for name, place in (
            ("guild", Place(Platform.DISCORD, "1", "99")),
            ("dm", Place(Platform.DISCORD, "2")),
            ("away", Place(Platform.DISCORD, "3", "98", reachable=False)),
        ):
            put(
                file,
                "jobs",
                **FIRST | {"id": name, "key": name, "community": place.community_id, "place": dump(PLACE, place)},
            )
            put(file, "ledger", job_id=name, user_key=ANN, period="1970-01-12", kind="reserve", units=4, at=AT)
            put(file, "spend", call_id=name, job_id=name, kind="intent", micro_usd=40, at=AT + 86_400)
        put(file, "user_settings", user_key=ANN, settings='{"style": "noir"}')
    file.close()


def _to(connection: Connection, revision: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", "storage/migrations")
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, revision)


@pytest.fixture
async def db(tmp_path: Path) -> Any:
    opened = Database(sqlite_url(f"sqlite:///{tmp_path / 'bot.db'}"), synchronous="OFF")
    async with opened.write() as connection:
        await connection.run_sync(_to, "0001")
    fill(tmp_path / "bot.db")
    yield opened
    await opened.close()


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(path) as file:
        file.row_factory = sqlite3.Row
        found = [dict(row) for row in file.execute(f"SELECT * FROM {table} ORDER BY 1")]  # noqa: S608 - names of this file
    file.close()
    return found


async def test_everything_of_the_first_version_is_kept(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    tables = ("jobs", "ledger", "spend", "user_settings")
    before = {table: rows(path, table) for table in tables}
    assert await upgrade(db) == "0001"
    assert await upgrade(db) == HEAD
    for table in tables:
        kept = [{name: row[name] for name in old} for row, old in zip(rows(path, table), before[table], strict=True)]
        assert kept == before[table]
        assert kept


async def test_old_jobs_and_books_know_their_community(db: Database, tmp_path: Path) -> None:
    await upgrade(db)
    keys = {"guild": "discord:99", "dm": "", "away": ""}
    assert {row["id"]: row["community_key"] for row in rows(tmp_path / "bot.db", "jobs")} == keys
    assert {row["job_id"]: row["community"] for row in rows(tmp_path / "bot.db", "ledger")} == keys
    spend = {row["job_id"]: (row["community"], row["period"]) for row in rows(tmp_path / "bot.db", "spend")}
    assert spend == {name: (key, "1970-01-12") for name, key in keys.items()}
    policy = SqlPolicy(db, lambda: AT, "secret")
    assert await policy.used_in("discord:99", AT) == (Period(4, 4), Period(40, 40))
    job = await SqlJobStore(db).job("guild")
    assert job is not None
    assert (job.place.community, job.hold, job.flags, job.hidden, job.alias) == ("discord:99", "", (), False, "")


async def test_the_way_back_leaves_the_first_version_s_tables(db: Database, tmp_path: Path) -> None:
    before = rows(tmp_path / "bot.db", "jobs")
    await upgrade(db)
    async with db.write() as connection:
        await connection.run_sync(lambda c: _to(c, "0001", down=True))
    assert rows(tmp_path / "bot.db", "jobs") == before
