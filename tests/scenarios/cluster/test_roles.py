"""What each process does: one answers people, one takes webhooks, another draws, and news goes between them at once."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from bot.jobs.asks import Ask, Imagine, Placeholder
from bot.jobs.model import JobState
from bot.jobs.place import Actor, Place, Platform
from bot.playground.channels import CHANNEL
from bot.wiring import Bot
from tests.bot.playground.test_stream import listening
from tests.scenarios.cluster.conftest import Cluster
from tests.scenarios.discord.easel import CAPABILITIES, Easel
from tests.support.wait import eventually

ON = {"IMAGINE_PLAYGROUND": "on"}
HOOKED = replace(CAPABILITIES, webhook=True, poll_first=1000.0, poll_cap=1000.0)
"""Whoever does not hear the webhook waits for a quarter of an hour."""


async def asked(bot: Bot, key: str = "one") -> str:
    place = Place(Platform.PLAYGROUND, CHANNEL, community_id=CHANNEL)
    answer = await bot.service.imagine(Imagine(Ask(Actor(Platform.PLAYGROUND, "ada", "Ada"), place, key), "a fox", {}))
    assert isinstance(answer, Placeholder), answer
    return answer.job_id


async def test_a_webhook_that_lands_on_one_process_wakes_a_job_of_another(cluster: Cluster) -> None:
    easel = Easel(HOOKED)
    cluster.more, cluster.settings = [easel], cluster.settings | ON | {"IMAGINE_POLL_SECONDS": "1000"}
    web, _ = await cluster.open("web"), await cluster.open("worker")
    job_id = await asked(web)
    await eventually(lambda: state(web, job_id, JobState.RUNNING))
    easel.finish()
    hook = easel.webhooks[-1]
    assert hook
    async with httpx.AsyncClient(base_url=web.url, trust_env=False) as client:
        told = await client.post(urlsplit(hook).path, content=b"", headers={"x-fake": "yes"})
    assert told.status_code == 200
    assert (await cluster.ended(job_id)).state is JobState.DELIVERED
    assert web.engine.lag < 5.0


async def test_open_pages_see_what_another_process_writes(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playground.stream.POLL_SECONDS", 1000.0)
    cluster.settings |= ON
    web, _ = await cluster.open("web"), await cluster.open("worker")
    async with listening(web.url, "ada") as events:
        job_id = await asked(web)
        async for _, _, message in events:
            if message["id"] == job_id and message["card"]["tone"] == "done":
                break
    assert (await cluster.ended(job_id)).state is JobState.DELIVERED


async def test_without_web_a_port_says_only_how_the_process_is(cluster: Cluster) -> None:
    cluster.settings |= ON
    worker = await cluster.open("worker")
    async with httpx.AsyncClient(base_url=worker.url, trust_env=False) as client:
        assert (await client.get("/healthz")).json() == {"status": "alive"}
        assert (await client.get("/readyz")).json() == {"ready": True, "parts": {"engine": True}}
        assert (await client.get("/")).status_code == 404
        assert (await client.post("/webhooks/sketch/call/token")).status_code == 404


async def test_without_a_worker_jobs_wait_and_lose_nothing(cluster: Cluster) -> None:
    cluster.settings |= ON
    web = await cluster.open("web")
    job_id = await asked(web)
    job = await web.store.job(job_id)
    assert job is not None
    assert job.state is JobState.NEW
    await cluster.open("worker")
    assert (await cluster.ended(job_id)).state is JobState.DELIVERED


async def test_one_process_that_does_it_all_needs_no_other(cluster: Cluster) -> None:
    cluster.settings |= ON
    alone = await cluster.open("all")
    assert (await cluster.ended(await asked(alone))).state is JobState.DELIVERED


async def test_a_stopped_worker_leaves_its_jobs_free(cluster: Cluster) -> None:
    """The next one has them long before a lease would have ended."""
    easel = Easel()
    cluster.more, cluster.settings = [easel], cluster.settings | ON
    web, first = await cluster.open("web"), await cluster.open("worker")
    job_id = await asked(web)
    await eventually(lambda: state(web, job_id, JobState.RUNNING))
    await first.engine.stop(1.0)
    await first.leases.stop()
    job = await web.store.job(job_id)
    assert job is not None
    assert job.lease == ""
    easel.finish()
    await cluster.open("worker")
    assert (await cluster.ended(job_id)).state is JobState.DELIVERED
    assert len(easel.paid) == 1


async def state(bot: Bot, job_id: str, wanted: JobState) -> bool:
    job = await bot.store.job(job_id)
    return job is not None and job.state is wanted
