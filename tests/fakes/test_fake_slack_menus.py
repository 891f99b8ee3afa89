"""Menus of several, shortcuts and a command's mentions: what the loopback Slack refuses and sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, ManualClock
from tests.fakes.slack.payloads import command_payload
from tests.fakes.slack_helpers import modal, why


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack:
        yield slack


@pytest.fixture
async def client(fake: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(fake.bot_token, base_url=fake.api_url, session=session, retry_handlers=[])


ONE = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
OTHER = {"text": {"type": "plain_text", "text": "Other"}, "value": "2"}


@pytest.mark.parametrize(
    "element",
    [
        {"type": "multi_static_select", "options": []},
        {"type": "multi_static_select", "options": [ONE], "initial_options": [OTHER]},
        {"type": "multi_users_select", "max_selected_items": 1, "initial_users": ["U1", "U2"]},
        {"type": "multi_conversations_select", "max_selected_items": 0},
        {"type": "multi_channels_select", "initial_conversations": ["C1"]},
    ],
)
async def test_menus_of_several_that_slack_refuses(fake: FakeSlack, client: AsyncWebClient, element: dict[str, Any]) -> None:
    block = {"type": "input", "label": {"type": "plain_text", "text": "x"}, "element": {"action_id": "a", **element}}
    trigger = fake.new_trigger(fake.user().id)
    assert await why(client.views_open(trigger_id=trigger, view=modal(blocks=[block]))) == "invalid_arguments"


async def test_shortcuts_that_nobody_is_offered(fake: FakeSlack, client: AsyncWebClient) -> None:
    ann, art = fake.user(), fake.channel()
    said = fake.say(ann, art, "a cat")
    await client.chat_postEphemeral(channel=art.id, user=ann.id, text="no")
    for message, callback_id in ((said, "new_picture"), (None, "report_picture"), (said, "other")):
        with pytest.raises(ValueError, match="no such shortcut"):
            await fake.shortcut(ann, message, callback_id)
    with pytest.raises(ValueError, match="no menu"):
        await fake.shortcut(ann, fake.ephemerals[0], "report_picture")


def test_a_command_names_people_and_channels_by_id(fake: FakeSlack) -> None:
    ann, art = fake.user("ann"), fake.channel("art")
    made = command_payload(fake, ann, art, "/imagine", "a <b> & c for @ann in #art, not @bob")
    assert made["text"] == f"a &lt;b&gt; &amp; c for <@{ann.id}|ann> in <#{art.id}|art>, not @bob"
