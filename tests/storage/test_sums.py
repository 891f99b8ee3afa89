"""The sums by day are what the lines say: of an old database, after everything that is written, on both kinds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, select, text

from bot.jobs.model import JobState
from bot.policy.records import Entry, Period, What
from storage.db import Database, sqlite_url
from storage.migrate import upgrade
from storage.postgres import PostgresDatabase, postgres_url
from storage.sums import community_used, used
from storage.sums_tables import community_days, user_days
from tests.support.policy import ANN, CAPS, HERE, NOW, desk_on, entry
from tests.support.postgres import create
from tests.support.rows import key, new_job
from tests.support.sums import sums_astray

DAY = "2026-01-30"
LINES = """
    INSERT INTO ledger (job_id, user_key, community, period, kind, units, at) VALUES
    ('a', 'u', 'c', '2026-01-30', 'reserve', 4, 1), ('a', 'u', 'c', '2026-01-30', 'refund', -3, 1),
    ('b', 'u', 'c', '2026-01-02', 'reserve', 8, 1), ('b', 'u', 'c', '2026-01-02', 'settle', 0, 1),
    ('c', 'u', '', '2026-01-30', 'reserve', 2, 1), ('d', 'v', 'c', '2025-12-31', 'reserve', 16, 1),
    ('g', 'u', '', '2026-01-30', 'grant', -1, 1), ('h', 'u', 'c', '2026-01-30', 'grant', -10, 1)
"""
MONEY = """
    INSERT INTO spend (call_id, job_id, kind, micro_usd, at, community, period) VALUES
    ('x', 'a', 'intent', 5000000000, 1, 'c', '2026-01-30'), ('x', 'a', 'done', -1, 1, 'c', '2026-01-30'),
    ('y', 'b', 'intent', 7, 1, 'c', '2026-01-02'), ('z', 'c', 'intent', 9, 1, '', '2026-01-30')
"""


def fifth(connection: Connection) -> None:
    """The schema before there were sums, and what stood in its books."""
    config = Config()
    config.set_main_option("script_location", "storage/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "0005")
    for lines in (LINES, MONEY):
        connection.execute(text(lines))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_an_old_database_is_summed_up_and_kept_so(tmp_path: Path, kind: str) -> None:
    on_server = kind == "postgres"
    db = (
        PostgresDatabase(postgres_url(create("sums"))) if on_server else Database(sqlite_url(f"sqlite:///{tmp_path}/bot.db"))
    )
    async with db.write() as connection:
        await connection.run_sync(fifth)
    assert await upgrade(db) == "0005"
    async with db.read() as connection:
        assert await used(connection, ("u", "-"), DAY, "elsewhere") == Period(2, 10)
        assert await used(connection, ("-", "u"), DAY, "c") == Period(-8, 0)
        assert await community_used(connection, "c", DAY) == (Period(1, 9), Period(4_999_999_999, 5_000_000_006))
    assert await sums_astray(db) == []
    more = LINES.replace("('", "('more ").replace("'u'", "'w'")
    async with db.write() as connection:
        for statement in (more, MONEY.replace("('", "('more "), "UPDATE ledger SET user_key = 'anon' WHERE user_key = 'u'"):
            await connection.execute(text(statement))
    assert await sums_astray(db) == []
    async with db.read() as connection:
        assert "u" not in (await connection.execute(select(user_days.c.user_key))).scalars().all()
        assert "" not in (await connection.execute(select(community_days.c.community))).scalars().all()
    await db.close()


async def test_everything_that_is_written_is_summed(tmp_path: Path, backend: str) -> None:
    async with desk_on(tmp_path) as desk:
        for state in JobState:
            await desk.job(state=state)
        jobs = [replace(new_job(user, at=NOW), estimate=40_000) for user in ("ann", "bob", "cid") * 4]
        await asyncio.gather(*(desk.store.accept(job, key(), CAPS, NOW) for job in jobs))
        await desk.policy.grant(HERE, ANN, 5, entry(What.GRANTED), NOW)
        await desk.policy.reset(HERE, ANN, entry(What.RESET), NOW)
        await desk.policy.grant("", ANN, 5, entry(What.GRANTED), NOW)
        assert await sums_astray(desk.db) == []
        await desk.policy.erase(ANN, Entry("", What.ERASED), NOW)
        assert await sums_astray(desk.db) == []
        async with desk.db.read() as connection:
            assert ANN not in (await connection.execute(select(user_days.c.user_key))).scalars().all(), backend
