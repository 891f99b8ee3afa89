"""Fixtures for this folder; those of browser tests live in the loop of the session, as the browser does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.bot.playground.house import House, build, serving
from tests.support.browser import browser, open_page

__all__ = ["browser", "open_page"]


@pytest_asyncio.fixture(loop_scope="session")
async def house() -> House:
    return await build(pace=None)


@pytest_asyncio.fixture(loop_scope="session")
async def url(house: House) -> AsyncIterator[str]:
    async with serving(house) as address:
        yield address
