"""Connections that Discord closes without an answer: nobody knows whether the call has arrived."""

from __future__ import annotations

import pytest

from bot.discord.again import LINE, again
from bot.discord.rush import Rush
from bot.jobs.asks import Answer, OpenForm, Placeholder, Private, Quiet, Update
from bot.jobs.controls import Control
from bot.jobs.surface import Card, Field, FieldKind, Form, Tone
from bot.texts import discord as texts
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import PNG, REFUSED, picture, refusal, until, with_buttons
from tests.fakes.discord import routes

REMIX = str(Control("remix", "job1", 1))
FORM = Form(REMIX, "Remix", (Field("prompt", "Prompt", FieldKind.LONG_TEXT, "a lighthouse"),))
pytestmark = pytest.mark.usefixtures("addresses")


def deferred(live: Live) -> None:
    """The core takes so long that what is asked next is deferred."""
    known = live.fake.count(routes.CALLBACK)
    live.core.hold = lambda: live.fake.count(routes.CALLBACK) > known


@pytest.mark.parametrize("arrived", [False, True])
@pytest.mark.parametrize("slow", [False, True])
async def test_a_placeholder_comes_once(live: Live, *, slow: bool, arrived: bool) -> None:
    if slow:
        deferred(live)
    live.fake.cut(routes.CALLBACK, after=arrived)
    interaction, placed = await imagine(live, live.fake.user(), live.fake.channel())
    assert interaction.message is not None
    assert placed.message is not None
    assert placed.message.message_id == str(interaction.message.id)
    assert len(live.fake.messages) == len(live.core.asked) == 1
    assert [call.status for call in live.fake.calls if call.route == routes.CALLBACK] == [499, 400 if arrived else 200]


@pytest.mark.parametrize(
    ("answer", "kind"), [(refusal(), 4), (Quiet(), 6), (Update(Card(Tone.DONE, lines=("changed",))), 7), (OpenForm(FORM), 9)]
)
async def test_every_first_answer_comes(live: Live, answer: Answer, kind: int) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    live.core.answer = Placeholder("job1", with_buttons(REMIX))
    shown = await live.fake.slash(user, channel, "imagine", prompt="x").response()
    live.core.answer = answer
    live.fake.cut(routes.CALLBACK)
    pressed = live.fake.press(user, shown, REMIX)
    assert (await pressed.acknowledged()).type == kind


async def test_an_edit_that_fills_a_deferred_answer_comes(live: Live) -> None:
    live.core.answer = Private(REFUSED)
    deferred(live)
    live.fake.cut(routes.EDIT_ORIGINAL)
    told = await live.fake.slash(live.fake.user(), live.fake.channel(), "info").response()
    assert "No units left today." in told.text


@pytest.mark.parametrize("route", [routes.CALLBACK, routes.EDIT_ORIGINAL])
async def test_a_picture_comes_whole_at_the_second_try(live: Live, route: str) -> None:
    live.pictures.stored["grid"] = PNG
    live.core.answer = Private(Card(Tone.DONE, pictures=(picture(),), private=True))
    if route == routes.EDIT_ORIGINAL:
        deferred(live)
    live.fake.cut(route)
    told = await live.fake.slash(live.fake.user(), live.fake.channel(), "info").response()
    assert [file.data for file in told.attachments] == [PNG]


async def test_in_a_rush_a_line_that_stays_broken_loses_no_command(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be shown, which the core is told; who asked still hears of it."""
    monkeypatch.setattr(Rush, "full", True)
    live.fake.cut(routes.CALLBACK, times=2)
    asked = live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    told = await asked.response()
    assert texts.NOT_SHOWN in told.text
    assert told.ephemeral
    assert live.core.unplaced_jobs == ["job1"]


async def test_a_session_that_is_closed_is_no_fault_of_the_commands(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the bot stops."""

    async def closed(*_: object, **__: object) -> None:
        raise RuntimeError("Session is closed")

    monkeypatch.setattr("bot.discord.show.Shower.defer", closed)
    monkeypatch.setattr(Rush, "full", True)
    live.fake.slash(live.fake.user(), live.fake.channel(), "imagine", prompt="x")
    await until(lambda: live.core.unplaced_jobs)
    assert live.core.unplaced_jobs == ["job1"]


async def test_what_fails_twice_fails() -> None:
    tries = list[int]()

    async def call() -> None:
        tries.append(1)
        raise ConnectionResetError

    with pytest.raises(LINE):
        await again(call)
    assert len(tries) == 2
