"""A private answer whose picture cannot be read is an apology: nothing is left thinking."""

from __future__ import annotations

import pytest

from bot.errors import PicturesUnavailable
from bot.jobs.asks import Placeholder, Private
from bot.jobs.controls import Control
from bot.jobs.surface import Card, Tone
from bot.texts import discord as texts
from tests.bot.discord.conftest import Live
from tests.bot.discord.stub import picture, with_buttons
from tests.fakes.discord import FakeInteraction, routes

DETAILS = str(Control("details", "job1"))
SHOWS = Private(Card(Tone.DONE, lines=("here it is",), pictures=(picture("gone"),), private=True))
pytestmark = pytest.mark.usefixtures("addresses")


def slow(live: Live) -> None:
    """What is asked next is deferred, and answered by a picture that is gone."""
    known = live.fake.count(routes.CALLBACK)
    live.core.answer = SHOWS
    live.core.hold = lambda: live.fake.count(routes.CALLBACK) > known


def ask(live: Live, name: str, **options: str) -> FakeInteraction:
    return live.fake.slash(live.fake.user(), live.fake.channel(), name, **options)


@pytest.mark.parametrize("away", [False, True])
async def test_said_at_once(live: Live, monkeypatch: pytest.MonkeyPatch, *, away: bool) -> None:
    async def unavailable(key: str) -> bytes:
        raise PicturesUnavailable(key)

    if away:
        monkeypatch.setattr(live.pictures, "get", unavailable)
    live.core.answer = SHOWS
    told = await ask(live, "info").response()
    assert told.ephemeral
    assert texts.FAULT in told.text


async def test_said_in_place_of_the_private_answer(live: Live) -> None:
    slow(live)
    told = await ask(live, "info").response()
    assert told.ephemeral
    assert texts.FAULT in told.text


async def test_said_privately_in_place_of_the_public_answer(live: Live) -> None:
    slow(live)
    asked = ask(live, "imagine", prompt="x")
    told = await asked.followup()
    assert told.ephemeral
    assert texts.FAULT in told.text
    await asked.until(lambda: asked.message is not None and asked.message.deleted)


async def test_said_beside_the_message_that_was_pressed(live: Live) -> None:
    live.core.answer = Placeholder("job1", with_buttons(DETAILS))
    user = live.fake.user()
    shown = await live.fake.slash(user, live.fake.channel(), "imagine", prompt="x").response()
    slow(live)
    told = await live.fake.press(user, shown, DETAILS).followup()
    assert texts.FAULT in told.text
    assert "a lighthouse at dusk" in shown.text
