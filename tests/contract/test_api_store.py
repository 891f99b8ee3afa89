"""The job API's store: keys, idempotency keys, callbacks and pages, on SQLite and on a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.api.ports import Callback, Cursor, Key, Mark, Scope
from bot.jobs.acceptance import Accepted, Caps
from bot.jobs.model import Job, JobState
from storage.api.store import SqlApi
from storage.jobs import SqlJobStore
from tests.support.databases import opened
from tests.support.rows import key, new_job

NOW = 1_000_000.0
CAPS = Caps(daily=1000, user_running=100, user_waiting=100, running=100)
PROGRAM = Key("k1", "Robot", "0" * 64, NOW, community="discord:1", roles=("7", "9"))
DUE = Callback("job", "succeeded", "k1", "https://example.com/hook", NOW)


@pytest.fixture
async def store(tmp_path: Path, backend: str) -> AsyncIterator[SqlApi]:
    db = await opened(tmp_path)
    assert (db.path is None) == (backend == "postgres")
    yield SqlApi(db, "secret")
    await db.close()


async def test_a_key_comes_back_as_it_was(store: SqlApi) -> None:
    await store.add_key(PROGRAM)
    await store.add_key(reader := replace(PROGRAM, id="k2", scopes=(Scope.READ,), created_at=NOW + 1, expires_at=NOW + 9))
    assert await store.key("k1") == PROGRAM
    assert await store.key("k3") is None
    assert await store.all_keys() == [PROGRAM, reader]


async def test_a_key_is_revoked_once(store: SqlApi) -> None:
    await store.add_key(PROGRAM)
    assert await store.revoke_key("k1", NOW + 5)
    assert not await store.revoke_key("k1", NOW + 6)
    assert not await store.revoke_key("none", NOW)
    kept = await store.key("k1")
    assert kept == replace(PROGRAM, revoked_at=NOW + 5)
    assert not kept.valid(NOW + 7)


async def test_its_use_is_written_once_a_minute(store: SqlApi) -> None:
    await store.add_key(PROGRAM)
    for at, kept in ((0.0, 0.0), (59.0, 0.0), (61.0, 61.0)):
        await store.key_used("k1", NOW + at)
        assert await store.key("k1") == replace(PROGRAM, used_at=NOW + kept)


async def test_an_idempotency_key_stands_until_its_day_is_over(store: SqlApi) -> None:
    first, second = Mark("a", "one"), Mark("b", "two")
    assert await store.mark("k1", "same", first, NOW, NOW - 60) == first
    assert await store.mark("k1", "same", second, NOW + 1, NOW - 60) == first
    assert await store.mark("k2", "same", second, NOW + 1, NOW - 60) == second
    assert await store.mark("k1", "same", second, NOW + 100, NOW + 40) == second


async def test_of_many_at_once_one_mark_stands(store: SqlApi) -> None:
    marks = [Mark(f"n{number}", "body") for number in range(20)]
    stood = await asyncio.gather(*(store.mark("k1", "same", one, NOW, NOW - 60) for one in marks))
    assert len(set(stood)) == 1


async def test_a_callback_is_put_once_and_taken_by_one(store: SqlApi) -> None:
    await store.put_callback(DUE)
    await store.put_callback(replace(DUE, url="https://example.com/other"))
    assert await store.take_callbacks(NOW - 1, NOW + 60, 10) == []
    taken = await asyncio.gather(*(store.take_callbacks(NOW, NOW + 60, 10) for _ in range(5)))
    assert [one for some in taken for one in some] == [DUE]
    assert await store.take_callbacks(NOW + 59, NOW + 90, 10) == []
    assert await store.take_callbacks(NOW + 60, NOW + 90, 10) == [replace(DUE, due_at=NOW + 60)]


async def test_a_callback_is_tried_again_and_then_closed(store: SqlApi) -> None:
    await store.put_callback(DUE)
    await store.retry_callback(DUE, NOW + 30, "HTTP 500")
    (again,) = await store.take_callbacks(NOW + 30, NOW + 90, 10)
    assert again == replace(DUE, attempts=1, due_at=NOW + 30)
    await store.close_callback(again, NOW + 31, "taken")
    assert await store.take_callbacks(NOW + 1000, NOW + 2000, 10) == []
    await store.put_callback(DUE)
    assert await store.take_callbacks(NOW + 1000, NOW + 2000, 10) == [], "it was sent: it stays closed"


async def test_old_ones_go(store: SqlApi) -> None:
    await store.mark("k1", "old", Mark("a", "one"), NOW, 0.0)
    await store.mark("k1", "new", Mark("b", "one"), NOW + 50, 0.0)
    await store.put_callback(DUE)
    await store.close_callback(DUE, NOW, "taken")
    await store.prune(NOW + 10, NOW + 10)
    assert await store.mark("k1", "old", Mark("c", "two"), NOW + 60, 0.0) == Mark("c", "two")
    assert await store.mark("k1", "new", Mark("c", "two"), NOW + 60, 0.0) == Mark("b", "one")
    await store.put_callback(DUE)
    assert len(await store.take_callbacks(NOW, NOW + 60, 10)) == 1, "forgotten, so it is new"


async def test_pages_are_a_users_own_newest_first_and_meet_at_the_cursor(store: SqlApi) -> None:
    jobs = SqlJobStore(store._db, "secret")
    mine = [await _accepted(jobs, "ann", at) for at in (NOW, NOW + 1, NOW + 1, NOW + 2)]
    await _accepted(jobs, "bob", NOW + 3)
    ordered = sorted(mine, key=lambda job: (job.created_at, job.id), reverse=True)
    who = ordered[0].actor.key
    first = await store.page(who, [], 2, None)
    rest = await store.page(who, [], 5, Cursor(first[-1].created_at, first[-1].id))
    assert [job.id for job in (*first, *rest)] == [job.id for job in ordered]
    assert await store.page(who, [JobState.DELIVERED], 5, None) == []
    assert len(await store.page(who, [JobState.NEW], 5, None)) == len(mine)


async def _accepted(jobs: SqlJobStore, user: str, at: float) -> Job:
    decided = await jobs.accept(new_job(user, at=at), key(), CAPS, at)
    assert isinstance(decided, Accepted)
    return decided.job
