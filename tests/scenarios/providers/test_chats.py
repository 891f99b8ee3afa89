"""Every vendor through all three front ends: one bot draws a grid, a U and a V in each, truly labelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.jobs.model import Action
from bot.jobs.place import Platform
from bot.texts import states
from providers.capabilities import Capabilities
from tests.fakes.apis.strict import StrictApi
from tests.scenarios.providers.chats import Chats, Shown, both
from tests.scenarios.providers.vendors import VENDORS, finishing


@asynccontextmanager
async def served(folder: Path, *names: str) -> AsyncIterator[tuple[Chats, list[StrictApi]]]:
    """A bot in both chats over the loopback servers of these vendors."""
    apis = [VENDORS[name].api() for name in names]
    settings: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        for name, api in zip(names, apis, strict=True):
            await stack.enter_async_context(api)
            settings |= VENDORS[name].settings(api.base)
            stack.callback(asyncio.create_task(finishing(VENDORS[name], api)).cancel)
        yield await stack.enter_async_context(both(folder, **settings)), apis
    assert [api.violations for api in apis] == [[] for _ in apis]


def abilities(chats: Chats, name: str) -> Capabilities:
    """What a configured provider says of itself."""
    provider = chats.server.bot.house.providers.get(name.partition(",")[0])
    assert provider is not None
    return provider.capabilities


def check(shown: tuple[Shown, Shown], action: Action, provider: str, pictures: int, notes: set[str]) -> None:
    """The same in both: who drew, how much, and exactly these labels."""
    for one, platform in zip(shown, (Platform.DISCORD, Platform.SLACK), strict=True):
        assert (one.job.actor.platform, one.job.action) == (platform, action)
        assert (one.job.provider, len(one.job.pictures)) == (provider, pictures)
        assert one.notes == notes, one.text


def variation_notes(able: Capabilities) -> set[str]:
    """How a V of this provider's own picture must be labelled."""
    if able.variation:
        return set()
    return {states.IMAGE_TO_IMAGE if able.image_input else states.NEW_SEED}


SHORT = ("fal", "openai", "recraft")
"""Signed webhooks, a stream, true U and V. `make chaos` plays all."""
EVERY = [name if name in SHORT else pytest.param(name, marks=pytest.mark.slow) for name in VENDORS]


@pytest.mark.parametrize("name", EVERY)
async def test_a_grid_a_u_and_a_v(tmp_path: Path, name: str) -> None:
    async with served(tmp_path, name) as (chats, (api,)):
        able = abilities(chats, name)
        grids = await chats.draw("a lighthouse at dusk")
        check(grids, Action.IMAGINE, able.name, 4, set())
        assert all(min(grid.size) >= 2 * api.size for grid in grids)
        assert able.label in grids[0].text
        assert able.label in grids[1].text
        paid = api.paid
        assert paid in {2, 8}, "one request for four pictures, or four, in each of two chats"
        upscaled = await chats.press(grids, Action.UPSCALE, 2)
        drew = able.name if able.upscale else "lanczos"
        check(upscaled, Action.UPSCALE, drew, 1, set() if able.upscale else {states.LANCZOS})
        assert api.paid == paid + (2 if able.upscale else 0)
        paid = api.paid
        varied = await chats.press(grids, Action.VARIATION, 3)
        check(varied, Action.VARIATION, able.name, 4, variation_notes(able))
        assert api.paid > paid
        assert await chats.used() == (9, 9)
        await in_the_playground(chats, able)


async def in_the_playground(chats: Chats, able: Capabilities) -> None:
    """The same once more in the third front end, in another ratio."""
    grid = await chats.in_playground("a lighthouse at dusk --ar 3:2")
    upscaled = await chats.press_in_playground(grid, Action.UPSCALE, 2)
    varied = await chats.press_in_playground(grid, Action.VARIATION, 3)
    assert [(job.provider, len(job.pictures)) for job in (grid, varied)] == [(able.name, 4)] * 2
    assert (upscaled.provider, len(upscaled.pictures)) == (able.name if able.upscale else "lanczos", 1)
    assert set(varied.notes) >= variation_notes(able)


async def test_a_u_by_another_vendor_says_whose_it_is(tmp_path: Path) -> None:
    async with served(tmp_path, "openai", "stability") as (chats, (openai, stability)):
        grids = await chats.draw("a lighthouse at dusk")
        check(grids, Action.IMAGINE, "openai", 4, set())
        paid = openai.paid
        upscaled = await chats.press(grids, Action.UPSCALE, 1)
        check(upscaled, Action.UPSCALE, "stability", 1, set())
        label = abilities(chats, "stability").label
        assert all(label in one.text for one in upscaled)
        assert (openai.paid, stability.paid) == (paid, 2)
