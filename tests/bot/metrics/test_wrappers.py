"""The wrappers around ports: what passed through is told, and nothing is changed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from bot.jobs.advance import Advancer
from bot.jobs.asks import Imagine
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.meter import Meter
from bot.jobs.model import Action, JobState
from bot.jobs.place import Platform
from bot.jobs.store import JobStore
from bot.metrics.chat import MeteredChat
from bot.metrics.core import metered_core
from bot.metrics.imaging import MeteredImaging
from bot.metrics.lag import watch_lag
from bot.metrics.store import MeteredStore
from bot.metrics.wire import Names, WatchedTransport
from providers.base import Stage, Status
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.meter import ListMeter
from tests.support.core import Core, running_core
from tests.support.wait import eventually


def metered(core: Core) -> ListMeter:
    """All of a core's ports wrapped, as wiring does."""
    heard, house = ListMeter(), core.house
    meter = cast("Meter", heard)
    house.store = cast("JobStore", MeteredStore(house.store, meter))
    house.chats = {platform: MeteredChat(platform, chat, meter) for platform, chat in house.chats.items()}
    house.imaging = MeteredImaging(house.imaging, meter)
    core.service = cast("Any", metered_core(core.service, meter))
    return heard


def words(told: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Without the seconds, which must be there and not negative."""
    assert all(isinstance(one[-1], float) and one[-1] >= 0.0 for one in told)
    return [one[:-1] for one in told]


async def test_a_whole_job_is_told_once_each(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        meter = metered(core)
        core.provider.script = [ProviderError(Family.BUSY, "HTTP 429", accepted=Accepted.NO)]
        await core.drawn()
        await core.imagine("a fox", ratio="nonsense")
    assert meter.of("accepted") == [(Platform.PLAYGROUND, Action.IMAGINE, "fake")]
    assert words(meter.of("began")) == [("fake",)]
    assert meter.of("called") == [("fake", "busy"), ("fake", "accepted"), ("fake", "done")]
    assert meter.of("retried") == [(JobState.SUBMITTING, "busy")]
    assert words(meter.of("drawn")) == [("fake", "poll")]
    assert words(meter.of("delivered")) == [(Platform.PLAYGROUND,)]
    assert words(meter.of("ended")) == [(JobState.DELIVERED, "fake")]
    assert words(meter.of("answered")) == [(Platform.PLAYGROUND,)] * 2
    assert words(meter.of("imaged")) == [("grid",)]
    chatted = words(meter.of("chatted"))
    assert chatted[0] == (Platform.PLAYGROUND, "place", "ok")
    assert chatted[-1] == (Platform.PLAYGROUND, "edit", "ok")


async def test_a_webhook_is_told_from_a_poll(tmp_path: Path) -> None:
    """Looked at by hand, so that no poll comes between."""
    async with running_core(tmp_path, started=False) as core:
        meter, look = metered(core), Advancer(core.house)
        core.provider.stages = [Status(Stage.RUNNING)]
        job_id = await core.accepted()
        await look(job_id)
        assert (await core.job(job_id)).state is JobState.RUNNING
        (call,) = await core.store.calls(job_id)
        await core.store.hooked(call.id, "", core.clock())
        await look(job_id)
    assert words(meter.of("drawn")) == [("fake", "webhook")]


async def test_a_replay_and_what_fails_are_not_counted(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        meter = metered(core)
        first = await core.service.imagine(core_ask(core, "key-of-one"))
        again = await core.service.imagine(core_ask(core, "key-of-one"))
        assert type(first).__name__ != type(again).__name__
    assert len(meter.of("accepted")) == 1


def core_ask(core: Core, key: str) -> Imagine:
    return Imagine(core.ask(key=key), "a fox", {})


async def test_a_chats_faults_are_outcomes_and_go_on(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        meter = metered(core)
        job = await core.job(await core.accepted())
        chat = core.house.chats[Platform.PLAYGROUND]

        async def busy(*_: object) -> None:
            raise ChatError(ChatFault.BUSY, "slow down", 3.0)

        core.chat.ping = busy  # type: ignore[method-assign,assignment]
        with pytest.raises(ChatError) as caught:
            await chat.ping(job, "done")
    assert caught.value.retry_after == 3.0
    assert words(meter.of("chatted")) == [(Platform.PLAYGROUND, "ping", "busy")]
    assert chat.limits == core.chat.limits


async def test_the_loops_lag_is_what_it_is_late() -> None:
    told: list[float] = []
    task = asyncio.create_task(watch_lag(told.append, every=0.01))

    async def twice() -> bool:
        return len(told) >= 2

    await eventually(twice)
    task.cancel()
    assert all(0.0 <= late < 5.0 for late in told)


BASES = {
    "bfl": "https://api.bfl.ai/v1",
    "openai": "https://api.openai.com/v1",
    "comfyui": "http://me:pw@10.0.0.5:8188",
    "a": "",
}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1/images", "openai"),
        ("https://api.us1.bfl.ai/v1/get_result", "bfl"),
        ("http://10.0.0.5:8188/prompt", "comfyui"),
        ("http://10.0.0.5:8189/prompt", "other"),
        ("http://10.9.0.5:8188/prompt", "other"),
        ("https://bfl.ai.example.org/", "other"),
    ],
)
def test_whose_a_host_is(url: str, name: str) -> None:
    assert Names(BASES).of(httpx.URL(url)) == name


async def test_replies_are_logged_by_code_without_address_or_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    told: list[tuple[str, int]] = []

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/gone":
            raise httpx.ConnectError("no line")
        return httpx.Response(int(request.url.path[1:]))

    transport = WatchedTransport(httpx.MockTransport(reply), Names(BASES), lambda name, status: told.append((name, status)))
    async with httpx.AsyncClient(transport=transport, headers={"x-key": "hush"}) as client:
        await client.post("https://api.bfl.ai/200")
        await client.get("https://api.bfl.ai/200?token=hush")
        await client.get("https://api.bfl.ai/429?token=hush")
        with pytest.raises(httpx.ConnectError):
            await client.get("https://api.bfl.ai/gone")
    assert told == [("bfl", 200), ("bfl", 200), ("bfl", 429), ("bfl", 0)]
    lines = [record.getMessage() for record in caplog.records if "provider replied" in record.getMessage()]
    assert [("status=200" in one, "status=429" in one, "status=0" in one) for one in lines] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert all("provider='bfl'" in one and "seconds=" in one and "hush" not in one for one in lines)
