"""What stands in the books."""

from __future__ import annotations

from sqlalchemy import select

from storage.db import Database
from storage.tables import calls, jobs, ledger, spend

Sums = dict[str, int]


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
