"""Pictures as people have them, through the whole bot: a phone's, a heavy one, a small one, a slim one, an enlarged one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.jobs.asks import Answer, Ask, Attachment, Imagine, Placeholder, Press
from bot.jobs.model import Action, Job, JobState, new_id
from bot.jobs.place import Actor, Place, Platform
from bot.texts import states
from bot.wiring import Bot
from tests.fakes.apis import stability, strict
from tests.fakes.apis.strict import StrictApi
from tests.scenarios.providers.vendors import VENDORS
from tests.support.bot import running_bot
from tests.support.wait import eventually

HALL = Place(Platform.PLAYGROUND, "playground", community_id="playground")
LIMITED = ("stability", "recraft", "ideogram")
"""Those whose documents say what pictures they take."""
PICTURES = {
    "a phone's photo": (4032, 3024, "JPEG", 3.0),
    "a heavy PNG": (2000, 2000, "PNG", 1.0),
    "a small one": (200, 150, "PNG", 1.0),
    "a panorama": (3000, 400, "JPEG", 1.0),
    "a large WebP": (5000, 3000, "WEBP", 8.0),
}
"""Width, height, format, and how coarse its grain is."""


@cache
def grain(width: int, height: int, form: str, coarse: float) -> bytes:
    size = (int(width / coarse), int(height / coarse))
    image = Image.merge("RGB", [Image.effect_noise(size, 100) for _ in range(3)]).resize((width, height))
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()


@asynccontextmanager
async def served(folder: Path, name: str) -> AsyncIterator[tuple[Bot, StrictApi]]:
    async with VENDORS[name].api() as api:
        settings = VENDORS[name].settings(api.base) | {"IMAGINE_PLAYGROUND": "on", "IMAGINE_USER_RUNNING": "10"}
        async with running_bot(folder, settings) as bot:
            yield bot, api
        assert api.violations == []


def ask() -> Ask:
    return Ask(Actor(Platform.PLAYGROUND, new_id(), "Ann"), HALL, new_id())


async def ended(bot: Bot, answer: Answer) -> Job:
    assert isinstance(answer, Placeholder), answer

    async def over() -> Job | None:
        job = await bot.store.job(answer.job_id)
        return job if job is not None and job.told and not job.state.open else None

    job = await eventually(over, within=60.0)
    assert job is not None
    assert job.state is JobState.DELIVERED, (job.state, job.reason, job.detail)
    return job


async def drawn(bot: Bot, text: str, data: bytes | None = None) -> Job:
    async def read() -> bytes:
        return data or b""

    image = None if data is None else Attachment("mine", len(data), read)
    return await ended(bot, await bot.service.imagine(Imagine(ask(), text, image=image, count=1)))


async def pressed(bot: Bot, job: Job, action: Action) -> Job:
    return await ended(bot, await bot.service.press(Press(ask(), f"i1:{action}:{job.id}:1")))


@pytest.mark.parametrize("name", LIMITED)
async def test_any_picture_can_be_started_from(tmp_path: Path, name: str) -> None:
    async with served(tmp_path, name) as (bot, api):
        for what, shape in PICTURES.items():
            job = await drawn(bot, "a fox", grain(*shape))
            assert (job.provider, len(job.pictures)) == (name, 1), what
        assert api.paid == len(PICTURES)


@pytest.mark.parametrize("name", LIMITED)
async def test_a_heavy_u_can_be_varied_and_enlarged_again(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(tmp_path, name) as (bot, _):
        first = await drawn(bot, "a fox")
        with monkeypatch.context() as heavy:
            for module in (stability, strict):
                heavy.setattr(module, "picture", lambda *_: grain(2048, 2048, "PNG", 1.0))
            large = await pressed(bot, first, Action.UPSCALE)
        assert large.pictures[0].size > 10 * 2**20
        assert (await pressed(bot, large, Action.VARIATION)).provider == name
        again = await pressed(bot, large, Action.UPSCALE)
        beyond = name == "stability"
        assert (again.provider, again.notes) == (("lanczos", (states.LANCZOS,)) if beyond else (name, ()))
        assert not beyond or again.pictures[0].width == 4096


async def test_a_ratio_that_a_picture_overrules_is_told(tmp_path: Path) -> None:
    async with served(tmp_path, "stability") as (bot, _):
        job = await drawn(bot, "a fox --ar 3:2", grain(*PICTURES["a small one"]))
        assert job.notes == (states.lost_with_picture(["ar"], "Stability AI"),)
        assert (await drawn(bot, "a fox --ar 3:2")).notes == ()
