"""The slash command, from payload to answer."""

from __future__ import annotations

import json

import pytest

from bot.jobs.asks import Command, Imagine, OpenForm, Placeholder, Private
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.surface import Card, Field, Form, Tone
from bot.slack.escape import escaped
from bot.texts import answers
from bot.texts import slack as texts
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk
from tests.bot.slack.schema import check_blocks, check_modal
from tests.bot.slack.stub import refusal, user

FORM = Form("i1:imagine::0", "New picture", (Field("prompt", "Prompt"),))
NO = Private(Card(Tone.FAILED, status="No & <never>", private=True), refused=True)


async def test_a_prompt_reaches_the_core_and_the_core_shows_the_placeholder(desk: Desk) -> None:
    desk.core.answer = Placeholder("j1", Card(Tone.WAITING))
    answer = await desk.send(payloads.command(" a red fox &amp; a hen --ar 16:9 "))
    assert (answer.status, answer.body) == (200, "")
    (asked,) = desk.core.asked
    assert isinstance(asked, Imagine)
    assert (asked.text, asked.image, asked.ask.answers) == ("a red fox & a hen --ar 16:9", None, False)
    assert asked.ask.actor == Actor(Platform.SLACK, "U1", "Annie", "T1", moderator=False)
    assert asked.ask.place == Place(Platform.SLACK, "C1", "T1")
    assert asked.ask.locale == "de-DE"
    assert asked.ask.reply is not None
    assert asked.ask.reply.data == {"response_url": payloads.RESPONSE_URL}
    assert asked.ask.reply.expires_at == desk.clock() + 29 * 60
    assert "secret" not in repr(asked.ask.reply)
    assert [method for method, _ in desk.client.calls] == ["users.info", "usergroups.list"]


@pytest.mark.parametrize("word", ["info", " Settings ", "HELP"])
async def test_a_word_alone_is_a_command(desk: Desk, word: str) -> None:
    await desk.send(payloads.command(word))
    (asked,) = desk.core.asked
    assert isinstance(asked, Command)
    assert asked.name == word.strip().lower()


@pytest.mark.parametrize(
    ("text", "name", "sub", "options"),
    [
        ("admin", "imagine-admin", "settings", {}),
        ("admin user <@U7|bob>", "imagine-admin", "user", {"user": "U7"}),
        ("style show noir", "style", "show", {"name": "noir"}),
        ("privacy", "imagine-privacy", "", {}),
    ],
)
async def test_a_command_brings_its_subcommand_and_its_options(
    desk: Desk, text: str, name: str, sub: str, options: dict[str, str]
) -> None:
    await desk.send(payloads.command(text))
    (asked,) = desk.core.asked
    assert isinstance(asked, Command)
    assert (asked.name, asked.sub, asked.options) == (name, sub, options)


async def test_a_person_whom_slack_does_not_know_is_no_prompt(desk: Desk) -> None:
    await desk.send(payloads.command("admin user @nobody"))
    assert not desk.core.asked
    assert desk.client.of("chat.postEphemeral")[0]["text"] == escaped(texts.NOBODY)


@pytest.mark.parametrize(
    "text", ["help me paint", "info --ar 1:1", "settings of a stage", "imagine", "admin of a castle", "style of Monet"]
)
async def test_a_word_with_company_is_a_prompt(desk: Desk, text: str) -> None:
    await desk.send(payloads.command(text))
    (asked,) = desk.core.asked
    assert isinstance(asked, Imagine)
    assert asked.text == text


async def test_nothing_opens_the_form(desk: Desk) -> None:
    desk.core.answer = OpenForm(FORM)
    body = payloads.command("")
    await desk.send(body)
    (opened,) = desk.client.of("views.open")
    view = opened["view"] if isinstance(opened["view"], dict) else json.loads(opened["view"])
    assert opened["trigger_id"] == body["trigger_id"]
    assert view["callback_id"] == FORM.control
    check_modal(view)


async def test_a_form_that_comes_too_late_is_one_press_away(desk: Desk) -> None:
    desk.core.answer = OpenForm(FORM)
    desk.client.answers["views.open"] = refusal("expired_trigger_id")
    await desk.send(payloads.command(""))
    (said,) = desk.client.of("chat.postEphemeral")
    check_blocks(said["blocks"])
    assert said["blocks"][-1]["elements"][0]["action_id"] == FORM.control


