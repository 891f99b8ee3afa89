"""midjourney-api.com answers about many tasks at once: jobs that look at the same time share one request."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from providers.base import DrawRequest, Kind, Size, Stage
from providers.errors import Family, ProviderError
from providers.midjourney import MOST_TASKS, Midjourney
from tests.fakes.apis.midjourney import STATUS, MidjourneyServer
from tests.fakes.apis.strict import Fault

REQUEST = DrawRequest(Kind.IMAGINE, "a red fox", Size(1024, 1024), 4)


async def test_twenty_jobs_ask_in_one_or_two_requests() -> None:
    async with MidjourneyServer() as api, httpx.AsyncClient(trust_env=False) as client:
        vendor = Midjourney("good", api.base, client)
        refs = [(await vendor.submit(REQUEST, f"call-{n}", None)).ref for n in range(20)]
        urls = {ref: api.finish(ref) for ref in refs[::2]}
        told = await asyncio.gather(*map(vendor.status, refs))
        assert len(api.of(STATUS)) in {1, 2}
        for ref, status in zip(refs, told, strict=True):
            assert [picture.url for picture in status.pictures] == urls.get(ref, [])
            assert status.stage is (Stage.DONE if ref in urls else Stage.RUNNING)
        assert api.violations == []


async def test_an_unknown_task_harms_no_other() -> None:
    async with MidjourneyServer() as api, httpx.AsyncClient(trust_env=False) as client:
        vendor = Midjourney("good", api.base, client)
        ref = (await vendor.submit(REQUEST, "call", None)).ref
        known, unknown = await asyncio.gather(vendor.status(ref), vendor.status("task-99"), return_exceptions=True)
        assert not isinstance(known, BaseException)
        assert known.stage is Stage.RUNNING
        assert isinstance(unknown, ProviderError)
        assert unknown.family is Family.BROKEN
        assert len(api.of(STATUS)) == 1


async def test_a_failed_question_fails_for_all_who_asked() -> None:
    async with MidjourneyServer() as api, httpx.AsyncClient(trust_env=False) as client:
        api.fail(STATUS, Fault(401, {"status": 401, "message": "invalid key"}))
        vendor = Midjourney("good", api.base, client)
        told = await asyncio.gather(*(vendor.status(f"t{n}") for n in range(3)), return_exceptions=True)
        assert [error.family for error in told if isinstance(error, ProviderError)] == [Family.BAD_KEY] * 3


@pytest.mark.parametrize(("jobs", "requests"), [(MOST_TASKS, 1), (MOST_TASKS + 1, 2)])
async def test_no_request_names_more_than_it_may(jobs: int, requests: int) -> None:
    async with MidjourneyServer() as api, httpx.AsyncClient(trust_env=False) as client:
        vendor = Midjourney("good", api.base, client)
        await asyncio.gather(*(vendor.status(f"t{n}") for n in range(jobs)), return_exceptions=True)
        assert [len(seen.body["taskIds"]) for seen in api.of(STATUS)] == [MOST_TASKS, jobs - MOST_TASKS][:requests]
