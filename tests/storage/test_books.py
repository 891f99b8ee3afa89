"""Both books of a job, and the probe of the database."""

from __future__ import annotations

from pathlib import Path

from storage.books import Books
from storage.db import Database, sqlite_url
from storage.migrate import HEAD, upgrade
from storage.probe import probe
from tests.support.core import running_core


async def test_both_books_of_one_job(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job, other = await core.drawn(), await core.drawn()
        books = Books(core.db)
        units, money = await books.ledger(job.id), await books.spend(job.id)
        (call,) = await core.store.calls(job.id)
        assert [(line.kind, line.amount) for line in units] == [("reserve", 4), ("settle", 0)]
        assert [(line.kind, line.amount, line.subject) for line in money] == [("intent", 40_000, call.id)]
        assert await books.ledger("nothing") == []
        assert other.id != job.id


async def test_the_probe_tells_the_revision_and_changes_nothing(tmp_path: Path) -> None:
    db = Database(sqlite_url(f"sqlite:///{tmp_path / 'bot.db'}"))
    assert await probe(db) is None
    await upgrade(db)
    assert await probe(db) == HEAD
    await db.close()
