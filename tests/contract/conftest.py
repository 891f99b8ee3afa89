"""A job store of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.opened import Opened
from tests.support.databases import opened


@pytest.fixture
async def store(tmp_path: Path, backend: str) -> AsyncIterator[Opened]:
    db = await opened(tmp_path)
    made = Opened(db)
    made.db = db
    yield made
    await db.close()
