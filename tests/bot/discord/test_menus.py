"""Commands on a message: found by its buttons, however deep, and only on our own messages."""

from __future__ import annotations

import copy

import pytest

from bot.jobs.asks import OpenForm, Placeholder, Press, Private
from bot.jobs.surface import Button, Card, Field, Form, Menu, Tone
from bot.jobs.surface import Choice as Entry
from bot.texts import discord as texts
from tests.bot.discord.conftest import Live
from tests.bot.discord.stub import with_buttons
from tests.fakes.discord import Channel, Message, User

JOB = "0123456789abcdef0123"
DONE = Private(Card(Tone.DONE, lines=("thank you",), private=True))
FORM = Form(f"i1:report:{JOB}:0", "Report", (Field("reason", "Why?"),), "Report")


async def drawn(live: Live, channel: Channel, card: Card) -> Message:
    """A public message of the bot."""
    live.core.answer = Placeholder("job1", card)
    return await live.fake.slash(live.fake.user(), channel, "imagine", prompt="x").response()


def press(live: Live) -> Press:
    asked = live.core.asked[-1]
    assert isinstance(asked, Press)
    return asked


@pytest.mark.parametrize(
    ("name", "control", "permissions"),
    [("Report picture", f"i1:report:{JOB}:0", 1 << 11), ("Moderate picture", f"i1:moderate:{JOB}:0", 1 << 13)],
)
async def test_it_presses_on_the_job_of_the_message(live: Live, name: str, control: str, permissions: int) -> None:
    channel, bob = live.fake.channel(), live.fake.user("bob", permissions=permissions)
    shown = await drawn(live, channel, with_buttons(f"i1:upscale:{JOB}:1", f"i1:delete:{JOB}:0"))
    live.core.answer = DONE
    told = await live.fake.use_on(bob, channel, name, shown).response()
    assert told.ephemeral
    assert "thank you" in told.text
    assert "thank you" not in shown.text
    assert (press(live).control, press(live).message_id, press(live).ask.actor.user_id) == (
        control,
        str(shown.id),
        str(bob.id),
    )
    assert press(live).ask.answers


async def test_settings_are_no_job_but_a_button_behind_them_is(live: Live) -> None:
    channel = live.fake.channel()
    menu = Menu("i1:setting:provider:0", "Provider", (Entry("fal", "fal"),))
    mixed = Card(Tone.DONE, title="x", rows=((menu,), (Button(f"i1:details:{JOB}:0", "Details"),)))
    shown = await drawn(live, channel, mixed)
    live.core.answer = DONE
    await live.fake.use_on(live.fake.user(), channel, "Report picture", shown).response()
    assert press(live).control == f"i1:report:{JOB}:0"


async def test_a_form_opens(live: Live) -> None:
    channel, bob = live.fake.channel(), live.fake.user("bob")
    shown = await drawn(live, channel, with_buttons(f"i1:upscale:{JOB}:1"))
    live.core.answer = OpenForm(FORM)
    asked = live.fake.use_on(bob, channel, "Report picture", shown)
    assert (await asked.modal())["custom_id"] == FORM.control
    live.core.answer = DONE
    sent = live.fake.modal(bob, FORM.control, {"reason": "not nice"}, asked)
    assert (await sent.response()).ephemeral


async def test_a_form_that_comes_late_is_a_private_button(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.intake.FORM_SECONDS", 0.05)
    channel = live.fake.channel()
    shown = await drawn(live, channel, with_buttons(f"i1:upscale:{JOB}:1"))
    live.core.answer, live.core.hold = OpenForm(FORM), lambda: asked.ack is not None
    asked = live.fake.use_on(live.fake.user(), channel, "Report picture", shown)
    door = await asked.response()
    assert door.ephemeral
    assert door.button("Report") == FORM.control


async def test_other_messages_get_one_private_sentence(live: Live) -> None:
    channel, eve = live.fake.channel(), live.fake.user("eve", bot=True)
    ours = await drawn(live, channel, with_buttons())
    forged = live.fake.say(eve, channel, "look")
    forged.components = copy.deepcopy((await drawn(live, channel, with_buttons(f"i1:upscale:{JOB}:1"))).components)
    before = len(live.core.asked)
    for target in (ours, forged, live.fake.say(live.fake.user(), channel, "hello")):
        told = await live.fake.use_on(live.fake.user(), channel, "Report picture", target).response()
        assert told.ephemeral
        assert texts.NO_PICTURE_HERE in told.text
    assert len(live.core.asked) == before


async def test_an_older_registration_and_a_stop_are_said(live: Live) -> None:
    channel, bob = live.fake.channel(), live.fake.user("bob")
    shown = await drawn(live, channel, with_buttons(f"i1:upscale:{JOB}:1"))
    live.fake.commands[None].append({"id": "9", "type": 3, "name": "Old picture"})
    assert texts.UNKNOWN_COMMAND in (await live.fake.use_on(bob, channel, "Old picture", shown).response()).text
    await live.front.stop_intake()
    assert texts.STOPPING in (await live.fake.use_on(bob, channel, "Report picture", shown).response()).text


async def test_only_moderators_are_offered_the_second(live: Live) -> None:
    channel = live.fake.channel()
    shown = await drawn(live, channel, with_buttons(f"i1:upscale:{JOB}:1"))
    ann: User = live.fake.user("ann")
    with pytest.raises(PermissionError):
        live.fake.use_on(ann, channel, "Moderate picture", shown)
