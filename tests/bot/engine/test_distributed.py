"""What only the engine of several processes has: the way through Postgres, rows left behind, the hand-over at a stop."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from procrastinate.manager import JobManager

from bot.jobs.ports import Held
from tests.bot.engine.processes import Processes, asked, done_when
from tests.contract.test_engine import Looks
from tests.support.wait import eventually


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
    await eventually(lambda: done_when(first.lag == 0.0 and asked("SELECT count(*) FROM procrastinate_jobs") == [(1,)]))
    for n in range(7):
        second.wake(f"j{n}")
    await eventually(lambda: done_when(asked("SELECT count(*) FROM procrastinate_jobs") == [(7,)]))
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
    await eventually(lambda: done_when(asked(listens) == [(True,)]))
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
    await eventually(lambda: done_when(len(mine.seen) == 2 and len(theirs.seen) == 2))
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
    await eventually(lambda: done_when("moved" in processes.rows.due))
    processes.rows.due["moved"] = time.time() + 3600
    await looks.until("still", 2)
    await asyncio.sleep(0.1)
    assert looks.seen.count("moved") == 1


async def test_a_clock_that_is_set_back_makes_nobody_wait_for_the_time_that_comes_again(processes: Processes) -> None:
    """The timer is of the old clock, and so is the row."""
    looks, processes.ahead = processes.looks, 3600.0
    looks.answers = {"job": [1.0, None]}
    one = await processes.one()
    one.wake("job")
    await eventually(lambda: done_when("job" in one._timers))
    processes.ahead = 0.0
    await looks.until("job", 2)


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
    await eventually(lambda: done_when(stopping._looks.agenda.waiting() == ["waits", "runs"]))
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
