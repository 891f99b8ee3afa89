"""Engines of several processes, over an empty queue."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.engine.processes import Processes, asked


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
