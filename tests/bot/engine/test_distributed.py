"""What only the engine of several processes has: the way through Postgres, rows left behind, the hand-over at a stop."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import psycopg
import pytest
from procrastinate.manager import JobManager

from bot.engine.distributed import DistributedEngine
from bot.engine.queue import SCHEMA, Queue
from bot.errors import StartError
from bot.jobs.ports import Held
from tests.contract.test_engine import Looks
from tests.support import postgres
from tests.support.wait import eventually


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
        self.free_at: list[float] = []

    async def __call__(self, moment: float, free_at: float, limit: int) -> list[str]:
        if self.fails is not None:
            raise self.fails
        self.free_at.append(free_at)
        return [job for job, when in sorted(self.due.items()) if when <= moment and job not in self.held][:limit]


class Processes:
    """Engines over one database; the first ones' looks and rows are everybody's."""

    def __init__(self) -> None:
        self.looks, self.rows = Looks(), Rows()
        self.running: list[DistributedEngine] = []

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
                self.rows.due[job_id] = time.time() + wait
            return wait

        made = DistributedEngine(database(), advance, self.rows, time.time, works=works, tick=0.05, parallel=parallel)
        await made.start()
        self.running.append(made)
        return made

    async def stop(self, one: DistributedEngine, grace: float = 1.0) -> None:
        self.running.remove(one)
        await one.stop(grace)


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    if asked("SELECT to_regclass('procrastinate_jobs')") != [(None,)]:
        asked("DELETE FROM procrastinate_jobs RETURNING id")  # wakes that a test left to whoever comes
    made = Processes()
    yield made
    made.looks.gate.set()
    for one in made.running:
        await one.stop(1.0)
    assert asked("SELECT id, status FROM procrastinate_jobs WHERE status <> 'todo'") == [], "its tables grow"


async def test_who_does_not_work_wakes_and_never_looks(processes: Processes) -> None:
    web, looks = await processes.one(works=False, looks=(own := Looks())), processes.looks
    await processes.one()
    processes.rows.due["left"] = 0.0
    web.wake("a")
    await looks.until("a", 1)
    await looks.until("left", 1)
    assert own.seen == []


async def test_a_thousand_wakes_are_a_few_looks(processes: Processes) -> None:
    web = await processes.one(works=False)
    for _ in range(1000):
        web.wake("a")
    await processes.one()
    await processes.looks.until("a", 1)
    processes.looks.gate.clear()
    web.wake("b")
    await processes.looks.until("b", 1)
    for _ in range(20):
        for _ in range(50):
            web.wake("b")
        await asyncio.sleep(0.001)
    processes.looks.gate.set()
    await processes.looks.until("b", 2)
    web.wake("end")
    await processes.looks.until("end", 1)
    assert processes.looks.seen.count("a") == 1
    assert processes.looks.seen.count("b") <= 10, "one while it is looked at, few after"


async def test_a_batch_with_one_that_waits_already_loses_no_other(processes: Processes) -> None:
    first, second = await processes.one(works=False), await processes.one(works=False)
    first.wake("j3")
    await eventually(lambda: _done(first.lag == 0.0 and asked("SELECT count(*) FROM procrastinate_jobs") == [(1,)]))
    for n in range(7):
        second.wake(f"j{n}")
    await eventually(lambda: _done(asked("SELECT count(*) FROM procrastinate_jobs") == [(7,)]))
    await processes.one()
    for n in range(7):
        await processes.looks.until(f"j{n}", 1)
    assert sorted(processes.looks.seen) == [f"j{n}" for n in range(7)]


async def test_a_wake_that_comes_while_the_worker_asks_for_more_is_not_forgotten(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes between the answer "nothing" and the rest that follows; no poll helps here."""
    fetch = JobManager.fetch_job

    async def slow(*args: Any, **named: Any) -> Any:
        found = await fetch(*args, **named)
        if found is None:
            await asyncio.sleep(0.2)
        return found

    monkeypatch.setattr(JobManager, "fetch_job", slow)
    monkeypatch.setattr("bot.engine.queue.POLL_SECONDS", 1000.0)
    web = await processes.one(works=False)
    await processes.one()
    listens = "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    await eventually(lambda: _done(asked(listens) == [(True,)]))
    web.wake("first")
    await processes.looks.until("first", 1)
    await asyncio.sleep(0.05)  # in the midst of the next answer, or at least no sooner than it
    web.wake("second")
    await processes.looks.until("second", 1)
    assert processes.looks.seen == ["first", "second"]


