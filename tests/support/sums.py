"""The sums that the database keeps, counted again from the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from storage.db import Database
from storage.sums_tables import community_days, user_days
from storage.tables import ledger, spend

Rows = Sequence[Mapping[str, Any]]
Sums = Counter[tuple[str, ...]]


def astray(lines: Rows, money: Rows, users: Rows, communities: Rows) -> Iterator[str]:
    """A line for every sum that is not what the books say, and for every one that no line stands behind."""
    kept, counted = kept_sums(users, communities), counted_sums(lines, money)
    for where in sorted({*kept, *counted}):
        if kept[where] != counted[where]:
            yield f"{where}: {kept[where]} is kept, the lines say {counted[where]}"
    known = {(line["user_key"], line["period"], line["community"]) for line in lines}
    for row in users:
        if (row["user_key"], row["period"], row["community"]) not in known:
            yield f"{row['user_key']} is summed and has no line"


def counted_sums(lines: Rows, money: Rows) -> Sums:
    """By what they count, key and day."""
    found: Sums = Counter()
    for line in lines:
        granted = line["kind"] == "grant"
        found["granted" if granted else "units", line["user_key"], line["period"], line["community"]] += line["units"]
        if line["community"] and not granted:
            found["pictures", line["community"], line["period"]] += line["units"]
    for line in money:
        if line["community"]:
            found["micro_usd", line["community"], line["period"]] += line["micro_usd"]
    return found


def kept_sums(users: Rows, communities: Rows) -> Sums:
    """The same as the tables have them."""
    found: Sums = Counter()
    for row in users:
        for what in ("units", "granted"):
            found[what, row["user_key"], row["period"], row["community"]] = row[what]
    for row in communities:
        for what in ("pictures", "micro_usd"):
            found[what, row["community"], row["period"]] += row[what]
    return found


async def sums_astray(db: Database) -> list[str]:
    """Of a store's database."""
    async with db.read() as connection:
        tables = [
            (await connection.execute(select(one))).mappings().all() for one in (ledger, spend, user_days, community_days)
        ]
    return list(astray(*tables))  # type: ignore[arg-type]  # a RowMapping is a Mapping
