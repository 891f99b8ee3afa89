"""Of several processes one leads; when its session ends, another one does."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from functools import cache

import psycopg
import pytest

from bot.engine.leader import Leader
from tests.support import postgres
from tests.support.wait import eventually


@cache
def database() -> str:
    return postgres.create(f"leader{os.getpid()}")


class Work:
    """Counts."""

    def __init__(self) -> None:
        self.running, self.starts = False, 0

    def start(self) -> None:
        assert not self.running
        self.running, self.starts = True, self.starts + 1

    async def stop(self) -> None:
        self.running = False


@pytest.fixture
async def three() -> AsyncIterator[list[tuple[Leader, Work]]]:
    made = [(Leader(database(), (work,), every=0.05), work) for work in (Work(), Work(), Work())]
    for leader, _ in made:
        leader.start()
    yield made
    for leader, _ in made:
        await leader.stop()


async def leading(three: list[tuple[Leader, Work]], but: Work | None = None) -> tuple[Leader, Work]:
    async def found() -> tuple[Leader, Work] | None:
        return next(((leader, work) for leader, work in three if work.running and work is not but), None)

    one = await eventually(found)
    assert one is not None
    return one


async def test_one_leads_and_after_its_stop_another(three: list[tuple[Leader, Work]]) -> None:
    leader, work = await leading(three)
    assert [one.leads for one, _ in three].count(True) == 1
    await leader.stop()
    assert not work.running
    _, next_work = await leading(three, work)
    assert sum(work.starts for _, work in three) == 2
    assert next_work.running


async def test_who_loses_its_session_stops_at_once(three: list[tuple[Leader, Work]]) -> None:
    _, work = await leading(three)
    with psycopg.connect(database(), autocommit=True) as connection:
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 6753 AND objid = 101"
        )
        connection.execute(ended.encode())

    async def handed_over() -> bool:
        return sum(work.starts for _, work in three) == 2 and sum(work.running for _, work in three) == 1

    await eventually(handed_over)
    assert work.starts <= 2


async def test_a_server_that_is_away_is_waited_for() -> None:
    work = Work()
    leader = Leader("postgresql://nobody@127.0.0.1:1/none", (work,), every=0.01)
    leader.start()
    await eventually(lambda: _true(leader), within=5.0)
    await leader.stop()
    assert work.starts == 0


async def _true(leader: Leader) -> bool:
    return leader._task is not None and not leader._task.done()