async def test_two_workers_share_the_work(processes: Processes) -> None:
    mine, theirs = Looks(), Looks()
    await processes.one(parallel=2, looks=mine)
    await processes.one(parallel=2, looks=theirs)
    web = await processes.one(works=False)
    mine.gate.clear()
    theirs.gate.clear()
    for n in range(4):
        web.wake(f"j{n}")
    await eventually(lambda: _done(len(mine.seen) == 2 and len(theirs.seen) == 2))
    assert sorted([*mine.seen, *theirs.seen]) == ["j0", "j1", "j2", "j3"]
    mine.gate.set()
    theirs.gate.set()


async def test_a_row_that_was_left_behind_is_found_and_a_held_one_is_not(processes: Processes) -> None:
    processes.rows.due |= {"left": 0.0, "held": 0.0}
    processes.rows.held.add("held")
    await processes.one()
    await processes.looks.until("left", 1)
    assert "held" not in processes.looks.seen


async def test_a_timer_whose_row_moved_on_brings_no_look(processes: Processes) -> None:
    """Another process looked meanwhile, and has a timer of its own: two would ask the vendor twice as often, for ever."""
    one, looks = await processes.one(), processes.looks
    looks.answers = {"moved": [0.2], "still": [0.2, None]}
    one.wake("moved")
    one.wake("still")
    await looks.until("moved", 1)
    await eventually(lambda: _done("moved" in processes.rows.due))
    processes.rows.due["moved"] = time.time() + 3600
    await looks.until("still", 2)
    await asyncio.sleep(0.1)
    assert looks.seen.count("moved") == 1


async def test_news_for_a_job_that_another_process_holds_comes_to_it_soon(processes: Processes) -> None:
    one, looks = await processes.one(), processes.looks
    looks.answers["a"] = [Held("a"), Held("a"), None]
    one.wake("a")
    await looks.until("a", 3)
    assert looks.seen == ["a", "a", "a"]


async def test_a_full_worker_hands_its_timers_to_others(processes: Processes) -> None:
    busy, idle = Looks(), Looks()
    one = await processes.one(parallel=1, looks=busy)
    busy.answers["later"] = [0.2]
    one.defer("later", 0.0)
    await busy.until("later", 1)
    busy.gate.clear()
    one.defer("long", 0.0)
    await busy.until("long", 1)
    await processes.one(looks=idle)
    await idle.until("later", 1)
    assert busy.seen == ["later", "long"]
    busy.gate.set()


async def test_a_stop_hands_over_what_it_has_not_begun(processes: Processes) -> None:
    """One look runs, others wait behind it: the next process has them while this one still waits for its own."""
    busy, idle = Looks(), Looks()
    busy.gate.clear()
    stopping = await processes.one(parallel=1, looks=busy)
    web = await processes.one(works=False)
    for job_id in ("runs", "waits"):
        stopping.defer(job_id, 0.0)
    await busy.until("runs", 1)
    web.wake("runs")
    await eventually(lambda: _done(stopping._looks.agenda.waiting() == ["waits", "runs"]))
    await processes.one(looks=idle)
    stop = asyncio.create_task(processes.stop(stopping, 30.0))
    await asyncio.sleep(0)
    stopping.wake("woken by the look that runs")
    web.wake("from outside")
    for job_id in ("woken by the look that runs", "from outside"):
        await idle.until(job_id, 1)
    assert not stop.done()
    busy.gate.set()
    await asyncio.wait_for(stop, 10.0)
    for job_id in ("waits", "runs"):  # and what was woken while it was looked at
        await idle.until(job_id, 1)
    assert busy.seen == ["runs"]


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
    monkeypatch.setattr("bot.engine.distributed.OUTAGE_SECONDS", 0.5)
    rows = processes.rows
    await processes.one()
    await eventually(lambda: _done(bool(rows.free_at)))
    assert rows.free_at[-1] > 0
    rows.fails = OSError("the server restarts")
    await asyncio.sleep(0.2)
    rows.free_at.clear()
    rows.fails = None
    await eventually(lambda: _done(bool(rows.free_at)))
    assert rows.free_at[0] == 0.0
    await eventually(lambda: _done(rows.free_at[-1] > 0))


async def test_what_killed_workers_had_taken_is_thrown_away(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.distributed.PRUNE_SECONDS", 0.1)
    await processes.one()
    asked("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('looks', 'look', 'doing') RETURNING id")
    await eventually(lambda: _done(asked("SELECT count(*) FROM procrastinate_jobs") == [(0,)]))
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


async def _done(true: bool) -> bool:
    return true
