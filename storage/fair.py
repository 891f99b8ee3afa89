"""Counting and ordering of open jobs: caps are counted from rows, and the order is fair between users.

A waiting job's turn is its place among its user's own jobs, running ones first; jobs go by turn, then by age. So a
user with nothing running comes before the second job of everybody else. A job's age counts from when its user was last
served, if that is later: where only one job runs at a time, every waiting job would be its user's first otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import CTE, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import BUSY, OPEN, WAITING, Job, JobState
from storage.prepared import Prepared, let
from storage.rows import read_job
from storage.tables import jobs

BUSY_STATES = sorted(state.value for state in BUSY)
WAITING_STATES = sorted(state.value for state in WAITING)
IN_LINE = sorted(state.value for state in WAITING - {JobState.HELD})
"""A job that waits for a moderator stands in nobody's way."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Open jobs now."""

    running: int
    waiting: int
    user_running: int
    user_waiting: int
    in_line: int
    """Waiting jobs but for those that wait for a moderator."""


def _counts() -> Prepared:
    own = func.sum(jobs.c.user_key.in_([let("mine"), let("anonymous")]).cast(jobs.c.units.type)).label("own")
    in_line = func.sum(jobs.c.state.in_(IN_LINE).cast(jobs.c.units.type)).label("lined")
    query = select(jobs.c.state.in_(BUSY_STATES).label("busy"), func.count().label("every"), own, in_line)
    return Prepared(query.where(jobs.c.state.in_(BUSY_STATES + WAITING_STATES)).group_by("busy"))


COUNTS = _counts()


async def counts(connection: AsyncConnection, *users: str) -> Counts:
    """Count the open jobs, of everybody and of one user, under their key and their anonymous one."""
    mine, anonymous = users or ("", "")
    rows = (await COUNTS.run(connection, mine=mine, anonymous=anonymous)).rows
    found = {bool(row["busy"]): (int(row["every"]), int(row["own"] or 0), int(row["lined"] or 0)) for row in rows}
    running, user_running, _ = found.get(True, (0, 0, 0))
    waiting, user_waiting, lined = found.get(False, (0, 0, 0))
    return Counts(running, waiting, user_running, user_waiting, lined)


@cache
def _turns() -> CTE:
    """Built once: building it takes longer than running it over a hundred jobs."""
    busy = (
        select(jobs.c.user_key, func.count().label("n"))
        .where(jobs.c.state.in_(BUSY_STATES))
        .group_by(jobs.c.user_key)
        .cte("busy")
    )
    nth = func.row_number().over(partition_by=jobs.c.user_key, order_by=(jobs.c.created_at, jobs.c.id))
    turn = (nth + func.coalesce(busy.c.n, 0)).label("turn")
    served = jobs.alias("served")
    last = (
        select(served.c.started_at)
        .where(served.c.user_key == jobs.c.user_key, served.c.started_at.is_not(None))
        .order_by(served.c.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            jobs.c.id,
            jobs.c.state,
            jobs.c.running_cap,
            case((last > jobs.c.created_at, last), else_=jobs.c.created_at).label("since"),
            turn,
        )
        .outerjoin(busy, busy.c.user_key == jobs.c.user_key)
        .where(jobs.c.state.in_(IN_LINE))
        .cte("turns")
    )


@cache
def _admissible() -> Prepared:
    turns = _turns()
    cap = case((turns.c.running_cap > 0, turns.c.running_cap), else_=let("user_running", jobs.c.running_cap.type))
    return Prepared(
        select(turns.c.id)
        .where(turns.c.turn <= cap, turns.c.state == JobState.QUEUED.value)
        .order_by(turns.c.turn, turns.c.since, turns.c.id)
        .limit(let("free", jobs.c.units.type))
    )


async def admissible(connection: AsyncConnection, user_running: int, free: int) -> list[str]:
    """Ids of the jobs that may start now: placed, within their user's cap, at most `free`, in the fair order.

    `user_running`: the cap of users that have none of their own.
    """
    return [row["id"] for row in (await _admissible().run(connection, user_running=user_running, free=free)).rows]


async def line(connection: AsyncConnection) -> dict[str, int]:
    """How many waiting jobs go before each waiting job, by id."""
    return {row["id"]: place for place, row in enumerate((await _in_order().run(connection)).rows)}


@cache
def _in_order() -> Prepared:
    turns = _turns()
    return Prepared(select(turns.c.id).order_by(turns.c.turn, turns.c.since, turns.c.id))


async def child(connection: AsyncConnection, parent_id: str, action: str, index: int) -> Job | None:
    """The newest child of that action that is open, or delivered and not deleted."""
    alive = [state.value for state in OPEN] + [JobState.DELIVERED.value]
    query = (
        select(jobs)
        .where(jobs.c.parent_id == parent_id, jobs.c.action == action, jobs.c.parent_index == index)
        .where(jobs.c.state.in_(alive), jobs.c.deleted.is_(False))
        .order_by(jobs.c.created_at.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().first()
    return read_job(row) if row else None
