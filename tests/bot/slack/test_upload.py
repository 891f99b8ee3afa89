"""Many pictures at once: a slow scan of some holds up the bytes of none, and a limit is kept by all."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.jobs.surface import Shown
from bot.slack.api import FILES_PACE, SlackApi
from bot.slack.config import Waits
from bot.slack.upload import TOGETHER, Uploads
from tests.bot.slack.jobs import GRID
from tests.bot.slack.stub import BUSY, StubClient, StubLines, refusal
from tests.fakes.pictures import MemoryPictures
from tests.support.wait import eventually

MANY = 3 * TOGETHER


class Scanning(StubClient):
    """files.info answers when told."""

    def __init__(self) -> None:
        super().__init__()
        self.scanned = asyncio.Event()

    async def api_call(self, api_method: str, **request: Any) -> AsyncSlackResponse:
        if api_method == "files.info":
            await self.scanned.wait()
        return await super().api_call(api_method, **request)


async def test_a_slow_scan_holds_up_nobodys_bytes() -> None:
    client, pictures = Scanning(), MemoryPictures()
    lines = StubLines()
    uploads = Uploads(SlackApi(client, lines, 20.0), pictures, Waits(processed=(0.0,)), lambda: 0.0)
    shown = [Shown(replace(GRID.picture, key=f"grid-{number}"), "grid.jpg", "") for number in range(MANY)]
    for one in shown:
        await pictures.put(one.picture.key, b"jpeg", "image/jpeg")
    waiting = [asyncio.create_task(uploads.ids([one], {})) for one in shown]

    async def sent() -> bool:
        return len(lines.uploads) == MANY

    await eventually(sent)
    assert not any(one.done() for one in waiting), "a message is sent when its file is scanned"
    client.scanned.set()
    assert [list(found) for found in await asyncio.gather(*waiting)] == [[one.picture.key] for one in shown]


async def test_a_limit_is_waited_out_by_all_and_is_no_look() -> None:
    """A second of Slack's is a hundredth of ours."""
    client, pictures, began = StubClient(), MemoryPictures(), time.monotonic()
    at: list[float] = []

    def clock() -> float:
        return (time.monotonic() - began) * 100

    async def asked(api_method: str, **request: Any) -> AsyncSlackResponse:
        if api_method == "files.info":
            at.append(clock())
        return await StubClient.api_call(client, api_method, **request)

    client.api_call = asked  # type: ignore[method-assign]
    client.answers["files.info"] = [BUSY]
    uploads = Uploads(SlackApi(client, StubLines(), 20.0, clock=clock), pictures, Waits(processed=(0.0,)), clock)
    shown = [Shown(replace(GRID.picture, key=f"grid-{number}"), "grid.jpg", "") for number in range(MANY)]
    for one in shown:
        await pictures.put(one.picture.key, b"jpeg", "image/jpeg")
    await asyncio.gather(*(uploads.ids([one], {}) for one in shown))
    assert len(at) == MANY + 1, "the refused one is asked again, as its only look is still to come"
    assert at[1] - at[0] >= 7.0
    gaps = [later - sooner for sooner, later in pairwise(at[1:])]
    assert min(gaps) >= FILES_PACE * 0.9, "one after the other in a rush"


async def test_a_refusal_is_no_look_however_often_it_comes() -> None:
    client, pictures = StubClient(), MemoryPictures()
    client.answers["files.info"] = [refusal("ratelimited", _status=429, _headers={"Retry-After": "0"}) for _ in range(3)]
    uploads = Uploads(SlackApi(client, StubLines(), 20.0), pictures, Waits(processed=(0.0,)), lambda: 0.0)
    await pictures.put(GRID.picture.key, b"jpeg", "image/jpeg")
    await uploads.ids([GRID], {})
    assert len(client.of("files.info")) == 4
