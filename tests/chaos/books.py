"""The bot's database as an auditor reads it: from outside, with plain SQL, beside the running process."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Row = dict[str, Any]
LISTS = ("ledger", "spend", "reviews", "audit", "notices", "user_days", "community_days")
ENDS = frozenset({"delivered", "failed", "refused", "cancelled", "expired", "uncertain"})


@dataclass(frozen=True, slots=True)
class Books:
    """Every row of the books and of the moderators' desk, read in one transaction."""

    jobs: dict[str, Row]
    calls: dict[str, Row]
    ledger: list[Row]
    spend: list[Row]
    reviews: list[Row] = field(default_factory=list)
    audit: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    user_days: list[Row] = field(default_factory=list)
    community_days: list[Row] = field(default_factory=list)

    def of(self, user: str) -> list[Row]:
        """A user's jobs, oldest first."""
        return sorted((job for job in self.jobs.values() if user_of(job) == user), key=lambda job: float(job["created_at"]))

    def calls_of(self, job_id: str) -> list[Row]:
        """A job's calls."""
        return [call for call in self.calls.values() if call["job_id"] == job_id]


def user_of(job: Row) -> str:
    """The playground's user id."""
    return str(job["user_key"]).partition(":")[2]


def ended(job: Row) -> bool:
    """At an end, and its message was told so."""
    return job["state"] in ENDS and bool(job["told"])


def pictures_of(job: Row) -> list[Row]:
    """What it has drawn."""
    return list(json.loads(job["pictures"]))


def read(where: Path | str) -> Books:
    """Of a folder or an address. Raises sqlite3.OperationalError before the first start has made the tables."""
    return _read_server(where) if isinstance(where, str) else _read_file(where)


def _read_server(address: str) -> Books:
    with psycopg.connect(address, row_factory=dict_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = {table: connection.execute(_all_of(table)).fetchall() for table in ("jobs", "calls", *LISTS)}
    jobs, calls = ({row["id"]: row for row in found[table]} for table in ("jobs", "calls"))
    return Books(jobs, calls, *(found[table] for table in LISTS))


def _read_file(folder: Path) -> Books:
    with closing(sqlite3.connect(f"file:{folder / 'imagine.db'}?mode=ro", uri=True, timeout=10.0)) as database:
        database.row_factory = sqlite3.Row
        database.execute("BEGIN")
        jobs = {row["id"]: row for row in _rows(database, "jobs")}
        calls = {row["id"]: row for row in _rows(database, "calls")}
        return Books(jobs, calls, *(list(_rows(database, table)) for table in LISTS))


def _all_of(table: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))


def _rows(database: sqlite3.Connection, table: str) -> Iterator[Row]:
    """None of a table that an earlier release did not have."""
    there = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    if not there and table in {"user_days", "community_days"}:
        return
    for row in database.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
        yield dict(row)


def job_row(where: Path | str, job_id: str) -> Row | None:
    """One job, without reading all the rest."""
    found = _asked(where, "SELECT * FROM jobs WHERE id = ?", job_id)
    return found[0] if found else None


def open_reviews(where: Path | str) -> list[tuple[str, str]]:
    """Job and user id of every question that waits for the moderators."""
    query = "SELECT jobs.id, jobs.user_key FROM reviews JOIN jobs ON jobs.id = reviews.job_id WHERE reviews.decided = ''"
    return [(row["id"], row["user_key"].partition(":")[2]) for row in _asked(where, query)]


def _asked(where: Path | str, query: str, *values: str) -> list[Row]:
    if isinstance(where, str):
        with psycopg.connect(where, row_factory=dict_row) as connection:
            return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
    with closing(sqlite3.connect(f"file:{where / 'imagine.db'}?mode=ro", uri=True, timeout=10.0)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query, values)]
