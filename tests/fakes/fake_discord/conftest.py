"""A fake whose time stands still, and a bare client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord, FakeInteraction, ManualClock
from tests.fakes.fake_discord.raw import COMMAND, Raw


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def fake(clock: ManualClock) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(clock) as server:
        server.commands[None] = [COMMAND | {"id": "9", "integration_types": [0, 1]}]
        yield server


@pytest.fixture
async def raw(fake: FakeDiscord) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(fake, session)


@pytest.fixture
def it(fake: FakeDiscord) -> FakeInteraction:
    return fake.slash(fake.user(), fake.channel(), "imagine", prompt="cat")
