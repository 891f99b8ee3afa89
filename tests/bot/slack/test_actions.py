"""Buttons and menus."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.jobs.asks import OpenForm, Press, Private, Quiet, Update
from bot.jobs.surface import Card, Field, Form, Tone
from bot.slack.meta import read_meta
from bot.texts import slack as texts
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import DONE
from tests.bot.slack.stub import BUSY, Json, refusal

CARD = Card(Tone.DONE, status="Saved.", private=True)


async def test_a_press_reaches_the_core(desk: Desk) -> None:
    desk.core.answer = Quiet()
    answer = await desk.send(payloads.press("i1:upscale:abc:2", thread="1699.1"))
    assert answer.status == 200
    (asked,) = desk.core.asked
    assert isinstance(asked, Press)
    assert (asked.control, asked.value, asked.message_id) == ("i1:upscale:abc:2", "", "1700000000.000100")
    assert (asked.ask.place.channel_id, asked.ask.place.thread_id) == ("C1", "1699.1")
    assert [method for method, _ in desk.client.calls] == ["users.info", "usergroups.list"]


async def test_a_press_on_the_message_that_began_a_thread_stays_in_the_channel(desk: Desk) -> None:
    await desk.send(payloads.press("i1:upscale:abc:2", thread="1700000000.000100"))
    assert desk.core.asked[0].ask.place.thread_id == ""


@pytest.mark.parametrize(("sent", "value"), [("=ink", "ink"), ("=", "")])
async def test_a_menu_brings_its_value(desk: Desk, sent: str, value: str) -> None:
    chosen = {"text": {"type": "plain_text", "text": "x"}, "value": sent}
    await desk.send(payloads.press("i1:setting:style:0", type="static_select", selected_option=chosen))
    (asked,) = desk.core.asked
    assert isinstance(asked, Press)
    assert asked.value == value


@pytest.mark.parametrize(
    "control", ["upscale_2", "i1:upscale:abc:2x", "i1:UPSCALE:abc:2", "i1:upscale:abc:2\n", "i2:upscale:a:1"]
)
async def test_a_dead_button_is_acknowledged_and_explained(desk: Desk, control: str) -> None:
    assert (await desk.send(payloads.press(control))).status == 200
    assert not desk.core.asked
    (said,) = desk.client.of("chat.postEphemeral")
    assert said["text"] == texts.DEAD_BUTTON


async def test_an_update_replaces_a_private_message(desk: Desk) -> None:
    desk.core.answer = Update(CARD)
    await desk.send(payloads.press("i1:settings::0", ephemeral=True))
    ((url, body),) = desk.lines.responses
    assert (url, body["replace_original"]) == (payloads.RESPONSE_URL, True)
    assert not desk.client.of("chat.postEphemeral")


async def test_an_update_edits_the_message_that_all_can_see(desk: Desk) -> None:
    desk.core.answer = Update(replace(DONE, status="Approved."))
    desk.pictures.held["grid-1"] = b"jpeg"
    await desk.send(payloads.press("i1:review:abc:0", thread="1699.1"))
    (edited,) = desk.client.of("chat.update")
    assert (edited["channel"], edited["ts"]) == ("C1", "1700000000.000100")
    assert [block["type"] for block in edited["blocks"]] == ["rich_text", "image", "actions"]
    assert not desk.lines.responses
    assert not desk.client.of("chat.postEphemeral")


async def test_a_form_of_a_review_card_edits_that_card(desk: Desk) -> None:
    desk.core.answer = OpenForm(Form("i1:review:abc:2", "Reject", (Field("reason", "Reason"),)))
    await desk.send(payloads.press("i1:review:abc:2"))
    (opened,) = desk.client.of("views.open")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    desk.core.answer = Update(CARD)
    reason = {"reason": {"type": "plain_text_input", "value": "no"}}
    await desk.send(payloads.submission(view["callback_id"], reason, view["private_metadata"]))
    (edited,) = desk.client.of("chat.update")
    assert (edited["channel"], edited["ts"]) == ("C1", "1700000000.000100")


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "ratelimited"])
async def test_an_edit_that_slack_refuses_is_said_privately(desk: Desk, code: str) -> None:
    desk.core.answer = Update(CARD)
    desk.client.answers["chat.update"] = refusal(code)
    await desk.send(payloads.press("i1:review:abc:0"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert said["text"] == "Saved."


async def test_an_answer_to_a_shortcut_never_edits_the_message_under_it(desk: Desk) -> None:
    desk.core.answer = Update(CARD)
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "i1:details:abc:0"}]}]
    await desk.send(payloads.shortcut("moderate_picture", {"ts": "1699.1", "bot_id": "B0BOT", "blocks": blocks}))
    assert not desk.client.of("chat.update")
    assert len(desk.client.of("chat.postEphemeral")) == 1


async def test_an_update_that_comes_too_late_is_a_new_private_message(desk: Desk) -> None:
    desk.core.answer = Update(CARD)
    desk.lines.dead = True
    await desk.send(payloads.press("i1:settings::0", ephemeral=True))
    assert len(desk.client.of("chat.postEphemeral")) == 1


async def test_a_form_opens_and_knows_its_way_back(desk: Desk) -> None:
    desk.core.answer = OpenForm(Form("i1:remix:abc:3", "Remix", (Field("prompt", "Prompt", value="fox"),)))
    await desk.send(payloads.press("i1:remix:abc:3", thread="1699.1"))
    (opened,) = desk.client.of("views.open")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    meta = read_meta(view["private_metadata"])
    assert (meta.channel, meta.thread, meta.response_url) == ("C1", "1699.1", payloads.RESPONSE_URL)


async def test_a_busy_slack_is_no_crash(desk: Desk) -> None:
    """Its limits are each method's own: the answer comes by the next way."""
    desk.core.answer = Private(CARD)
    desk.client.answers["chat.postEphemeral"] = BUSY
    assert (await desk.send(payloads.press("i1:details:abc:0"))).status == 200
    ((url, body),) = desk.lines.responses
    assert (url, body["text"]) == (payloads.RESPONSE_URL, "Saved.")
    assert not desk.client.of("conversations.open")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (refusal("expired_trigger_id"), texts.FORM_TOO_LATE),
        (BUSY, texts.FORM_BUSY),
        (refusal("fatal_error"), texts.FORM_LOST),
    ],
)
async def test_why_a_form_did_not_open_is_true(desk: Desk, answer: Json, why: str) -> None:
    desk.core.answer = OpenForm(Form("i1:remix:abc:3", "Remix", (Field("prompt", "Prompt"),)))
    desk.client.answers["views.open"] = answer
    await desk.send(payloads.press("i1:remix:abc:3"))
    assert why in desk.client.of("chat.postEphemeral")[-1]["text"]
