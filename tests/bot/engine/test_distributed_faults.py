"""The queue under faults: connections cut, workers killed, a server that is away."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from bot.engine.distributed import DistributedEngine
from bot.engine.queue import Queue
from bot.errors import StartError
from tests.bot.engine.processes import Processes, Rows, asked, done_when
from tests.contract.test_engine import Looks
from tests.support import postgres
from tests.support.wait import eventually


async def test_connections_that_are_cut_are_made_anew(processes: Processes) -> None:
    one, web, looks = await processes.one(), await processes.one(works=False), processes.looks
    web.wake("before")
    await looks.until("before", 1)
    asked(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'imagine-bot engine' AND datname = current_database()"
    )
    web.wake("after")
    await looks.until("after", 1)
    one.wake("and again")
    await looks.until("and again", 1)
    assert set(looks.seen) == {"before", "after", "and again"}


async def test_a_worker_that_fell_out_of_the_queue_comes_back(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    real, fell = Queue.work, []

    async def falls(queue: Queue, parallel: int) -> None:
        fell.append(parallel)
        if len(fell) < 3:
            raise RuntimeError("the line broke")
        await real(queue, parallel)

    monkeypatch.setattr(Queue, "work", falls)
    monkeypatch.setattr("bot.engine.distributed.RESTART_SECONDS", 0.01)
    await processes.one()
    (await processes.one(works=False)).wake("a")
    await processes.looks.until("a", 1)
    assert len(fell) == 3


async def test_after_an_outage_leases_that_ended_meanwhile_count_for_a_while(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their holders could not renew them, and hold what vendors have answered."""
    monkeypatch.setattr("bot.engine.distributed.OUTAGE_SECONDS", 1.0)
    rows = processes.rows
    await processes.one()
    await eventually(lambda: done_when(bool(rows.free_at)))
    assert rows.free_at[-1] > 0
    rows.fails = OSError("the server restarts")
    await eventually(lambda: done_when(rows.failed > 0))
    rows.free_at.clear()
    rows.fails = None
    await eventually(lambda: done_when(bool(rows.free_at)))
    assert rows.free_at[0] == 0.0
    await eventually(lambda: done_when(rows.free_at[-1] > 0))


async def test_what_killed_workers_had_taken_is_thrown_away(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.distributed.PRUNE_SECONDS", 0.1)
    await processes.one()
    asked("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('looks', 'look', 'doing') RETURNING id")
    await eventually(lambda: done_when(asked("SELECT count(*) FROM procrastinate_jobs") == [(0,)]))
    assert processes.looks.seen == []


async def test_processes_that_start_together_make_the_tables_once() -> None:
    url = postgres.create(f"together{os.getpid()}")

    async def due(_moment: float, _free_at: float, _limit: int) -> list[str]:
        return []

    engines = [DistributedEngine(url, Looks(), due, time.time) for _ in range(3)]
    came = await asyncio.gather(*(one.start() for one in engines), return_exceptions=True)
    for one in engines:
        await one.stop(1.0)
    assert came == [None] * 3


async def test_a_server_that_is_not_there_is_said() -> None:
    engine = DistributedEngine("postgresql://nobody@127.0.0.1:1/none", Looks(), Rows(), time.time)
    with pytest.raises(StartError, match="The job engine cannot use the database"):
        await engine.start()