async def test_a_refusal_is_seen_by_the_asker_alone(desk: Desk) -> None:
    desk.core.answer = NO
    await desk.send(payloads.command("fox"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert (said["channel"], said["user"]) == ("C1", "U1")
    assert said["text"] == "No &amp; &lt;never&gt;".replace("&gt;", "\u2060&gt;\u2060")
    assert not desk.client.of("chat.postMessage")


async def test_where_the_bot_is_no_member_the_response_url_speaks(desk: Desk) -> None:
    desk.core.answer = NO
    desk.client.answers["chat.postEphemeral"] = refusal("channel_not_found")
    await desk.send(payloads.command("fox"))
    ((url, body),) = desk.lines.responses
    assert url == payloads.RESPONSE_URL
    assert (body["response_type"], body["replace_original"]) == ("ephemeral", False)


async def test_the_last_way_is_a_direct_message(desk: Desk) -> None:
    desk.core.answer = NO
    desk.client.answers["chat.postEphemeral"] = refusal("not_in_channel")
    desk.lines.dead = True
    await desk.send(payloads.command("fox"))
    assert [said["channel"] for said in desk.client.of("chat.postMessage")] == ["D9"]


async def test_a_direct_conversation_belongs_to_the_workspace(desk: Desk) -> None:
    desk.core.answer = NO
    await desk.send(payloads.command("fox", channel_id="D5"))
    assert desk.core.asked[0].ask.place == Place(Platform.SLACK, "D5", "T1")
    assert len(desk.lines.responses) == 1
    assert not desk.client.of("chat.postEphemeral")


@pytest.mark.parametrize("rank", ["is_admin", "is_owner", "is_primary_owner"])
async def test_who_runs_the_workspace_moderates_and_is_asked_for_once(desk: Desk, rank: str) -> None:
    desk.client.answers["users.info"] = user(**{rank: True})
    await desk.send(payloads.command("fox"))
    await desk.send(payloads.command("hen"))
    assert [(asked.ask.actor.moderator, asked.ask.actor.admin) for asked in desk.core.asked] == [(True, True)] * 2
    assert len(desk.client.of("users.info")) == 1
    desk.clock.now += 301
    desk.client.answers["users.info"] = user()
    await desk.send(payloads.command("cow"))
    assert desk.core.asked[-1].ask.actor.moderator is desk.core.asked[-1].ask.actor.admin is False


async def test_a_person_of_another_workspace_runs_nothing_here(desk: Desk) -> None:
    desk.client.answers["users.info"] = user(is_admin=True, is_stranger=True)
    await desk.send(payloads.command("fox"))
    assert desk.core.asked[0].ask.actor.moderator is False


async def test_user_groups_are_roles(desk: Desk) -> None:
    groups = [{"id": "S1", "name": "a", "users": ["U1"]}, {"id": "S2", "name": "b", "users": ["U2"]}]
    desk.client.answers["usergroups.list"] = {"ok": True, "usergroups": groups}
    await desk.send(payloads.command("fox"))
    await desk.send(payloads.press("i1:upscale:abc:2"))
    assert [asked.ask.actor.roles for asked in desk.core.asked] == [("S1",), ("S1",)]
    assert len(desk.client.of("usergroups.list")) == 1


async def test_a_failed_look_up_makes_nobody_a_moderator(desk: Desk) -> None:
    desk.client.answers["users.info"] = refusal("missing_scope", needed="users:read")
    await desk.send(payloads.command("fox"))
    assert desk.core.asked[0].ask.actor == Actor(Platform.SLACK, "U1", "ann", "T1")


async def test_an_organisation_counts_as_one(desk: Desk) -> None:
    await desk.send(payloads.command("fox", enterprise_id="E1"))
    assert desk.core.asked[0].ask.actor.team_id == "E1"
    assert desk.core.asked[0].ask.place.community_id == "T1"


async def test_the_same_delivery_twice_is_one_request(desk: Desk) -> None:
    body = payloads.command("fox")
    assert [(await desk.send(body)).status for _ in range(2)] == [200, 200]
    assert len(desk.core.asked) == 1


async def test_a_core_that_fails_is_said_and_acknowledged(desk: Desk) -> None:
    desk.core.error = RuntimeError("boom")
    answer = await desk.send(payloads.command("fox"))
    assert answer.status == 200
    (said,) = desk.client.of("chat.postEphemeral")
    assert said["text"] == answers.TROUBLE


async def test_a_payload_that_cannot_be_read_is_acknowledged(desk: Desk) -> None:
    body = payloads.command("fox")
    del body["user_id"]
    assert (await desk.send(body)).status == 200
    assert not desk.core.asked


def test_no_sentence_names_another_command() -> None:
    assert "/imagine" not in texts.mention_usage("imagine", ["info"])
