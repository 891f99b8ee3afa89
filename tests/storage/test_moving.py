"""A grown community goes from one kind of database to the other with nothing lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Float, Integer, insert, select, text

from bot.errors import StoreUnavailable
from bot.jobs.model import OPEN, JobState
from bot.policy.records import Cause, What
from storage import moving
from storage.db import Database, sqlite_url
from storage.jobs import SqlJobStore
from storage.kinds import Json, Text
from storage.moving import BATCH, TABLES, InUse, Moved, NotMoved, move
from storage.policy_tables import audit, rules
from storage.postgres import PostgresDatabase, postgres_url
from storage.tables import jobs, spend
from tests.support.core import running_core
from tests.support.databases import backend, opened, stands_for
from tests.support.policy import ANN, CAPS, HERE, NOW, desk_on, entry
from tests.support.rows import key, new_job
from tests.support.sums import sums_astray

ODD = "Grüße 🦊 %s :x ' \" \\ \n"
Rows = dict[str, list[tuple[Any, ...]]]


def filler(column: Column[Any], number: int) -> Any:
    """A value of the column's kind; every third of those that may be nothing is."""
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, Json):
        return f'{{"n":{number},"text":"ü \\"{number}\\""}}' if number % 2 else "[]"
    if isinstance(column.type, Text):
        return f"{ODD}{column.name} {number}"
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, Float):
        return 1_769_810_400.123456 + number / 7
    assert isinstance(column.type, Integer)
    return number + (5_000_000_000 if column.name in {"cost", "estimate", "micro_usd"} else 1)


async def grown(db: Database, many: int = 40) -> None:
    """Rows in every table that is written to, and more than a batch in one; the newest rule is gone."""
    async with db.write() as connection:
        for table in TABLES:
            count = BATCH * 2 + 7 if table is audit else many
            made = [{column.name: filler(column, n) for column in table.c} for n in range(count)]
            for row, line in enumerate(made if table.name == "calls" else ()):
                line["job_id"] = f"{ODD}id {row}"
            await connection.execute(insert(table), made)
        await connection.execute(rules.delete().where(rules.c.id == many))
    async with desk_on(Path(str(db.path)).parent) as desk:
        for state in JobState:
            job = await desk.job(state=state)
            await desk.policy.ask(HERE, job.id, Cause.PROMPT, "why", entry(What.HELD, job_id=job.id))


def free(rows: Rows) -> Rows:
    """The same, but nobody holds a job, and everything unfinished is looked at now."""
    held, freed = {state.value for state in OPEN}, {"lease": "", "lease_until": 0.0, "due_at": 0.0}
    made = [dict(zip(jobs.c.keys(), row, strict=True)) for row in rows["jobs"]]
    left = [row | freed if row["state"] in held or row["due_at"] is not None else row for row in made]
    return rows | {"jobs": [tuple(row.values()) for row in left]}


async def everything(db: Database) -> Rows:
    async with db.snapshot() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in TABLES
        }


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[tuple[Database, Database]]:
    """A file, and the server's database that stands for the same folder."""
    old = await opened(folder)
    new = PostgresDatabase(postgres_url(stands_for(folder)))
    try:
        yield old, new
    finally:
        await old.close()
        await new.close()


def nothing(_moved: Moved) -> None:
    """Told to nobody."""


async def test_every_row_arrives_and_comes_back_as_it_was(tmp_path: Path) -> None:
    async with both(tmp_path) as (old, new):
        await grown(old)
        told: list[Moved] = []
        assert await move(old, new, told.append) == told
        before = await everything(old)
        assert await everything(new) == free(before)
        assert {one.table: one.rows for one in told} == {table.name: len(before[table.name]) for table in TABLES}
        assert min(one.rows for one in told) > 30
        back = Database(sqlite_url(f"sqlite:///{tmp_path / 'back.db'}"))
        await move(new, back, nothing)
        assert await everything(back) == free(before)
        assert [await sums_astray(db) for db in (old, new, back)] == [[], [], []]
        for db in (new, back):  # no number is given out a second time, not even that of a rule that is gone
            async with db.write() as connection:
                fresh = insert(rules).values(community="c", kind="word", pattern="new", reason="").returning(rules.c.id)
                assert (await connection.execute(fresh)).scalar_one() == 41
                line = insert(spend).values(call_id="c", job_id="j", kind="k", micro_usd=1, at=1.0).returning(spend.c.id)
                assert (await connection.execute(line)).scalar_one() == len(before["spend"]) + 1
        await back.close()


