"""What was drawn and what it cost, summed from the job rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, case, cast, func, select

from bot.jobs.model import JobState
from storage.db import Database
from storage.dialect import day_of, length_of, text_at
from storage.tables import jobs

BY: dict[str, ColumnElement[str]] = {
    "provider": jobs.c.provider,
    "community": jobs.c.platform + ":" + jobs.c.community,
    "user": jobs.c.user_key,
    "day": day_of(jobs.c.created_at),
}
"""How usage may be grouped. A day is a UTC day."""
ARRIVED: ColumnElement[int] = case(
    (jobs.c.state != JobState.DELIVERED.value, 0),
    (jobs.c.pictures == "[]", cast(text_at(jobs.c.request, "$.count"), Integer)),
    else_=length_of(jobs.c.pictures),
)
"""Delivered pictures of a job; of those that were swept, `storage.sweeping` has left the number in `count`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group: jobs asked for and delivered, delivered pictures, micro-USD reckoned and spent (on failed jobs, too)."""

    group: str
    asked: int
    delivered: int
    pictures: int
    estimate: int
    cost: int

    @property
    def per_picture(self) -> float | None:
        """Micro-USD per delivered picture; None where none was delivered."""
        return self.cost / self.pictures if self.pictures else None


async def usage(db: Database, by: str, since: float) -> list[Line]:
    """Jobs asked for since that moment (unix seconds), dearest group first. Raises KeyError for an unknown grouping."""
    delivered = jobs.c.state == JobState.DELIVERED.value
    columns = (
        func.count().label("asked"),
        func.sum(case((delivered, 1), else_=0)).label("delivered"),
        func.sum(ARRIVED).label("pictures"),
        func.sum(jobs.c.estimate).label("estimate"),
        func.sum(jobs.c.cost).label("cost"),
    )
    group = BY[by].label("grouped")
    query = (
        select(group, *columns)
        .where(jobs.c.created_at >= since)
        .group_by(group)
        .order_by(func.sum(jobs.c.cost).desc(), group)
    )
    async with db.read() as connection:
        return [Line(row.grouped, *map(int, row[1:])) for row in await connection.execute(query)]
