"""A job store of either kind, and every provider in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from providers.base import Provider
from tests.contract.opened import Opened
from tests.contract.providers import PROVIDERS
from tests.support.databases import opened


@pytest.fixture
async def store(tmp_path: Path, backend: str) -> AsyncIterator[Opened]:
    db = await opened(tmp_path)
    made = Opened(db)
    made.db = db
    yield made
    await db.close()


@pytest.fixture(params=PROVIDERS)
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    async with PROVIDERS[request.param]() as made:
        yield made
