"""Several engines over one queue, and rows that they look at."""

from __future__ import annotations

import os
import time
from functools import cache

import psycopg

from bot.engine.distributed import DistributedEngine
from bot.engine.queue import SCHEMA
from tests.contract.test_engine import Looks
from tests.support import postgres


@cache
def database() -> str:
    return postgres.create(f"engine{os.getpid()}")


def asked(question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database(), autocommit=True, options=f"-c search_path={SCHEMA}") as connection:
        return list(connection.execute(question.encode()).fetchall())


class Rows:
    """The job table as the engine sees it: when each job is due, and what living leases hold."""

    def __init__(self) -> None:
        self.due: dict[str, float] = {}
        self.held: set[str] = set()
        self.fails: Exception | None = None
        self.failed = 0
        self.free_at: list[float] = []

    async def __call__(self, moment: float, free_at: float, limit: int) -> list[str]:
        if self.fails is not None:
            self.failed += 1
            raise self.fails
        self.free_at.append(free_at)
        return [job for job, when in sorted(self.due.items()) if when <= moment and job not in self.held][:limit]


class Processes:
    """Engines over one database; the first ones' looks and rows are everybody's."""

    def __init__(self) -> None:
        self.looks, self.rows = Looks(), Rows()
        self.running: list[DistributedEngine] = []
        self.ahead = 0.0
        """Seconds by which everybody's clock is fast."""

    def clock(self) -> float:
        return time.time() + self.ahead

    async def one(self, *, works: bool = True, parallel: int = 200, looks: Looks | None = None) -> DistributedEngine:
        look = looks or self.looks

        async def advance(job_id: str) -> float | None:
            self.rows.due.pop(job_id, None)
            self.rows.held.add(job_id)
            try:
                wait = await look(job_id)
            finally:
                self.rows.held.discard(job_id)
            if wait is not None:
                self.rows.due[job_id] = self.clock() + wait
            return wait

        made = DistributedEngine(database(), advance, self.rows, self.clock, works=works, tick=0.05, parallel=parallel)
        await made.start()
        self.running.append(made)
        return made

    async def stop(self, one: DistributedEngine, grace: float = 1.0) -> None:
        self.running.remove(one)
        await one.stop(grace)


async def done_when(true: bool) -> bool:
    return true
