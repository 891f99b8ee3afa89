"""Many pictures at once: a slow scan of some holds up the bytes of none."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.jobs.surface import Shown
from bot.slack.api import SlackApi
from bot.slack.config import Waits
from bot.slack.upload import TOGETHER, Uploads
from tests.bot.slack.jobs import GRID
from tests.bot.slack.stub import StubClient, StubLines
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
