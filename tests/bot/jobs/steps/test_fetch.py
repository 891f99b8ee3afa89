"""Downloads of finished pictures: what may come is waited for, what is gone for good is not, and the rest is delivered."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.jobs.house import Tries
from bot.jobs.model import Job, JobState
from bot.jobs.steps import fetch
from providers.base import Drawn, DrawRequest
from providers.errors import BadUrl
from tests.fakes.provider import COLOURS, ScriptedProvider, picture
from tests.support.core import ASYNC, FAST, Core, running_core
from tests.support.wait import eventually


class AtUrls(ScriptedProvider):
    """Its pictures stand at addresses of their own."""

    def _drawn(self, request: DrawRequest) -> tuple[Drawn, ...]:
        return tuple(Drawn(url=f"https://vendor.test/{n}") for n in range(request.count))


@dataclass
class Shelf:
    """Implements `Fetcher`. `faults`: what the next downloads of a picture raise; `always`: what every one raises."""

    faults: dict[int, list[BadUrl]] = field(default_factory=dict)
    always: dict[int, BadUrl] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        number = int(url.rpartition("/")[2])
        self.asked.append(number)
        self.times.append(time.monotonic())
        if number in self.always:
            raise self.always[number]
        if self.faults.get(number):
            raise self.faults[number].pop(0)
        return self.bodies.get(number, picture(COLOURS[number]))


def gone() -> BadUrl:
    return BadUrl("gone")


def passing(wait: float | None = None) -> BadUrl:
    return BadUrl("not now", passing=True, retry_after=wait)


async def fetched(core: Core, shelf: Shelf) -> Job:
    """A job of four pictures whose downloads go so."""
    core.house.downloads = shelf
    return await core.ended(await core.accepted())


@pytest.fixture
def provider() -> AtUrls:
    return AtUrls(ASYNC)


async def test_what_is_gone_is_asked_for_once_and_the_others_are_delivered(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider) as core:
        shelf = Shelf(always={1: gone()})
        job = await fetched(core, shelf)
        assert (job.state, [one.index for one in job.pictures]) == (JobState.DELIVERED, [0, 2, 3])
        assert sorted(shelf.asked) == [0, 1, 2, 3]
        assert (await core.store.standing(job.actor.key, core.clock())).used == 3
        assert any("3 of 4 pictures came" in line for line in core.chat.messages[f"m-{job.id}"][-1].lines)


async def test_all_gone_ends_at_once_refunded(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider) as core:
        shelf = Shelf(always={n: gone() for n in range(4)})
        job = await fetched(core, shelf)
        assert (job.state, job.reason, len(shelf.asked)) == (JobState.FAILED, "no_pictures", 4)
        assert (await core.store.standing(job.actor.key, core.clock())).used == 0


async def test_what_may_pass_is_tried_again_and_comes(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider) as core:
        job = await fetched(core, Shelf(faults={2: [passing()]}))
        assert (job.state, len(job.pictures)) == (JobState.DELIVERED, 4)


async def test_what_never_passes_is_given_up_and_the_others_are_delivered(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider) as core:
        shelf = Shelf(always={2: passing()})
        job = await fetched(core, shelf)
        assert (job.state, len(job.pictures)) == (JobState.DELIVERED, 3)
        assert shelf.asked.count(2) == core.house.tries.fetch


async def test_a_busy_host_is_given_the_time_that_it_asks_for(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider) as core:
        shelf = Shelf(faults={0: [passing(0.3)], 1: [passing()]})
        job = await fetched(core, shelf)
        assert (job.state, len(job.pictures)) == (JobState.DELIVERED, 4)
        assert shelf.times[4] - shelf.times[0] >= 0.25


async def test_a_host_that_asks_for_longer_than_addresses_live_is_asked_before(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider, timing=replace(FAST, backoff_cap=1.0)) as core:
        core.house.downloads = Shelf(always={0: passing(3600.0)})
        job_id = await core.accepted()

        async def waiting() -> float | None:
            job = await core.job(job_id)
            return (job.due_at or 0.0) - core.clock() if job.attempts and not job.lease else None

        wait = await eventually(waiting)
        assert wait is not None
        assert fetch.LONGEST_WAIT - 30.0 < wait <= fetch.LONGEST_WAIT
        assert (Tries().fetch - 1) * fetch.LONGEST_WAIT < 600.0, (
            "all waits together: the others' addresses die meanwhile, too"
        )


async def test_what_is_no_picture_is_not_fetched_again(tmp_path: Path, provider: AtUrls) -> None:
    async with running_core(tmp_path, provider=provider) as core:
        shelf = Shelf(bodies={3: b"no picture"})
        job = await fetched(core, shelf)
        assert (job.state, len(job.pictures), len(shelf.asked)) == (JobState.DELIVERED, 3, 4)
