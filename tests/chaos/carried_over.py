"""What a release had written down: it is still there after an upgrade, and what moderators had set still holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.books import open_reviews
from tests.chaos.people import MODERATOR, People

LASTING = (
    *("ledger", "spend", "user_settings", "communities", "rules", "blocks", "overrides"),
    *("audit", "reports", "styles", "aliases"),
)
"""Tables in which no life of a job changes a row that is there."""
HELD_BACK = frozenset({"held", "review"})
"""States of jobs that wait for a moderator."""
EYES = (
    ("barred", "/imagine a fox", "spam"),
    ("reader", "/imagine a pineapple", "no fruit here"),
    ("reader", "/style show ink", "ink drawing of"),
    (MODERATOR, "/imagine-admin user limited", "40"),
)
"""Who types what, and what the answer says, where a desk had been in use."""


@dataclass(frozen=True, slots=True)
class Table:
    """Its columns then, and its rows."""

    columns: tuple[str, ...]
    rows: frozenset[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Left:
    """What a release left: lasting tables by name, states of its jobs, and the ids of those that moderators must decide."""

    tables: Mapping[str, Table]
    states: Mapping[str, str]
    waiting: frozenset[str]

    @property
    def desk(self) -> bool:
        """Whether it knew moderators."""
        return "audit" in self.tables


def look(folder: Path) -> Left:
    """Before today's bot starts: the tables are the release's own."""
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables = {name: _table(database, name) for name in LASTING if name in there}
        database.row_factory = sqlite3.Row
        jobs = [dict(row) for row in database.execute("SELECT * FROM jobs")]
    asked = {job_id for job_id, _ in open_reviews(folder)} if "audit" in there else set()
    waiting = asked | {job["id"] for job in jobs if job["state"] in HELD_BACK and not job["verdict"]}
    return Left(tables, {job["id"]: job["state"] for job in jobs}, frozenset(waiting))


def _table(database: sqlite3.Connection, name: str, columns: tuple[str, ...] = ("*",)) -> Table:
    query = database.execute(f"SELECT {', '.join(columns)} FROM {name}")  # noqa: S608 - our own names
    return Table(tuple(f'"{column[0]}"' for column in query.description), frozenset(query))


def gone(folder: Path, left: Left) -> Iterator[str]:
    """Rows that are not there any more as they were, and settings that somebody had to save once more."""
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        for name, table in left.tables.items():
            missing = table.rows - _table(database, name, table.columns).rows
            yield from (f"{name} has lost {row}" for row in missing)
        if left.desk:
            ((saved,),) = database.execute("SELECT count(*) FROM audit WHERE what = 'setting'")
            if saved != 1:
                yield f"the community's settings were saved {saved} times: they were not read as they stood"


async def unheeded(people: People, left: Left) -> list[str]:
    """What moderators had set and does not hold."""
    said = [(line, words, json.dumps(await people.command(user, line))) for user, line, words in EYES] if left.desk else []
    return [f"{line} does not say {words!r}: {answer}" for line, words, answer in said if words not in answer]
