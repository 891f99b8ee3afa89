"""A prepared statement does what the same statement does through SQLAlchemy."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage.db import Database
from storage.policy.audit import _line
from storage.prepared import Prepared, let
from storage.tables import jobs, ledger, messages, user_settings
from tests.support.databases import opened

WRITE = Prepared(insert(user_settings).values(user_key=let("user"), settings=let("settings")))
READ = Prepared(select(user_settings.c.settings).where(user_settings.c.user_key == let("user")))
MESSAGE: dict[str, Any] = {"id": "one", "created": 1.5, "updated": 1, "author": "", "card": "", "deleted": False}
ODD = {"a": "quote ' and %s and ? and :x", "b": "\U0001f98a", "c": "one\0two", "d": ""}


@pytest.fixture
async def db(tmp_path: Path, backend: str) -> AsyncIterator[Database]:
    """On both."""
    db = await opened(tmp_path)
    assert (db.path is None) == (backend == "postgres")
    yield db
    await db.close()


@pytest.mark.parametrize("name", ODD)
async def test_values_arrive_as_they_would_through_sqlalchemy(name: str, db: Database) -> None:
    note = Prepared(insert(messages).values({one: let(one) for one in MESSAGE}).returning(messages.c.author))
    plain = MESSAGE | {"author": ODD[name], "card": json.dumps([ODD[name]])}
    kept = (await db.put(note, **plain)).scalar
    async with db.write() as connection:
        again = await connection.execute(insert(messages).values(plain | {"id": "two"}).returning(messages.c.author))
        assert kept == again.scalar_one()
    rows = (await db.ask(Prepared(select(messages.c.card)))).rows
    assert rows[0] == rows[1]


async def test_columns_that_are_not_named_have_their_defaults(db: Database) -> None:
    line = Prepared(
        insert(ledger).values(job_id=let("job"), user_key="u", period="p", kind="reserve", units=4, at=let("at"))
    )
    assert (await db.put(line, job="one", at=1.5)).changed == 1
    async with db.read() as connection:
        row = (await connection.execute(select(ledger))).mappings().one()
    assert (row["job_id"], row["community"], row["units"], row["at"]) == ("one", "", 4, 1.5)


async def test_rows_by_name_and_how_many_were_changed(db: Database) -> None:
    nobody = Prepared(update(jobs).where(jobs.c.id == let("job")).values(units=jobs.c.units + let("more")))
    await db.put(WRITE, user="a", settings="{}")
    found = await db.ask(READ, user="a")
    assert (found.first, found.scalar, len(found.rows)) == ({"settings": "{}"}, "{}", 1)
    gone = await db.ask(READ, user="b")
    assert (gone.first, gone.scalar) == (None, None)
    assert (await db.put(nobody, job="none", more=1)).changed == 0


async def test_in_a_block_it_is_part_of_the_transaction(db: Database) -> None:
    async def broken() -> None:
        async with db.write() as connection:
            await WRITE.run(connection, user="a", settings="{}")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        await broken()
    assert (await db.ask(READ, user="a")).first is None


async def test_a_value_that_is_missing_is_a_fault_of_ours(db: Database) -> None:
    with pytest.raises(KeyError):
        await db.put(WRITE, user="a")


def test_a_statement_is_made_once() -> None:
    assert _line("sqlite") is _line("sqlite")
    assert WRITE.filled({"user": "a", "settings": "{}"})[1] == ["a", "{}"]
