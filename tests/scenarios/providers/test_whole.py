"""Each adapter draws a grid, a U and a V through the real bot: settings, wiring, core, store, downloads, pixels."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from bot.jobs.asks import Answer, Ask, Imagine, Placeholder, Press
from bot.jobs.model import Actor, Job, JobState, Place, Platform, new_id
from bot.wiring import Bot
from tests.fakes.apis.strict import StrictApi
from tests.scenarios.providers.vendors import VENDORS, finishing
from tests.support.bot import running_bot
from tests.support.wait import eventually

ANN = Actor(Platform.PLAYGROUND, "ann", "Ann")
HALL = Place(Platform.PLAYGROUND, "playground")


def ask() -> Ask:
    return Ask(ANN, HALL, new_id())


def plain(name: str) -> str:
    """The provider's own name."""
    return name.partition(",")[0]


@asynccontextmanager
async def served(name: str, folder: Path) -> AsyncIterator[tuple[Bot, StrictApi]]:
    vendor = VENDORS[name]
    async with vendor.api() as api:
        ending = asyncio.create_task(finishing(vendor, api))
        try:
            async with running_bot(folder, {"IMAGINE_PLAYGROUND": "on", **vendor.settings(api.base)}) as bot:
                yield bot, api
        finally:
            ending.cancel()
        assert api.violations == []


async def delivered(bot: Bot, answer: Answer) -> Job:
    assert isinstance(answer, Placeholder), answer

    async def over() -> Job | None:
        job = await bot.store.job(answer.job_id)
        return job if job is not None and job.told and not job.state.open else None

    job = await eventually(over, within=30.0)
    assert job is not None
    assert job.state is JobState.DELIVERED, (job.state, job.reason, job.detail)
    return job


async def size(bot: Bot, job: Job) -> tuple[int, int]:
    assert job.shown is not None
    return Image.open(io.BytesIO(await bot.house.pictures.get(job.shown.key))).size


@pytest.mark.parametrize("name", VENDORS)
async def test_a_grid_a_u_and_a_v(tmp_path: Path, name: str) -> None:
    async with served(name, tmp_path) as (bot, api):
        assert [p.capabilities.name for p in bot.house.providers.all()] == [plain(name)]
        grid = await delivered(bot, await bot.service.imagine(Imagine(ask(), "a lighthouse at dusk --ar 3:2")))
        assert (grid.provider, len(grid.pictures)) == (plain(name), 4)
        paid = api.paid
        assert paid in {1, 4}
        upscaled = await delivered(bot, await bot.service.press(Press(ask(), f"i1:upscale:{grid.id}:2")))
        assert len(upscaled.pictures) == 1
        if upscaled.provider == "lanczos":
            assert any("resampling" in note for note in upscaled.notes), "a U that nobody there can do says so"
            assert api.paid == paid
        else:
            assert (upscaled.provider, api.paid) == (plain(name), paid + 1)
        varied = await delivered(bot, await bot.service.press(Press(ask(), f"i1:variation:{grid.id}:3")))
        assert (varied.provider, len(varied.pictures)) == (plain(name), 4)
        wide, high = await size(bot, varied)
        assert (wide > 64, high > 64) == (True, True)
        used = await bot.store.standing(ANN.key, bot.house.clock())
        assert used.used == 9


@pytest.mark.parametrize("name", VENDORS)
async def test_check_says_that_the_key_is_good(tmp_path: Path, name: str) -> None:
    async with served(name, tmp_path) as (bot, api):
        provider = bot.house.providers.get(plain(name))
        assert provider is not None
        health = await provider.check()
        assert health.ok, health.sentence
        refused = VENDORS[name].refused_check
        api.violations = [sentence for sentence in api.violations if not refused or refused not in sentence]
        assert api.paid == 0
