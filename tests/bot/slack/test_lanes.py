"""A rush in one channel: in order, at Slack's pace, one refusal, and nobody waits for another channel."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import Any

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.jobs.chat_port import ChatError
from bot.slack import lanes
from bot.slack.api import SlackApi, Written
from bot.slack.faults import SlackFault
from bot.slack.lanes import CALM, PACE, ROOM, Lanes
from tests.bot.slack.stub import StubClient, StubLines

FASTER = 200.0


class Slack:
    """One message a second in each channel, five at once; its seconds are 200 times as fast as ours."""

    def __init__(self) -> None:
        self.sent: dict[str, list[str]] = {}
        self.refused = 0
        self.limited = asyncio.Event()
        self._seen: dict[str, deque[float]] = {}
        self.jump = 0.0

    def clock(self) -> float:
        return asyncio.get_running_loop().time() * FASTER + self.jump

    async def post(self, channel: str, words: str) -> str:
        await asyncio.sleep(0)
        seen, now = self._seen.setdefault(channel, deque()), self.clock()
        while seen and seen[0] <= now - 5.0:
            seen.popleft()
        if len(seen) >= 5:
            self.refused += 1
            self.limited.set()
            raise SlackFault("ratelimited", retry_after=5.0)
        seen.append(now)
        self.sent.setdefault(channel, []).append(words)
        return words


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Slack:
    monkeypatch.setattr(lanes, "LOOK", PACE / FASTER / 4)
    return Slack()


async def insist(slack: Slack, way: Lanes, channel: str, words: str) -> int:
    """As the engine does: again when told so. How often it was sent away."""
    away = 0
    while True:
        try:
            await way.send(channel, lambda: slack.post(channel, words))
        except ChatError as error:
            away += 1
            await asyncio.sleep((error.retry_after or 0.0) / FASTER)
        else:
            return away


async def test_a_rush_goes_out_once_in_order_with_few_refusals(slack: Slack) -> None:
    way, began = Lanes(slack.clock), slack.clock()
    many = [str(number) for number in range(3 * ROOM)]
    away = await asyncio.gather(*(insist(slack, way, "C1", words) for words in many))
    assert sorted(slack.sent["C1"]) == sorted(many)
    assert slack.sent["C1"][: ROOM // 2] == many[: ROOM // 2], "in the order in which they were asked for"
    assert slack.refused <= 4
    assert max(away) <= 2
    assert slack.clock() - began < 3 * len(many) * PACE


async def test_another_channel_does_not_wait_for_it(slack: Slack) -> None:
    way = Lanes(slack.clock)
    rush = [asyncio.create_task(insist(slack, way, "C1", str(number))) for number in range(12)]
    await slack.limited.wait()
    assert await way.send("C2", lambda: slack.post("C2", "at once")) == "at once"
    assert len(slack.sent["C1"]) < 12
    await asyncio.gather(*rush)


async def test_without_a_refusal_there_is_no_pace(slack: Slack) -> None:
    """Slack decides what a burst is: five are tolerated here."""
    way = Lanes(slack.clock)
    await asyncio.gather(*(way.send("C1", lambda: slack.post("C1", "x")) for _ in range(5)))
    slack.jump += CALM
    await asyncio.gather(*(way.send("C1", lambda: slack.post("C1", "x")) for _ in range(5)))
    assert (slack.refused, len(slack.sent["C1"])) == (0, 10)


async def test_another_fault_is_handed_on_and_the_next_one_goes(slack: Slack) -> None:
    way = Lanes(slack.clock)

    async def gone() -> str:
        raise SlackFault("channel_not_found")

    with pytest.raises(SlackFault, match="channel_not_found"):
        await way.send("C1", gone)
    assert await way.send("C1", lambda: slack.post("C1", "still")) == "still"


async def test_a_long_pause_is_handed_on_and_a_clock_set_back_holds_nobody(slack: Slack) -> None:
    way = Lanes(slack.clock)

    async def busy() -> str:
        raise SlackFault("ratelimited", retry_after=3600.0)

    with pytest.raises(SlackFault, match="ratelimited"):
        await way.send("C1", busy)
    waiting = asyncio.create_task(way.send("C1", lambda: slack.post("C1", "after all")))
    await asyncio.sleep(0)
    slack.jump -= 7200.0
    assert await waiting == "after all"


async def test_lanes_are_forgotten(slack: Slack) -> None:
    way = Lanes(slack.clock)
    for number in range(50):
        await way.send(f"C{number}", partial(slack.post, f"C{number}", "x"))
    assert len(way._lanes) == 1


class Slow(StubClient):
    """Answers when told."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.asked = asyncio.Event(), asyncio.Event()

    async def api_call(self, api_method: str, **request: Any) -> AsyncSlackResponse:
        answer = await super().api_call(api_method, **request)
        self.asked.set()
        await self.gate.wait()
        return answer


async def test_the_web_api_posts_one_after_the_other_in_each_channel() -> None:
    client = Slow()
    api = SlackApi(client, StubLines(), 5.0)
    shown = Written([], "x")
    posts = [asyncio.create_task(api.post(channel, "", shown)) for channel in ("C1", "C1", "C2", "C1")]
    await client.asked.wait()
    await asyncio.sleep(0.02)
    assert [call["channel"] for call in client.of("chat.postMessage")] == ["C1", "C2"]
    client.gate.set()
    await asyncio.gather(*posts)
    assert sorted(call["channel"] for call in client.of("chat.postMessage")) == ["C1", "C1", "C1", "C2"]
