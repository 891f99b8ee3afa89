"""Pictures beyond what a provider takes: made to fit for a V or an input picture, left to another for a U."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.asks import Attachment, Imagine, Placeholder, Private
from bot.jobs.model import Action, Job, JobState, Picture
from bot.texts import answers, states
from providers.base import DrawRequest, Source
from providers.errors import Accepted, Family, ProviderError
from providers.limits import Limits
from tests.bot.imaging.pictures import decoded, encoded, flat, noise
from tests.fakes.provider import ScriptedProvider
from tests.support.core import ASYNC, Core, running_core

NARROW = replace(ASYNC, takes=Limits(weight=40_000, longest=300, shortest=100, ratio=2.0))


async def pressed(core: Core, job: Job, action: Action) -> Job:
    answer = await core.press(f"i1:{action}:{job.id}:1")
    assert isinstance(answer, Placeholder), answer
    return await core.ended(answer.job_id)


async def with_picture(core: Core, data: bytes, text: str = "a fox") -> Job:
    async def read() -> bytes:
        return data

    image = Attachment("mine.png", len(data), read)
    answer = await core.service.imagine(Imagine(core.ask(), text, image=image))
    assert isinstance(answer, Placeholder), answer
    return await core.ended(answer.job_id)


async def replaced(core: Core, job: Job, data: bytes) -> None:
    """Its first picture is this one from now on."""
    size = decoded(data).size
    tile = replace(job.pictures[0], width=size[0], height=size[1], size=len(data), mime="image/png")
    core.pictures.kept[tile.key] = (data, tile.mime)
    await measured(core, job, tile)


async def measured(core: Core, job: Job, tile: Picture) -> None:
    found = core.store.job

    async def with_tile(job_id: str) -> Job | None:
        row = await found(job_id)
        return replace(row, pictures=(tile, *row.pictures[1:])) if row and row.id == job.id else row

    core.house.store.job = with_tile  # type: ignore[method-assign]


def last(provider: ScriptedProvider) -> DrawRequest:
    return list(provider.paid.values())[-1]


@pytest.mark.parametrize("size", [(900, 700), (60, 50), (500, 100)])
async def test_an_input_picture_is_made_to_fit(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running_core(tmp_path, capabilities=NARROW) as core:
        data = encoded(noise(*size))
        job = await with_picture(core, data)
        assert job.state is JobState.DELIVERED
        image = last(core.provider).image
        assert image is not None
        sent = decoded(image.data)
        assert (image.mime, sent.format) == ("image/jpeg", "JPEG")
        assert NARROW.takes.shaped(*sent.size)
        assert len(image.data) <= 40_000
        assert core.pictures.kept[job.request.image_key][0] == data, "what is kept is the person's own"


async def test_what_fits_is_sent_as_it_came(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=NARROW) as core:
        data = encoded(flat((1, 2, 3), (200, 150)))
        await with_picture(core, data)
        assert last(core.provider).image == Source(data, "image/png")


async def test_a_variation_is_made_to_fit(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=NARROW) as core:
        grid = await core.drawn()
        await replaced(core, grid, encoded(noise(640, 640)))
        assert (await pressed(core, grid, Action.VARIATION)).state is JobState.DELIVERED
        source = last(core.provider).source
        assert source is not None
        assert decoded(source.data).size == (300, 300)
        assert source.ref, "what its provider calls it stays"


@pytest.mark.parametrize(
    ("enlarges", "drew"),
    [(Limits(longest=640, weight=640 * 640), "fake"), (Limits(longest=639), "lanczos"), (Limits(weight=400_000), "lanczos")],
)
async def test_a_u_is_never_made_of_fewer_pixels(tmp_path: Path, enlarges: Limits, drew: str) -> None:
    async with running_core(tmp_path, capabilities=replace(NARROW, enlarges=enlarges)) as core:
        grid = await core.drawn()
        await replaced(core, grid, encoded(noise(640, 640)))
        large = await pressed(core, grid, Action.UPSCALE)
        assert (large.state, large.provider) == (JobState.DELIVERED, drew)
        if drew == "lanczos":
            assert (large.pictures[0].width, large.notes) == (1280, (states.LANCZOS,))
            return
        source = last(core.provider).source
        assert source is not None
        assert (decoded(source.data).size, source.mime) == ((640, 640), "image/jpeg")


async def test_a_picture_that_nobody_can_enlarge_is_told_so_at_once(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=replace(ASYNC, enlarges=Limits(longest=1000))) as core:
        grid = await core.drawn()
        await measured(core, grid, replace(grid.pictures[0], width=8000, height=3000))
        answer = await core.press(f"i1:upscale:{grid.id}:1")
        assert isinstance(answer, Private)
        assert answers.NO_ENLARGER in str(answer)


async def test_a_u_falls_over_to_who_takes_the_picture(tmp_path: Path) -> None:
    second = ScriptedProvider(replace(ASYNC, name="second", upscale_any=True, enlarges=Limits(longest=500)))
    async with running_core(tmp_path, more=[second]) as core:
        grid = await core.drawn()
        await replaced(core, grid, encoded(noise(640, 640)))
        core.provider.script = [ProviderError(Family.NO_MONEY, "empty", accepted=Accepted.NO)]
        assert (await pressed(core, grid, Action.UPSCALE)).provider == "lanczos"
        assert not second.paid


async def test_a_picture_that_nobody_can_read_is_never_sent(tmp_path: Path) -> None:
    async with running_core(tmp_path, capabilities=NARROW) as core:
        grid = await core.drawn()
        core.pictures.kept[grid.pictures[0].key] = (b"\xff\xd8 cut", "image/jpeg")
        paid = len(core.provider.paid)
        varied = await pressed(core, grid, Action.VARIATION)
        assert (varied.state, varied.reason, varied.cost) == (JobState.FAILED, "parent_gone", 0)
        assert len(core.provider.paid) == paid
        assert not await core.store.calls(varied.id), "no intent was written for it"


async def test_it_fits_before_the_intent_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_core(tmp_path, capabilities=NARROW) as core:
        order: list[str] = []
        for owner, name in ((core.house.imaging, "bound"), (core.house.store, "intend")):
            monkeypatch.setattr(owner, name, noting(getattr(owner, name), name, order))
        await with_picture(core, encoded(noise(900, 700)))
        assert order == ["bound", "intend"]


def noting(do: Callable[..., Awaitable[object]], name: str, order: list[str]) -> Callable[..., Awaitable[object]]:
    async def noted(*given: object) -> object:
        order.append(name)
        return await do(*given)

    return noted
