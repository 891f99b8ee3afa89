"""`@bot imagine ...`."""

from __future__ import annotations

from typing import Any

import pytest

from bot.jobs.asks import Command, Imagine, OpenForm, Private
from bot.jobs.place import Place, Platform
from bot.jobs.surface import Card, Field, Form, Tone
from bot.texts import slack as texts
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk

PICTURE = {
    "id": "F1", "name": "a.png", "mimetype": "image/png", "size": 7,
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/a.png",
}  # fmt: skip


async def test_a_mention_in_a_thread_draws_there(desk: Desk) -> None:
    await desk.send(payloads.mention("hey <@U0BOT> imagine a &lt;red&gt; fox --ar 3:2", thread_ts="1699.1", event_id="Ev7"))
    (asked,) = desk.core.asked
    assert isinstance(asked, Imagine)
    assert asked.text == "a <red> fox --ar 3:2"
    assert asked.ask.place == Place(Platform.SLACK, "C1", "T1", "1699.1")
    assert (asked.ask.key, asked.ask.reply, asked.ask.actor.name) == ("Ev7", None, "Annie")


@pytest.mark.parametrize("text", ["<@U0BOT|imagine> Imagine, fox", "<@U0BOT> /imagine fox", "<@U0BOT>\nimagine: fox"])
async def test_the_verb_is_read_leniently(desk: Desk, text: str) -> None:
    await desk.send(payloads.mention(text))
    (asked,) = desk.core.asked
    assert isinstance(asked, Imagine)
    assert asked.text == "fox"


@pytest.mark.parametrize(("said", "name"), [("info", "info"), ("", "help"), (" Settings", "settings")])
async def test_words_alone_are_commands(desk: Desk, said: str, name: str) -> None:
    await desk.send(payloads.mention(f"<@U0BOT> {said}"))
    (asked,) = desk.core.asked
    assert isinstance(asked, Command)
    assert asked.name == name


async def test_a_mention_can_carry_a_whole_command(desk: Desk) -> None:
    await desk.send(payloads.mention("<@U0BOT> admin user <@U7>", thread_ts="1699.1"))
    (asked,) = desk.core.asked
    assert isinstance(asked, Command)
    assert (asked.name, asked.sub, asked.options) == ("imagine-admin", "user", {"user": "U7"})


@pytest.mark.parametrize(
    "said", ["thanks!", "admin of a castle", "imagine-admin of a castle", "imagined that", "what is the info here"]
)
async def test_small_talk_draws_nothing_and_says_how(desk: Desk, said: str) -> None:
    await desk.send(payloads.mention(f"<@U0BOT> {said}", thread_ts="1699.1"))
    assert not desk.core.asked
    (answer,) = desk.client.of("chat.postEphemeral")
    assert answer["thread_ts"] == "1699.1"
    assert "imagine" in answer["text"]


async def test_an_attached_picture_is_where_it_starts(desk: Desk) -> None:
    await desk.send(payloads.mention("<@U0BOT> imagine fox", files=[{"id": "F0", "mimetype": "text/plain"}, PICTURE]))
    (asked,) = desk.core.asked
    assert isinstance(asked, Imagine)
    assert asked.image is not None
    assert (asked.image.name, asked.image.size) == ("a.png", 7)
    assert not desk.fetcher.fetched
    assert await asked.image.read() == b"picture"
    ((url, headers, trusted),) = desk.fetcher.fetched
    assert (url, headers["Authorization"], trusted) == (PICTURE["url_private_download"], "Bearer xoxb-secret", "127.0.0.1:9")


async def test_without_a_trigger_the_form_is_one_press_away(desk: Desk) -> None:
    desk.core.answer = OpenForm(Form("i1:imagine::0", "New", (Field("prompt", "Prompt"),)))
    await desk.send(payloads.mention("<@U0BOT> imagine"))
    assert not desk.client.of("views.open")
    (said,) = desk.client.of("chat.postEphemeral")
    assert said["blocks"][-1]["elements"][0]["action_id"] == "i1:imagine::0"
    assert texts.FORM_PRESS in said["text"]


async def test_a_repeated_delivery_whispers_once(desk: Desk) -> None:
    desk.core.answer = Private(Card(Tone.FAILED, status="no", private=True), refused=True)
    body = payloads.mention("<@U0BOT> imagine fox", event_id="Ev1")
    for _ in range(3):
        assert (await desk.send(body)).status == 200
    assert len(desk.core.asked) == len(desk.client.of("chat.postEphemeral")) == 1


@pytest.mark.parametrize("more", [{"bot_id": "B2"}, {"edited": {"user": "U1", "ts": "2"}}, {"user": "U0BOT"}])
async def test_bots_and_edits_are_passed_over(desk: Desk, more: dict[str, Any]) -> None:
    heard = more.get("user") != "U0BOT"
    assert (await desk.send(payloads.mention("<@U0BOT> imagine fox", **more), heard=heard)).status == 200
    assert not desk.core.asked
