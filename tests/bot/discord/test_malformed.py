"""Answers that are not Discord's: of a proxy whose server is gone, of a network that wants a login first."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.discord import front as fronts
from bot.discord.config import DiscordConfig
from bot.errors import ChatAway
from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import StubCore
from tests.bot.discord.test_front import front
from tests.fakes.discord import FakeDiscord, routes

pytestmark = pytest.mark.usefixtures("addresses")
PAGE = "<html><body>Please log in to the hotel's network</body></html>"
ODD = [(503, ""), (503, "down"), (504, PAGE), (200, PAGE), (200, "{}"), (200, "[]"), (200, '{"id": "1'), (429, "[]")]
HTML = "text/html"
CASES = [
    *((route, *odd) for route in (routes.ME, routes.APPLICATION, routes.GATEWAY_BOT) for odd in ODD),
    *((routes.GET_COMMANDS, *odd) for odd in ODD if odd[1] not in {"{}", "[]"}),  # these read as: none is registered
]


@pytest.mark.parametrize(("route", "status", "text"), CASES)
async def test_at_the_start_discord_counts_as_away(route: str, status: int, text: str) -> None:
    async with FakeDiscord() as fake:
        fake.faults.garble(route, status, text)
        early = front(DiscordConfig(fake.token, api_url=fake.api_url))
        try:
            with pytest.raises(ChatAway):
                await early.start(StubCore())
            await early.start(StubCore())
            assert early.ready
        finally:
            await early.stop()


async def test_the_sentence_names_the_address_and_what_may_stand_there() -> None:
    async with FakeDiscord() as fake:
        fake.faults.garble(routes.ME, 200, PAGE, HTML)
        with pytest.raises(ChatAway, match="login page may stand in between") as caught:
            await front(DiscordConfig(fake.token, api_url=fake.api_url)).start(StubCore())
        assert fake.api_url in str(caught.value)


async def test_after_a_lost_gateway_it_is_tried_again(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fronts, "AGAIN_SECONDS", 0.01)
    live.fake.faults.garble(routes.ME, 503, "")
    live.fake.faults.garble(routes.ME, 200, "{}")
    with capture_logs() as said:
        again = asyncio.create_task(live.front._login_again())
        await asyncio.wait_for(again, 10)
    assert [line["event"] for line in said].count("discord is away") == 2


async def test_after_a_lost_gateway_discord_is_left_alone_as_long_as_it_asks(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fronts, "AGAIN_SECONDS", 0.01)
    live.fake.faults.fail(routes.ME, 503)
    live.fake.faults.limit(routes.ME, retry_after=1.0, via=False)
    with capture_logs() as said:
        await asyncio.wait_for(live.front._login_again(), 10)
    assert [line["seconds"] for line in said if line["event"] == "discord is away"] == [0.02, 1.0]


async def test_a_call_of_a_running_bot_fails_as_any_other(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    _, placed = await imagine(live, user, channel)
    live.fake.faults.garble("PATCH /", 503, "", times=9)
    with pytest.raises(ChatError) as caught:
        await live.front.chat.edit(placed, Card(Tone.RUNNING, title="a lighthouse", status="drawing"))
    assert caught.value.fault is ChatFault.BROKEN
