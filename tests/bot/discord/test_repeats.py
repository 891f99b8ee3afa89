"""A gateway that delivers an interaction more than once."""

from __future__ import annotations

import pytest

from bot.jobs.asks import OpenForm, Placeholder, Private
from bot.jobs.controls import Control
from bot.jobs.surface import Field, Form
from tests.bot.discord.conftest import Live, imagine
from tests.bot.discord.stub import REFUSED, refusal, until, with_buttons

FORM = str(Control("imagine"))
PING = str(Control("setting", "ping"))
pytestmark = pytest.mark.usefixtures("addresses")


async def test_a_press_that_comes_again_is_left_alone(live: Live) -> None:
    """It would turn a switch back."""
    user, channel = live.fake.user(), live.fake.channel()
    live.core.answer = Placeholder("job1", with_buttons(PING))
    shown = await live.fake.slash(user, channel, "imagine", prompt="x").response()
    live.core.answer = refusal()
    pressed = live.fake.press(user, shown, PING)
    live.fake.again(pressed)
    await pressed.acknowledged()
    live.fake.again(pressed)
    await live.fake.press(user, shown, PING).acknowledged()
    assert len(live.core.asked) == 3


async def test_a_form_that_comes_again_is_left_alone(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    live.core.answer = OpenForm(Form(FORM, "Imagine", (Field("prompt", "Prompt"),)))
    opened = live.fake.slash(user, channel, "imagine", prompt="x")
    await opened.modal()
    live.core.answer = refusal()
    sent = live.fake.modal(user, FORM, {"prompt": "a dog"}, opened)
    live.fake.again(sent)
    await live.fake.slash(user, channel, "imagine", prompt="x").acknowledged()
    assert len(live.core.asked) == 3


async def test_the_answer_to_what_came_again_after_a_restart_leaves_the_jobs_message(live: Live) -> None:
    user, channel = live.fake.user(), live.fake.channel()
    asked, _ = await imagine(live, user, channel)
    live.front.bind(live.core)  # knows of nothing
    calls = len(live.fake.calls)
    live.core.answer = Private(REFUSED, refused=True, replay=True)
    live.core.hold = lambda: len(live.fake.calls) > calls
    live.fake.again(asked)
    await until(lambda: len(live.core.asked) == 2)
    await live.front.stop_intake()  # when it is answered
    assert asked.message is not None
    assert "a lighthouse at dusk" in asked.message.text
    assert not asked.message.deleted
    assert asked.followups == []
