"""Buttons, menus and forms in the simulator, before and after restarts."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest

from bot.jobs.asks import OpenForm, Placeholder, Press, Private, Quiet, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.surface import Card, Choice, Field, FieldKind, Form, Menu, Tone
from bot.texts import discord as texts
from tests.bot.discord.conftest import Stage
from tests.bot.discord.stub import WAITING, refusal, text_of, with_buttons

UPSCALE = str(Control("upscale", "job1", 2))
DETAILS = str(Control("details", "job1"))
REMIX = str(Control("remix", "job1", 1))
SETTING = str(Control("setting", "provider"))
FORM = Form(REMIX, "Remix", (Field("prompt", "Prompt", FieldKind.LONG_TEXT, "a lighthouse"),))


async def test_a_button_works_after_a_restart(stage: Stage) -> None:
    stage.core.answer = Placeholder("job1", with_buttons(UPSCALE))
    first = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    await stage.env.restart_bot()
    stage.core.answer = Placeholder("job2", WAITING)
    assert first.response is not None
    second = await stage.ann.click(first.response, custom_id=UPSCALE)
    assert second.response is not None
    assert second.response.id != first.response.id
    assert not second.ephemeral
    assert [job_id for job_id, _ in stage.core.placed_at] == ["job1", "job2"]
    press = stage.core.asked[-1]
    assert isinstance(press, Press)
    assert (press.control, press.message_id) == (UPSCALE, str(first.response.id))


async def test_an_upscale_that_is_refused_after_a_defer_is_private(stage: Stage) -> None:
    stage.core.answer = Placeholder("job1", with_buttons(UPSCALE))
    first = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert first.response is not None
    stage.core.answer, stage.core.hold = refusal(), stage.deferred
    second = await stage.ann.click(first.response, custom_id=UPSCALE)
    assert second.response is None
    assert [followup.ephemeral for followup in second.followups] == [True]
    assert "a lighthouse" in text_of(first.response)


@pytest.mark.parametrize("slow", [False, True])
async def test_details_are_private_and_leave_the_picture_alone(stage: Stage, *, slow: bool) -> None:
    stage.core.answer = Placeholder("job1", with_buttons(DETAILS))
    first = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert first.response is not None
    stage.core.answer = Private(Card(Tone.DONE, facts=(("Seed", "7"),), private=True))
    stage.core.hold = stage.deferred if slow else (lambda: True)
    result = await stage.ann.click(first.response, custom_id=DETAILS)
    shown = result.followups[0] if slow else result.response
    assert shown is not None
    assert shown.ephemeral
    assert "**Seed:** 7" in text_of(shown)
    assert "Seed" not in text_of(first.response)


@pytest.mark.parametrize("slow", [False, True])
async def test_a_menu_changes_its_own_message(stage: Stage, *, slow: bool) -> None:
    menu = Menu(SETTING, "Provider", (Choice("", "Default"), Choice("fal", "fal.ai")))
    stage.core.answer = Private(Card(Tone.DONE, title="Settings", rows=((menu,),), private=True))
    shown = (await stage.ann.slash(stage.channel, "settings")).response
    assert shown is not None
    changed = Card(Tone.DONE, title="Settings", rows=((replace(menu, chosen="fal"),),), private=True)
    stage.core.answer = Update(changed)
    stage.core.hold = stage.deferred if slow else (lambda: True)
    await stage.ann.select(shown, ["fal"], custom_id=SETTING)
    press = stage.core.asked[-1]
    assert isinstance(press, Press)
    assert press.value == "fal"
    options = shown.components[0]["components"][-1]["components"][0]["options"]
    assert [option["default"] for option in options] == [False, True]


async def test_quiet_says_nothing(stage: Stage) -> None:
    cancel = str(Control("cancel", "job1"))
    stage.core.answer = Placeholder("job1", with_buttons(cancel))
    first = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert first.response is not None
    stage.core.answer = Quiet()
    result = await stage.ann.click(first.response, custom_id=cancel)
    assert result.acknowledged
    assert result.followups == []
    assert stage.bodies("/callback")[-1] == {"type": 6}


async def test_remix_opens_a_form_that_works_after_a_restart(stage: Stage) -> None:
    stage.core.answer = Placeholder("job1", with_buttons(REMIX))
    first = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    assert first.response is not None
    stage.core.answer = OpenForm(FORM)
    shown = await stage.ann.click(first.response, custom_id=REMIX)
    assert shown.modal is not None
    await stage.env.restart_bot()
    stage.core.answer = Placeholder("job2", WAITING)
    result = await stage.ann.submit_modal(shown, {"prompt": "a lighthouse at dawn"})
    submission = stage.core.asked[-1]
    assert isinstance(submission, Submission)
    assert (submission.control, dict(submission.values)) == (REMIX, {"prompt": "a lighthouse at dawn"})
    assert "a lighthouse at dusk" in text_of(result.response)
    assert stage.core.placed_at[-1][0] == "job2"


async def test_a_form_after_a_defer_becomes_a_button_that_opens_it(stage: Stage) -> None:
    stage.core.answer, stage.core.hold = OpenForm(replace(FORM, control=str(Control("imagine")))), stage.deferred
    result = await stage.ann.slash(stage.channel, "imagine", prompt="x")
    [followup] = result.followups
    assert followup.ephemeral
    stage.core.answer, stage.core.hold = OpenForm(FORM), lambda: True
    opened = await stage.ann.click(followup, custom_id=str(Control("imagine")))
    assert opened.modal is not None


async def test_a_forged_button_is_answered(stage: Stage) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="old", custom_id="i0:whatever"))
    channel = stage.front.client.get_partial_messageable(stage.channel.id)
    await channel.send("x", view=view)
    view.stop()
    message = stage.channel.last_message
    assert message is not None
    result = await stage.ann.click(message, custom_id="i0:whatever")
    assert result.ephemeral
    assert texts.UNKNOWN_BUTTON in text_of(result.response)
