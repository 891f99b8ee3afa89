"""The waiting line is read once for all who ask, and never before somebody asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import fair
from storage.db import Database, sqlite_url
from storage.line import Line


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(sqlite_url(f"sqlite:///{tmp_path / 'line.db'}"))
    yield opened
    await opened.close()


async def test_many_who_ask_together_share_one_reading(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[int] = []
    begun, go = asyncio.Event(), asyncio.Event()

    async def counted(_: AsyncConnection) -> dict[str, int]:
        readings.append(len(readings))
        begun.set()
        await go.wait()
        return {"a": 10 * len(readings), "b": 10 * len(readings) + 1}

    monkeypatch.setattr(fair, "line", counted)
    line = Line(db)
    first = asyncio.create_task(line.ahead("a"))
    await begun.wait()
    later = [asyncio.create_task(line.ahead(job)) for job in ("a", "b", "gone", "b")]
    await asyncio.sleep(0)
    go.set()
    assert await first == 10
    assert await asyncio.gather(*later) == [20, 21, 0, 21]
    assert len(readings) == 2
