"""A started front over doubles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.config import SlackConfig, Waits
from bot.slack.convert import Source
from bot.slack.front import SlackFront
from tests.bot.slack.stub import Clock, StubClient, StubCore, StubFetcher, StubLines, StubPictures
from tests.fakes.slack import FakeSlack, ManualClock

QUICK = Waits(processed=(0, 0, 0), race=(0, 0, 0, 0, 0))


@dataclass
class Desk:
    """Everything a scenario looks at."""

    front: SlackFront
    core: StubCore
    client: StubClient
    lines: StubLines
    pictures: StubPictures
    fetcher: StubFetcher
    clock: Clock

    async def send(self, payload: dict[str, Any], *, heard: bool = True) -> BoltResponse:
        """What Socket Mode would hand to Bolt; returns when the work behind it is done. `heard`: a listener takes it."""
        done = Done()
        self.front.app.listener_runner.listener_completion_handler = done
        answer = await self.front.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        if heard:
            await asyncio.wait_for(done.event.wait(), 5)
        await self.front.intake.tasks.drain(5)
        return answer


class Done(AsyncListenerCompletionHandler):
    """Bolt acknowledges events before their listener runs; this says when it has."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        self.event.set()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    client, lines, pictures, fetcher, clock = StubClient(), StubLines(), StubPictures(), StubFetcher(), Clock()
    config = SlackConfig("xoxb-secret", signing_secret="shh", api_url="http://127.0.0.1:9/api", waits=QUICK)
    front = SlackFront(config, pictures, fetcher, clock, client)
    core = StubCore()
    await front.start(core)
    (await front.offices.of(Source())).api.lines = lines
    client.calls.clear()
    yield Desk(front, core, client, lines, pictures, fetcher, clock)
    await front.stop()


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack:
        slack.tiers = False
        yield slack
