"""Report and Moderate, on a message that may be a result."""

from __future__ import annotations

from typing import Any

import pytest

from bot.jobs.asks import OpenForm, Press
from bot.jobs.surface import Field, Form
from bot.texts import slack as texts
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk

JOB = "0123456789abcdef0123"


def result(*controls: str, **more: Any) -> dict[str, Any]:
    """A message of the bot's with these controls."""
    elements = [{"type": "button", "action_id": control} for control in controls]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}]
    return {"ts": "1699.1", "bot_id": "B0BOT", "blocks": [*blocks, {"type": "actions", "elements": elements}], **more}


@pytest.mark.parametrize(
    ("shortcut", "control"),
    [("report_picture", f"i1:report:{JOB}:0"), ("moderate_picture", f"i1:moderate:{JOB}:0")],
)
async def test_a_shortcut_is_the_press_of_a_button_that_is_not_there(desk: Desk, shortcut: str, control: str) -> None:
    message = result("i1:settings::0", f"i1:upscale:{JOB}:1", "i1:upscale:another:2", thread_ts="1698.7")
    await desk.send(payloads.shortcut(shortcut, message))
    (asked,) = desk.core.asked
    assert isinstance(asked, Press)
    assert (asked.control, asked.value, asked.message_id) == (control, "", "1699.1")
    assert (asked.ask.place.channel_id, asked.ask.place.thread_id) == ("C1", "1698.7")


@pytest.mark.parametrize(
    "message",
    [
        result(),
        result("i1:person:0123456789abcdef:1", "i1:setting:ratio:0", "other"),
        result(f"i1:upscale:{JOB}:1", bot_id="B0OTHER"),
        {"ts": "1699.1", "user": "U2", "text": "a fox"},
    ],
)
async def test_a_message_without_our_buttons_gets_a_sentence(desk: Desk, message: dict[str, Any]) -> None:
    await desk.send(payloads.shortcut("report_picture", message))
    assert not desk.core.asked
    (said,) = desk.client.of("chat.postEphemeral")
    assert (said["user"], said["text"]) == ("U1", texts.NO_RESULT)


async def test_its_form_opens_at_once(desk: Desk) -> None:
    desk.core.answer = OpenForm(Form(f"i1:report:{JOB}:0", "Report", (Field("reason", "Why"),)))
    await desk.send(payloads.shortcut("report_picture", result(f"i1:delete:{JOB}:0")))
    assert len(desk.client.of("views.open")) == 1
