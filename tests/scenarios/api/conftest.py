"""One bot for all tests of a file: each has a key of its own, and so jobs and a quota of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.provider import ScriptedProvider
from tests.support.api import Api, open_api
from tests.support.browser import browser, open_page
from tests.support.core import ASYNC

__all__ = ["api", "browser", "fake", "open_page"]

TOGETHER = pytest.mark.asyncio(loop_scope="module")
"""For files whose tests share the bot."""
SETTINGS = {"IMAGINE_USER_WAITING": "50", "IMAGINE_DAILY_IMAGES": "1000"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    """With a scripted provider before sketch."""
    async with open_api(tmp_path_factory.mktemp("api"), SETTINGS, more=[ScriptedProvider(ASYNC)]) as running:
        yield running


def fake(api: Api) -> ScriptedProvider:
    """The provider that does as the test says."""
    found = api.bot.house.providers.get("fake")
    assert isinstance(found, ScriptedProvider)
    return found
