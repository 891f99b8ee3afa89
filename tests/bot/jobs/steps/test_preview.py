"""Partial pictures: shown while it draws, replaced by better ones, gone at the end, and never in the way of the calls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.errors import StoreUnavailable
from bot.jobs.model import Job, JobState
from bot.jobs.steps import preview
from bot.jobs.store import LeaseLost
from bot.jobs.surface import Card, Shown
from providers.base import DrawRequest, Submitted
from providers.errors import Accepted, Family, ProviderError
from providers.streaming import Partial, Seen
from tests.fakes.chat import FakeChat
from tests.fakes.pictures import MemoryPictures
from tests.fakes.provider import ScriptedProvider, picture
from tests.support.core import ASYNC, Core, running_core
from tests.support.wait import eventually

ONE_EACH = replace(ASYNC, asynchronous=False, per_call=1, webhook=False)


@dataclass
class StreamingProvider(ScriptedProvider):
    """Each call waits for `go`; `eyes` are the calls under way, by our key."""

    eyes: dict[str, Seen] = field(default_factory=dict)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit_streaming(self, request: DrawRequest, key: str, webhook_url: str | None, seen: Seen) -> Submitted:
        self.eyes[key] = seen
        await self.go.wait()
        return await self.submit(request, key, webhook_url)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview.Previews.__init__, "__defaults__", (0.0,))


def shown(core: Core, job_id: str) -> list[Shown]:
    return [one for card in core.chat.messages[f"m-{job_id}"] for one in card.pictures if "preview" in one.picture.key]


def previews_kept(core: Core) -> list[str]:
    return [key for key in core.pictures.kept if "preview" in key]


async def under_way(core: Core, provider: StreamingProvider, calls: int = 4) -> tuple[str, list[Seen]]:
    job_id = await core.accepted()
    await eventually(lambda: _true(len(provider.eyes) == calls))
    return job_id, list(provider.eyes.values())


async def _true(value: bool) -> bool:
    return value


async def at_fraction(core: Core, job_id: str, fraction: float) -> Job:
    async def there() -> Job | None:
        job = await core.job(job_id)
        return job if job.progress.fraction == fraction else None

    job = await eventually(there)
    assert job is not None
    return job


def last(core: Core, job_id: str) -> Card:
    return core.chat.messages[f"m-{job_id}"][-1]


async def test_a_preview_is_shown_replaced_and_gone_at_the_end(tmp_path: Path) -> None:
    provider = StreamingProvider(ONE_EACH)
    async with running_core(tmp_path, provider=provider) as core:
        job_id, (first, second, *_) = await under_way(core, provider)
        await first(Partial(picture("grey"), 0.5))
        await core.chat.until(lambda: len(shown(core, job_id)) == 1)
        assert (last(core, job_id).percent, shown(core, job_id)[0].alt) == (12, "Preview, still being drawn: a fox")
        await second(Partial(picture("grey"), 0.5))
        await core.chat.until(lambda: len(shown(core, job_id)) == 2)
        one, two = shown(core, job_id)
        assert (one.picture.width, two.picture.width > 64, last(core, job_id).percent) == (64, True, 25)
        await eventually(lambda: _true(previews_kept(core) == [two.picture.key]))
        provider.go.set()
        job = await core.ended(job_id)
        assert (job.state, len(provider.paid), len(job.pictures)) == (JobState.DELIVERED, 4, 4)
        assert previews_kept(core) == []
        assert [one.picture for one in last(core, job_id).pictures] == [job.shown]


async def test_a_broken_partial_is_left_out(tmp_path: Path) -> None:
    provider = StreamingProvider(ONE_EACH)
    async with running_core(tmp_path, provider=provider) as core:
        job_id, (first, *_) = await under_way(core, provider)
        await first(Partial(b"no picture", 0.5))
        job = await at_fraction(core, job_id, 0.125)
        assert (job.progress.preview, previews_kept(core)) == (None, [])
        provider.go.set()
        assert (await core.ended(job_id)).state is JobState.DELIVERED


@pytest.mark.parametrize("fault", [StoreUnavailable("full"), OSError("full"), LeaseLost("gone")])
async def test_faults_of_the_preview_do_not_reach_the_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    provider, tried = StreamingProvider(ONE_EACH), asyncio.Event()

    async def fails(*_: object) -> Job:
        tried.set()
        raise fault

    async with running_core(tmp_path, provider=provider) as core:
        job_id, (first, *_) = await under_way(core, provider)
        monkeypatch.setattr(core.store, "progressed", fails)
        await first(Partial(picture("grey"), 0.5))
        await asyncio.wait_for(tried.wait(), 5)
        provider.go.set()
        job = await core.ended(job_id)
        assert (job.state, len(provider.paid), shown(core, job_id)) == (JobState.DELIVERED, 4, [])
        assert previews_kept(core) == []


async def test_after_a_lost_lease_no_more_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider, tries = StreamingProvider(ONE_EACH), asyncio.Queue[int]()

    async def lost(*_: object) -> Job:
        tries.put_nowait(1)
        raise LeaseLost("gone")

    async with running_core(tmp_path, provider=provider) as core:
        job_id, (first, second, *_) = await under_way(core, provider)
        monkeypatch.setattr(core.store, "progressed", lost)
        await first(Partial(picture("grey"), 0.5))
        await asyncio.wait_for(tries.get(), 5)
        await second(Partial(picture("grey"), 0.5))
        provider.go.set()
        assert (await core.ended(job_id)).state is JobState.DELIVERED
        assert tries.empty()


class Looks:
    """A moderation that looks at pictures."""

    texts, pictures = False, True

    async def picture(self, data: bytes, mime: str) -> dict[str, float]:
        return {}


async def test_where_pictures_are_moderated_only_the_fraction_is_shown(tmp_path: Path) -> None:
    provider = StreamingProvider(ONE_EACH)
    async with running_core(tmp_path, provider=provider) as core:
        core.house.moderation = Looks()  # type: ignore[assignment]
        job_id, (first, *_) = await under_way(core, provider)
        await first(Partial(picture("grey"), 0.5))
        await core.chat.until(lambda: last(core, job_id).percent == 12)
        assert (shown(core, job_id), previews_kept(core)) == ([], [])
        provider.go.set()
        assert (await core.ended(job_id)).state is JobState.DELIVERED


async def test_a_failed_job_keeps_no_preview(tmp_path: Path) -> None:
    provider = StreamingProvider(ONE_EACH, script=[ProviderError(Family.MODERATED, "no", accepted=Accepted.UNKNOWN)] * 4)
    async with running_core(tmp_path, provider=provider) as core:
        job_id, (first, *_) = await under_way(core, provider)
        await first(Partial(picture("grey"), 0.5))
        await core.chat.until(lambda: bool(shown(core, job_id)))
        provider.go.set()
        job = await core.ended(job_id)
        assert (job.state, previews_kept(core), last(core, job_id).pictures) == (JobState.REFUSED, [], ())


@pytest.mark.parametrize("point", ["put", "progressed", "delete", "later"])
async def test_a_stop_in_between_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    """The process dies just after a second preview's put, row or delete: the next life ends the job and its previews."""
    provider, chat, pictures = StreamingProvider(ONE_EACH), FakeChat(), MemoryPictures()
    async with running_core(tmp_path, provider=provider, chat=chat, pictures=pictures) as core:
        job_id, (first, second, *_) = await under_way(core, provider)
        await first(Partial(picture("grey"), 0.5))
        await core.chat.until(lambda: bool(shown(core, job_id)))
        dead = asyncio.Event()
        if point != "later":
            target: object = core.store if point == "progressed" else core.pictures
            real = getattr(target, point)

            async def dies(*parts: object) -> object:
                result = await real(*parts)
                dead.set()
                raise asyncio.CancelledError if result is None or point == "progressed" else AssertionError

            monkeypatch.setattr(target, point, dies)
            await second(Partial(picture("grey"), 0.5))
            await asyncio.wait_for(dead.wait(), 5)
            monkeypatch.undo()
    assert any("preview" in key for key in pictures.kept)
    async with running_core(tmp_path, provider=provider, chat=chat, pictures=pictures) as core:
        job = await core.ended(job_id)
        assert job.state is JobState.UNCERTAIN
        assert previews_kept(core) == []
