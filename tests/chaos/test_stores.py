"""Full, locked, away, torn, damaged: the real process goes on when it is over, or says at once how to go on."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.texts import playground as texts
from storage.db import Database, sqlite_url
from storage.migrate import upgrade
from tests.chaos.recovery import Verdict, judge, wait_for_ends
from tests.chaos.stores import PAGE, endure, killed, torn
from tests.support.bot import running_bot
from tests.support.process import bot_process

pytestmark = pytest.mark.timeout(120)


@pytest.mark.parametrize("fault", ["disk full", "pictures away", pytest.param("locked", marks=pytest.mark.slow)])
async def test_jobs_wait_and_finish_when_it_is_over(tmp_path: Path, fault: str) -> None:
    verdict, answer = await endure(tmp_path, fault)
    assert verdict.faults == []
    assert {job["state"] for job in verdict.books.jobs.values()} == {"delivered"}
    status, told = answer
    if fault == "disk full":
        assert (status, verdict.jobs) == (503, 6), "nothing was accepted"
        assert texts.FAILED in told
    else:
        assert (status, verdict.jobs) == (200, 7), "accepted, and waited for"


async def test_a_torn_log_loses_what_was_not_committed_and_nothing_else(tmp_path: Path) -> None:
    verdict = await torn(tmp_path)
    assert verdict.faults == []
    assert [job["state"] for job in verdict.books.jobs.values()] == ["delivered"] * 4


@pytest.mark.slow
async def test_a_log_that_lost_its_end_is_a_state_of_a_moment_before(tmp_path: Path) -> None:
    """A disk that lied about what it had written: the last commits are gone as a whole, the rest agrees with itself."""
    async with killed(tmp_path) as (den, people, vendor):
        log = den.folder / "imagine.db-wal"
        os.truncate(log, log.stat().st_size - 3 * (PAGE + 24) - 100)
        verdict = Verdict("cut log", 1)
        async with den.life() as life:
            people.base = life.url
            await wait_for_ends(den.folder, life)
            await judge(verdict, den.folder, people, vendor)
        assert verdict.lost + verdict.doubled + verdict.unended + verdict.others == []
        with closing(sqlite3.connect(den.folder / "imagine.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_damaged_database_is_one_sentence_with_the_way_back(tmp_path: Path) -> None:
    """Pages at its end, which nothing would have read for a while."""
    folder = tmp_path / "data"
    (folder / "backups").mkdir(parents=True)
    (folder / "backups" / "last.tar").touch()
    await damaged(folder, -4 * PAGE, os.SEEK_END)
    async with bot_process(tmp_path) as bot:
        code, _, log = await bot.ended()
    (line,) = [line for line in log.splitlines() if not line.startswith("{")]
    assert code == 2
    assert line.startswith("The database data/imagine.db is damaged (")
    assert line.endswith("`imagine-bot restore data/backups/last.tar --force`, which sets the damaged file aside.")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    await damaged(tmp_path, 0)
    with pytest.raises(StartError, match=r"imagine\.db is damaged \(file is not a database\).*`imagine-bot restore BACKUP"):
        async with running_bot(tmp_path, {}):
            pass


async def damaged(folder: Path, at: int, whence: int = os.SEEK_SET) -> None:
    """A database of this version, and two pages of it overwritten."""
    db = Database(sqlite_url(f"sqlite:///{folder / 'imagine.db'}"))
    await upgrade(db)
    await db.close()
    with (folder / "imagine.db").open("r+b") as file:
        file.seek(at, whence)
        file.write(b"\xff" * 2 * PAGE)
