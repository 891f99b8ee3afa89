"""Counting and ordering of open jobs: caps are counted from rows, and the order is fair between users.

A waiting job's turn is its place among its user's own jobs, running ones first; jobs go by turn, then by age. So a
user with nothing running comes before the second job of everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CTE, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import BUSY, OPEN, WAITING, Job, JobState
from storage.rows import read_job
from storage.tables import jobs

BUSY_STATES = sorted(state.value for state in BUSY)
WAITING_STATES = sorted(state.value for state in WAITING)


@dataclass(frozen=True, slots=True)
class Counts:
    """Open jobs now."""

    running: int
    waiting: int
    user_running: int
    user_waiting: int


async def counts(connection: AsyncConnection, user_key: str) -> Counts:
    """Count the open jobs, of everybody and of one user."""
    mine = func.sum((jobs.c.user_key == user_key).cast(jobs.c.units.type))
    query = (
        select(jobs.c.state.in_(BUSY_STATES).label("busy"), func.count(), mine)
        .where(jobs.c.state.in_(BUSY_STATES + WAITING_STATES))
        .group_by("busy")
    )
    found = {bool(busy): (int(every), int(own or 0)) for busy, every, own in await connection.execute(query)}
    running, user_running = found.get(True, (0, 0))
    waiting, user_waiting = found.get(False, (0, 0))
    return Counts(running, waiting, user_running, user_waiting)


def _turns() -> CTE:
    busy = (
        select(jobs.c.user_key, func.count().label("n"))
        .where(jobs.c.state.in_(BUSY_STATES))
        .group_by(jobs.c.user_key)
        .cte("busy")
    )
    nth = func.row_number().over(partition_by=jobs.c.user_key, order_by=(jobs.c.created_at, jobs.c.id))
    turn = (nth + func.coalesce(busy.c.n, 0)).label("turn")
    return (
        select(jobs.c.id, jobs.c.state, jobs.c.created_at, turn)
        .outerjoin(busy, busy.c.user_key == jobs.c.user_key)
        .where(jobs.c.state.in_(WAITING_STATES))
        .cte("turns")
    )


def admissible(user_running: int, free: int) -> Select[tuple[str]]:
    """Ids of the jobs that may start now: placed, within their user's cap, at most `free`, in the fair order."""
    turns = _turns()
    return (
        select(turns.c.id)
        .where(turns.c.turn <= user_running, turns.c.state == JobState.QUEUED.value)
        .order_by(turns.c.turn, turns.c.created_at, turns.c.id)
        .limit(free)
    )


async def ahead(connection: AsyncConnection, job_id: str) -> int:
    """How many waiting jobs go before this one."""
    turns = _turns()
    place = func.row_number().over(order_by=(turns.c.turn, turns.c.created_at, turns.c.id)).label("place")
    ranked = select(turns.c.id, place).cte("ranked")
    found = (await connection.execute(select(ranked.c.place).where(ranked.c.id == job_id))).scalar()
    return int(found) - 1 if found else 0


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
