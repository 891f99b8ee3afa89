"""A chat that is away or slow at the start is waited for; one that refuses the bot is not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from bot.errors import ChatAway, StartError
from bot.jobs.place import Platform
from bot.wiring import opening
from bot.wiring.opening import Opening

AWAY, REFUSED = ChatAway("nobody there"), StartError("wrong token")


class Chats:
    """`answers`: what Discord's tries come to, one after the other, each after `said`; Slack opens at once."""

    def __init__(self, answers: Sequence[Exception | None]) -> None:
        self.answers, self.opened = list(answers), list[Platform]()
        self.asked, self.said = asyncio.Event(), asyncio.Event()
        self.said.set()

    async def __call__(self, platform: Platform) -> None:
        if platform is Platform.DISCORD:
            self.asked.set()
            await self.said.wait()
        if platform is Platform.DISCORD and (error := self.answers.pop(0)):
            raise error
        self.opened.append(platform)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "FIRST_SECONDS", 0.001)


async def test_the_others_go_on_and_it_comes_later() -> None:
    chats = Chats([AWAY, AWAY, AWAY, None])
    with capture_logs() as said:
        one = Opening(chats)
        await one.start([Platform.DISCORD, Platform.SLACK])
        assert chats.opened == [Platform.SLACK]
        await asyncio.wait_for(asyncio.gather(*one._late), 5)
    assert chats.opened == [Platform.SLACK, Platform.DISCORD]
    assert said[-1]["event"] == "chat is there"
    warned = [line["seconds"] for line in said if line["log_level"] == "warning"]
    assert warned == [0.001, 0.002, 0.004]
    assert said[0]["why"] == "nobody there"


async def test_a_refusal_ends_the_start() -> None:
    with pytest.raises(StartError, match="wrong token"):
        await Opening(Chats([REFUSED])).start([Platform.DISCORD])


async def test_a_refusal_later_is_told_and_ends_the_tries() -> None:
    chats = Chats([AWAY, REFUSED])
    with capture_logs() as said:
        one = Opening(chats)
        await one.start([Platform.DISCORD])
        await asyncio.wait_for(asyncio.gather(*one._late), 5)
    assert (said[-1]["log_level"], said[-1]["why"]) == ("critical", "wrong token")
    assert not chats.answers


async def test_a_stop_ends_the_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "FIRST_SECONDS", 60.0)
    one = Opening(Chats([AWAY, None]))
    await one.start([Platform.DISCORD])
    await asyncio.wait_for(one.stop(), 5)
    assert all(task.cancelled() for task in one._late)


async def test_it_is_tried_no_sooner_than_it_asks_for() -> None:
    chats = Chats([ChatAway("busy", wait=0.02), None])
    with capture_logs() as said:
        one = Opening(chats)
        await one.start([Platform.DISCORD])
        await asyncio.wait_for(asyncio.gather(*one._late), 5)
    assert [line["seconds"] for line in said if line["log_level"] == "warning"] == [0.02]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0.01)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(
    ("answers", "level", "event"),
    [
        ([None], "info", "chat is there"),
        ([AWAY, None], "info", "chat is there"),
        ([REFUSED], "critical", "chat refuses the bot, it is not tried again"),
        ([ValueError("a bug")], "error", "chat could not be opened, it is not tried again"),
    ],
)
async def test_one_that_says_nothing_holds_nobody_up(answers: Sequence[Exception | None], level: str, event: str) -> None:
    chats = Chats(answers)
    chats.said.clear()
    with capture_logs() as said:
        one = Opening(chats)
        await asyncio.wait_for(one.start([Platform.DISCORD, Platform.SLACK]), 5)
        assert chats.opened == [Platform.SLACK]
        chats.said.set()
        await asyncio.wait_for(asyncio.gather(*one._late), 5)
    assert (said[-1]["log_level"], said[-1]["event"]) == (level, event)
    assert not chats.answers
    assert (Platform.DISCORD in chats.opened) == (level == "info")


@pytest.mark.usefixtures("slow")
async def test_a_stop_ends_a_slow_one() -> None:
    chats = Chats([None])
    chats.said.clear()
    one = Opening(chats)
    await one.start([Platform.DISCORD])
    await asyncio.wait_for(one.stop(), 5)
    chats.said.set()
    await asyncio.sleep(0)
    assert not chats.opened


async def test_a_start_that_is_cut_leaves_nothing_open_behind() -> None:
    chats = Chats([None])
    chats.said.clear()
    one = Opening(chats)
    starting = asyncio.create_task(one.start([Platform.DISCORD]))
    await chats.asked.wait()
    starting.cancel()
    await asyncio.wait({starting})
    await asyncio.wait_for(one.stop(), 5)
    chats.said.set()
    await asyncio.sleep(0)
    assert not chats.opened
