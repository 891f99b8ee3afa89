"""A chat that is away at the start is waited for; one that refuses the bot is not."""

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
    """`answers`: what Discord's tries come to, one after the other; Slack opens at once."""

    def __init__(self, answers: Sequence[StartError | None]) -> None:
        self.answers, self.opened = list(answers), list[Platform]()

    async def __call__(self, platform: Platform) -> None:
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