async def test_a_job_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        job_id = await core.accepted()
        pictures, chat = core.pictures, core.chat
    async with both(tmp_path) as (old, new):
        await move(old, new, nothing)
    with backend("postgres"):
        async with running_core(tmp_path, pictures=pictures, chat=chat) as core:
            assert isinstance(core.db, PostgresDatabase)
            assert (await core.ended(job_id)).state is JobState.DELIVERED
            assert (await core.house.policy.used_by(ANN, core.clock())).day == 4


async def test_what_a_killed_process_held_is_free_there(tmp_path: Path) -> None:
    """A start beside others clears no leases: the jobs would stand still until these have ended."""
    async with both(tmp_path) as (old, new):
        async with desk_on(tmp_path) as desk:
            job = await desk.job()
            assert await desk.store.claim(job.id, "killed", NOW + 60, NOW + 360) is not None
        await move(old, new, nothing)
        store = SqlJobStore(new, "secret")
        assert await store.due(NOW + 61, 10) == [job.id]
        assert await store.claim(job.id, "another", NOW + 61, NOW + 91) is not None


async def test_a_database_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    async with both(tmp_path) as (old, new):
        async with desk_on(tmp_path) as desk:
            await desk.store.accept(new_job(at=NOW), key(), CAPS, NOW)
        await move(old, new, nothing)
        with pytest.raises(InUse, match=r"postgresql://.* is not empty \(table "):
            await move(old, new, nothing)
        with pytest.raises(InUse, match=r"bot\.db is not empty"):
            await move(new, old, nothing)
        other = PostgresDatabase(new.url)
        async with other.read():
            with pytest.raises(InUse, match="another imagine-bot process is working on postgresql"):
                await move(new, Database(sqlite_url(f"sqlite:///{tmp_path / 'x.db'}")), nothing)
        await other.close()


async def test_what_arrives_otherwise_is_taken_back_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def rows_of_jobs(table: Any, connection: Any, query: Any, real: Any = moving._rows) -> Any:
        rows = await real(table, connection, query)
        return rows[1:] if connection.dialect.name == "postgresql" and table is jobs else rows

    async with both(tmp_path) as (old, new):
        await grown(old, 35)
        monkeypatch.setattr(moving, "_rows", rows_of_jobs)
        with pytest.raises(NotMoved, match="table jobs arrived otherwise than it was sent"):
            await move(old, new, nothing)
        monkeypatch.undo()
        assert all(rows == [] for rows in (await everything(new)).values())
        await move(old, new, nothing)
        assert await everything(new) == free(await everything(old))


async def test_what_no_store_keeps_any_more_is_left_behind(tmp_path: Path) -> None:
    async with both(tmp_path) as (old, new):
        async with old.write() as connection:
            await connection.execute(text("INSERT INTO user_settings VALUES ('a' || char(0) || 'b', :json)"),
                                     {"json": '{"a\\u0000":["\\u0000x \\\\u0000"]}'})  # fmt: skip
        await move(old, new, nothing)
        assert (await everything(new))["user_settings"] == [("ab", '{"a":["x \\\\u0000"]}')]


async def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    old = await opened(tmp_path)
    new = PostgresDatabase(postgres_url(f"postgresql://me:geheim@/bot?host={tmp_path}"))
    with pytest.raises(StoreUnavailable, match="connection"):
        await move(old, new, nothing)
    await old.close()
    await new.close()
