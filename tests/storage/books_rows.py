"""An empty database, and what stands in its books."""

from __future__ import annotations

import asyncio
import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import select

from storage.db import Database, sqlite_url
from storage.tables import calls, jobs, ledger, spend
from tests.support.template import prepared

Sums = dict[str, int]


@cache
def template() -> Path:
    """An empty database, made once: the scripts of all revisions take longer than a whole run."""
    path = Path(tempfile.mkdtemp()) / "empty.db"

    async def make() -> None:
        db = Database(sqlite_url(f"sqlite:///{path}"), synchronous="OFF")
        await prepared(db)
        await db.close()

    asyncio.run(make())
    return path


async def read_rows(db: Database) -> tuple[dict[str, tuple[str, int]], dict[str, Sums], Sums, Sums]:
    """By job: state and cost; units by kind of line, each at most once; money. And the cost of each call."""
    units: dict[str, Sums] = {}
    spent: Sums = {}
    async with db.read() as connection:
        found = await connection.execute(select(jobs.c.id, jobs.c.state, jobs.c.cost))
        rows = {row.id: (row.state, row.cost) for row in found}
        for line in await connection.execute(select(ledger).where(ledger.c.kind != "grant")):
            assert line.kind not in units.setdefault(line.job_id, {})
            units[line.job_id][line.kind] = line.units
        for line in await connection.execute(select(spend)):
            spent[line.job_id] = spent.get(line.job_id, 0) + line.micro_usd
        booked = {row.id: row.cost for row in await connection.execute(select(calls.c.id, calls.c.cost))}
    return rows, units, spent, booked
