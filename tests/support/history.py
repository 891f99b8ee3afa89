"""Years of old jobs in a database, quickly: one job that really was drawn is copied in SQL, with all that hangs on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

YEARS = 2 * 365 * 86400.0
"""How far back the copies go; the youngest is a day old."""
ID = "printf('%08x%012x', (n * 2654435761) % 4294967296, n)"
"""Twenty hex digits like a real id, and in no order: an index must be walked as it would be."""
STATES = (
    "CASE WHEN n % 1000 = 7 THEN 'uncertain' WHEN n % 33 = 0 THEN 'failed' WHEN n % 50 = 1 THEN 'cancelled' ELSE t.state END"
)
MANY = "n % 10 = 0"
"""A tenth of all jobs is the template's own user's; the others have fifty users to a thousand jobs."""
HALF = "n % 2 = 0"
"""Half of all jobs is in the template's own community; the others are spread over 97."""


@dataclass(frozen=True, slots=True)
class Template:
    """The job that is copied, and its only call."""

    job: str
    call: str
    at: float


def multiply(path: Path, count: int, now: float, span: float = YEARS) -> None:
    """Add so many copies of the first delivered job: its row, calls, both books, its audit entries.

    `span`: seconds over which they are spread. `path`: a database that no process has open. Raises LookupError where no
    job was delivered.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {pragma}")
        found = _template(connection)
        connection.execute("BEGIN")
        indexes = _without_indexes(connection)
        for table, values in _tables(count, now, span).items():
            _copy(connection, table, values, count, found)
        for one in indexes:
            connection.execute(one)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def analyze(path: Path) -> None:
    """What the query planner knows about tables of that shape."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")
        connection.commit()


def _template(connection: sqlite3.Connection) -> Template:
    query = "SELECT id, created_at FROM jobs WHERE state = 'delivered' AND pictures != '[]' ORDER BY created_at LIMIT 1"
    job = connection.execute(query).fetchone()
    if job is None:
        raise LookupError("no job was delivered here")
    call = connection.execute("SELECT id FROM calls WHERE job_id = ?", (job[0],)).fetchone()
    return Template(job[0], call[0], job[1])


def _without_indexes(connection: sqlite3.Connection) -> list[str]:
    """Dropped, and how each is made again: that is quicker than to keep them in order."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def _tables(count: int, now: float, span: float) -> dict[str, dict[str, str]]:
    """Per table what differs from the template; `n` counts from 1, `t` is the template's row."""
    at = f"({now - span} + n * {(span - 86400.0) / count})"
    later = f"({at} + 20.0)"
    job, call = ID, f"'c' || substr({ID}, 2)"

    def who(column: str) -> str:
        prefix = f"substr(t.{column}, 1, instr(t.{column}, ':'))"
        return f"CASE WHEN {MANY} THEN t.{column} ELSE {prefix} || (n * 7919 % {max(1, count // 20)}) END"

    def where(column: str) -> str:
        prefix = f"substr(t.{column}, 1, instr(t.{column}, ':'))"
        return f"CASE WHEN {HALF} OR t.{column} = '' THEN t.{column} ELSE {prefix} || (n % 97) END"

    def named(column: str) -> str:
        return f"replace(replace(t.{column}, :job, {job}), :call, {call})"

    times = {"created_at": at, "started_at": f"{at} + 1.0", "ended_at": later}
    jobs = {"id": job, "key": f"'old:' || {job}", "state": STATES, "user_key": who("user_key"), "reply": "NULL", **times}
    jobs |= {"community_key": where("community_key"), "due_at": "NULL", "lease": "''", "lease_until": "0.0", "told": "1"}
    jobs |= {"deleted": "0", "hidden": "0"}
    jobs |= {"pictures": named("pictures"), "shown": named("shown")}
    calls = {"id": call, "job_id": job, "created_at": at, "sent_at": at, "polled_at": later, "pictures": named("pictures")}
    book = {"id": "NULL", "job_id": job, "period": f"date({at}, 'unixepoch')", "at": at}
    return {
        "jobs": jobs,
        "calls": calls,
        "ledger": book | {"user_key": who("user_key"), "community": where("community")},
        "spend": book | {"call_id": call, "community": where("community")},
        "audit": {"id": "NULL", "community": where("community"), "actor": who("actor"), "subject": who("subject"),
                  "job_id": job, "at": at, "once": "CASE WHEN t.once = '' THEN '' ELSE t.once || n END"},
    }  # fmt: skip


def _copy(connection: sqlite3.Connection, table: str, values: dict[str, str], count: int, found: Template) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(f'"{column}"' for column in columns)
    chosen = ", ".join(values.get(column, f't."{column}"') for column in columns)
    key = "id" if table == "jobs" else "job_id"
    connection.execute(
        f"INSERT INTO {table} ({names}) WITH RECURSIVE ns(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM ns WHERE n < :count)"  # noqa: S608  (names of our own tables)
        f" SELECT {chosen} FROM (SELECT * FROM {table} WHERE {key} = :job) t CROSS JOIN ns",
        {"count": count, "job": found.job, "call": found.call},
    )
