"""A stop never waits for a task that lost its cancellation."""

from __future__ import annotations

import asyncio

import pytest

from bot import cut as module
from bot.cut import cut


async def test_a_task_that_takes_its_cancellation_for_an_outage_is_cut_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    asked = 0

    async def stubborn() -> None:
        nonlocal asked
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                asked += 1
                if asked == 3:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(cut([task]), 5)
    assert task.cancelled()
    assert asked == 3


async def test_one_that_puts_things_in_order_is_left_to_it() -> None:
    done = list[str]()

    async def orderly() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            done.append("in order")

    async def broken() -> None:
        raise ValueError("as the test wants")

    tasks = [asyncio.create_task(orderly()), asyncio.create_task(broken())]
    await asyncio.sleep(0)
    await cut(tasks)
    assert done == ["in order"]
    assert isinstance(tasks[1].exception(), ValueError)
    await cut([])
