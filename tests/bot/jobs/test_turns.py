"""One job after the other with a provider that draws so: in order, cancellable, and nothing written down before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from bot.jobs.controls import Control
from bot.jobs.model import JobState
from bot.jobs.turns import TURN_SECONDS, Turns
from providers.base import DrawRequest, Submitted
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, running_core
from tests.support.wait import eventually

SINGLE = replace(ASYNC, one_at_a_time=True)


class Slow(ScriptedProvider):
    """Answers when told."""

    def __init__(self) -> None:
        super().__init__(SINGLE)
        self.go, self.together, self.most = asyncio.Event(), 0, 0

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        self.together += 1
        self.most = max(self.most, self.together)
        await self.go.wait()
        self.together -= 1
        return await super().submit(request, key, webhook_url)


async def test_who_waits_has_no_row_of_a_request_and_can_be_cancelled(tmp_path: Path) -> None:
    slow = Slow()
    async with running_core(tmp_path, provider=slow) as core:
        first = await core.accepted("first")
        await eventually(lambda: core.store.calls(first))
        waiting = [await core.accepted(f"fox {number}", f"user{number}") for number in range(3)]
        for job_id in waiting:
            await core.reaches(job_id, JobState.SUBMITTING)
            assert await core.store.calls(job_id) == []
        await core.press(str(Control("cancel", waiting[0])), "user0")
        assert (await core.ended(waiting[0])).state is JobState.CANCELLED
        assert slow.most == 1
        slow.go.set()
        assert core.house.turns.leave(SINGLE) == waiting[1], "who was cancelled holds nobody up"
        for job_id in (first, *waiting[1:]):
            assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert len(slow.paid) == 3


def test_in_the_order_of_coming() -> None:
    line = Turns()
    assert [line.take(SINGLE, job) for job in "abc"] == [True, False, False]
    assert line.leave(SINGLE) == "b"
    assert not line.take(SINGLE, "c"), "b came before"
    assert line.take(SINGLE, "b")
    assert line.leave(SINGLE) == "c"
    assert line.take(SINGLE, "c")
    assert line.leave(SINGLE) is None


def test_who_does_not_come_again_holds_nobody_up() -> None:
    now = 0.0
    line = Turns(lambda: now)
    assert [line.take(SINGLE, job) for job in "abc"] == [True, False, False]
    line.leave(SINGLE)
    now = 2 * TURN_SECONDS
    assert not line.take(SINGLE, "c")
    now = 4 * TURN_SECONDS
    assert line.take(SINGLE, "c")


def test_others_need_no_turn() -> None:
    line = Turns()
    assert all(line.take(ASYNC, job) for job in "abc")
    assert line.leave(ASYNC) is None
