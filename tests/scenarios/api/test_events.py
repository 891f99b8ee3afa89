"""A job's changes as server-sent events: in order, whole, to the end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.api.events import MOST
from providers.base import Stage, Status
from tests.fakes.provider import ScriptedProvider
from tests.scenarios.api.conftest import TOGETHER, fake
from tests.support.api import Api, Program, events, open_api
from tests.support.core import ASYNC
from tests.support.wait import eventually

pytestmark = TOGETHER


async def follow(program: Program, job_id: str) -> list[tuple[str, dict[str, Any]]]:
    """Everything until the stream ends."""
    async with asyncio.timeout(20), program.http.stream("GET", f"jobs/{job_id}/events") as reply:
        assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert reply.headers["cache-control"] == "no-store"
        return [event async for event in events(reply)]


async def test_every_change_in_order_and_then_the_end(api: Api) -> None:
    fake(api).stages = [Status(Stage.RUNNING, fraction) for fraction in (0.1, 0.4, 0.4, 0.7) for _ in range(8)]
    program = await api.program()
    seen = await follow(program, await program.accepted())
    assert [name for name, _ in seen] == ["job"] * (len(seen) - 1) + ["end"]
    order = ["queued", "running", "succeeded"]
    statuses = [job["status"] for _, job in seen]
    assert statuses == sorted(statuses, key=order.index)
    figures = [job["progress"] for _, job in seen if job["progress"] is not None]
    assert figures == sorted(figures)
    assert figures[-1] == 100
    assert len(figures) > 1
    assert [job for _, job in seen if seen.count(("job", job)) > 1] == [], "nothing is told twice"
    last = seen[-1][1]
    assert last == (await program.job(last["job_id"]))
    assert await follow(program, last["job_id"]) == [("end", last)], "who comes late gets the end at once"


async def test_a_process_that_draws_nothing_itself_still_tells(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if another process worked on the job: no news here, the row alone."""
    front: Any = api.bot.fronts["api"]  # type: ignore[index]
    monkeypatch.setattr(front._news, "ring", lambda _job_id: None)
    program = await api.program()
    assert (await follow(program, await program.accepted()))[-1][0] == "end"


async def test_a_revoked_key_hears_no_more(api: Api) -> None:
    provider = fake(api)
    provider.stages = [Status(Stage.RUNNING)] * 10_000
    program = await api.program()
    job_id = await program.accepted()
    reading = asyncio.create_task(follow(program, job_id))
    front: Any = api.bot.fronts["api"]  # type: ignore[index]

    async def watched() -> bool:
        return bool(front._news._bells.get(job_id))

    await eventually(watched)
    await api.store.revoke_key(program.key.id, api.clock())
    front._news.ring(job_id)
    assert [name for name, _ in await reading if name == "end"] == []
    provider.stages = []

    async def left() -> bool:
        return not front._news._bells and not front.events._open

    await eventually(left)


async def test_of_many_streams_at_once_no_more_are_open_than_are_allowed(api: Api) -> None:
    provider = fake(api)
    provider.stages = [Status(Stage.RUNNING)] * 10_000
    program = await api.program()
    job_id = await program.accepted()

    async def opened() -> httpx.Response:
        request = program.http.build_request("GET", f"jobs/{job_id}/events")
        return await program.http.send(request, stream=True)

    replies = await asyncio.gather(*(opened() for _ in range(50)))
    assert sorted(reply.status_code for reply in replies) == [200] * MOST + [429] * (50 - MOST)
    await asyncio.gather(*(reply.aclose() for reply in replies))
    front: Any = api.bot.fronts["api"]  # type: ignore[index]

    async def left() -> bool:
        return not front.events._open

    await eventually(left)
    provider.stages = []


async def test_streams_end_with_the_bot(tmp_path: Path) -> None:
    provider = ScriptedProvider(ASYNC, stages=[Status(Stage.RUNNING)] * 10_000)
    async with open_api(tmp_path, more=[provider]) as api:
        program = await api.program()
        api.clients.clear()
        job_id = await program.accepted()
        reading = asyncio.create_task(follow(program, job_id))
        await program.reaches(job_id, "running")
    assert "end" not in [name for name, _ in await reading]
    await program.http.aclose()
