"""A copy of the database while it is in use, by SQLite's online backup, and what it holds."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StoreUnavailable
from bot.jobs.model import OPEN
from storage.damage import Damaged
from storage.db import BUSY_MS
from storage.orphans import KEY

GOING = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
TABLES = ("jobs", "calls", "ledger", "spend", "audit")
BLOCK = 2**20
NEEDED = "NOT (j.deleted AND j.told) OR EXISTS (SELECT 1 FROM jobs c WHERE c.parent_id = j.id AND NOT c.told)"
PARTS = "json_object('image', json_extract(j.request, '$.image_key')) || j.pictures || coalesce(j.shown, '') || j.progress"
NAMING = (
    f"SELECT {PARTS} FROM jobs j WHERE {NEEDED}",  # noqa: S608 - our own words
    f"SELECT k.pictures FROM calls k JOIN jobs j ON j.id = k.job_id WHERE k.pictures != '[]' AND ({NEEDED})",  # noqa: S608
)
"""Rows whose JSON names pictures."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`revision`: of the schema; `counts`: rows by table; `open_jobs`: those not at their end; `sha256`: of the file."""

    path: Path
    revision: str
    counts: dict[str, int]
    open_jobs: int
    sha256: str


async def take(source: Path, target: Path) -> Snapshot:
    """Copy in a thread. Raises StoreUnavailable, or Damaged for a file that is not worth keeping."""
    try:
        return await asyncio.to_thread(_take, source, target)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(str(error)) from error


def _take(source: Path, target: Path) -> Snapshot:
    """In one step, so that writers, who are not held up by it, cannot make it begin again and again."""
    with closing(sqlite3.connect(source, timeout=BUSY_MS / 1000)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=-1)
        new.execute("PRAGMA journal_mode=DELETE")
        found = str(new.execute("PRAGMA quick_check(1)").fetchone()[0])
        if found != "ok":
            raise Damaged(" ".join(found.split()))
    return describe(target)


def describe(path: Path) -> Snapshot:
    """What a copy holds. Raises sqlite3.Error."""
    with closing(sqlite3.connect(path)) as copy:
        revision = str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        counts = {name: _count(copy, name) for name in TABLES}
        going = _count(copy, f"jobs WHERE state IN ({GOING})")
    return Snapshot(path, revision, counts, going, digest(path))


def _count(copy: sqlite3.Connection, where: str) -> int:
    return int(copy.execute(f"SELECT count(*) FROM {where}").fetchone()[0])  # noqa: S608 - our own names


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


async def named(path: Path, size: int = 200) -> AsyncIterator[Sequence[str]]:
    """Keys of the pictures that a copy names, in batches; a key may come twice."""
    reading = _named(path, size)
    while (batch := await asyncio.to_thread(next, reading, None)) is not None:
        yield batch


def _named(path: Path, size: int) -> Iterator[Sequence[str]]:
    with closing(sqlite3.connect(path, check_same_thread=False)) as copy:
        for query in NAMING:
            rows = copy.execute(query)
            while texts := rows.fetchmany(size):
                yield list(dict.fromkeys(key for (text,) in texts for key in KEY.findall(text)))
        rows = copy.execute("SELECT preview FROM styles WHERE preview != ''")
        yield [str(row[0]) for row in rows]
