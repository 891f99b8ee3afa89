"""Messages of no job: review cards and log entries. And pictures marked as sensitive, wherever they stand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.jobs.chat_port import ChatError, ChatFault
from bot.jobs.mentions import role_mention
from bot.jobs.model import JobState
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.surface import Card, Download, Tone
from bot.slack.chats import Chats
from bot.slack.convert import Source
from bot.texts import slack as texts
from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import DONE, GRID, REF, RUNNING, WAITING, job
from tests.bot.slack.schema import check_blocks
from tests.bot.slack.stub import BUSY, RACE, SITE, refusal

MODS = Place(Platform.SLACK, "C7", "T1")
TS = "1700000000.000100"
SENSITIVE = replace(DONE, pictures=(replace(GRID, spoiler=True),))


@pytest.fixture
def chat(desk: Desk) -> Chats:
    desk.pictures.held |= {"grid-1": b"jpeg", "words": b"a,b"}
    return desk.front.chat


async def test_a_notice_stands_in_its_channel_and_can_be_followed(desk: Desk, chat: Chats) -> None:
    ref = await chat.post(MODS, DONE, "review:j1")
    assert ref == MessageRef("C7", TS, f"{SITE}archives/C7/p1700000000000100", {"file:grid-1": "F0000000A"})
    (posted,) = desk.client.of("chat.postMessage")
    check_blocks(posted["blocks"])
    assert (posted["channel"], posted["blocks"][1]["type"]) == ("C7", "image")


async def test_a_public_channel_is_joined_and_a_closed_one_is_said(desk: Desk, chat: Chats) -> None:
    desk.client.answers["chat.postMessage"] = [refusal("not_in_channel")]
    assert (await chat.post(MODS, WAITING, "k")).channel_id == "C7"
    assert desk.client.of("conversations.join") == [{"channel": "C7"}]
    desk.client.answers["chat.postMessage"] = refusal("not_in_channel")
    with pytest.raises(ChatError) as caught:
        await chat.post(replace(MODS, channel_id="G7"), WAITING, "k")
    assert caught.value.fault is ChatFault.FORBIDDEN
    assert not desk.client.of("conversations.open")


async def test_a_notice_is_revised_with_the_files_it_has(desk: Desk, chat: Chats) -> None:
    ref = await chat.post(MODS, DONE, "k")
    assert await chat.revise(MODS, ref, replace(DONE, status="Approved by Bob", rows=())) == ref
    (edited,) = desk.client.of("chat.update")
    assert (edited["channel"], edited["ts"]) == ("C7", TS)
    assert edited["blocks"][1]["slack_file"] == {"id": "F0000000A"}
    assert len(desk.lines.uploads) == 1
    desk.client.answers["chat.update"] = BUSY
    with pytest.raises(ChatError) as caught:
        await chat.revise(MODS, ref, WAITING)
    assert caught.value.retry_after == 7.0


async def test_a_running_notice_is_edited_whatever_its_tone(desk: Desk, chat: Chats) -> None:
    ref = await chat.post(MODS, WAITING, "k")
    for percent in range(40):
        ref = await chat.revise(MODS, ref, replace(RUNNING, percent=percent))
    assert len(desk.client.of("chat.update")) == 40


async def test_files_follow_in_the_thread_and_the_bot_joins_for_them(desk: Desk, chat: Chats) -> None:
    listed = Card(Tone.DONE, status="Words", files=(Download("words", "words.csv", "text/csv"),))
    desk.client.answers["files.completeUploadExternal"] = [refusal("not_in_channel")]
    await chat.post(MODS, listed, "k")
    shared = desk.client.of("files.completeUploadExternal")[-1]
    assert (shared["channel_id"], shared["thread_ts"]) == ("C7", TS)
    assert len(desk.client.of("conversations.join")) == 1
    desk.client.answers["files.getUploadURLExternal"] = refusal("file_uploads_disabled")
    await chat.post(MODS, listed, "k")
    assert len(desk.client.of("chat.postMessage")) == 2


async def test_waiting_for_a_moderator_and_hiding_are_always_shown(desk: Desk, chat: Chats) -> None:
    for number in range(40):
        await chat.edit(job(message=replace(REF, message_id=f"{number}.0")), RUNNING)
    before = len(desk.client.of("chat.update"))
    held = replace(job(message=REF), state=JobState.HELD)
    await chat.edit(held, replace(WAITING, status="Waits for a moderator"))
    await chat.edit(job(message=REF), DONE)
    await chat.edit(replace(job(message=REF), hidden=True), replace(WAITING, status="Reported"))
    assert len(desk.client.of("chat.update")) == before + 3


async def test_a_sensitive_picture_is_in_the_thread(desk: Desk, chat: Chats) -> None:
    desk.client.answers["chat.postMessage"] = [dict(RACE)]
    ref = await chat.edit(job(message=REF), SENSITIVE)
    (edited,) = desk.client.of("chat.update")
    assert [block["type"] for block in edited["blocks"]] == ["rich_text", "actions"]
    assert texts.COVERED in edited["text"]
    reply = desk.client.of("chat.postMessage")[-1]
    check_blocks(reply["blocks"])
    assert (reply["channel"], reply["thread_ts"]) == ("C1", TS)
    assert reply["blocks"][0]["slack_file"] == {"id": "F0000000A"}
    assert ref.extra["cover"] == TS
    again = await chat.edit(job(message=ref), SENSITIVE)
    assert again == ref
    assert len(desk.client.of("chat.postMessage")) == 2


async def test_its_reply_goes_with_the_picture(desk: Desk, chat: Chats) -> None:
    ref = replace(REF, extra={"file:grid-1": "F0000000A", "cover": "1700000009.1"})
    hidden = await chat.edit(job(message=ref), Card(Tone.FAILED, status="Reported"))
    assert "cover" not in hidden.extra
    desk.client.answers["chat.delete"] = [refusal("message_not_found")]
    await chat.delete(job(message=ref))
    assert [call["ts"] for call in desk.client.of("chat.delete")] == ["1700000009.1", "1700000009.1", REF.message_id]
    assert len(desk.client.of("files.delete")) == 1
    desk.client.answers["chat.delete"] = refusal("cant_delete_message")
    with pytest.raises(ChatError):
        await chat.edit(job(message=ref), Card(Tone.FAILED, status="Reported"))


async def test_in_a_thread_it_is_the_next_message(desk: Desk, chat: Chats) -> None:
    await chat.edit(job(message=REF, thread="1699.1"), SENSITIVE)
    assert desk.client.of("chat.postMessage")[-1]["thread_ts"] == "1699.1"
    moved = replace(REF, channel_id="D9")
    await chat.edit(job(message=moved, thread="1699.1"), SENSITIVE)
    assert desk.client.of("chat.postMessage")[-1]["thread_ts"] == REF.message_id


async def test_a_redrawn_card_keeps_its_cover(desk: Desk) -> None:
    office = await desk.front.offices.of(Source("T1"))
    await office.chat.redraw(MODS, MessageRef("C7", TS), SENSITIVE)
    assert texts.COVERED in json.dumps(desk.client.of("chat.update")[0]["blocks"])
    assert not desk.client.of("chat.postMessage")
    assert not desk.lines.uploads


async def test_user_groups_in_the_log_stand_by_their_names_and_ping_nobody(desk: Desk, chat: Chats) -> None:
    desk.client.answers["usergroups.list"] = {"ok": True, "usergroups": [{"id": "S1", "name": "Painters", "users": []}]}
    card = Card(Tone.DONE, status=f"Roles that may draw: everybody → {role_mention('S1')}, {role_mention('S2')}")
    ref = await chat.post(MODS, card, "k")
    await chat.revise(MODS, ref, card)
    for sent in (*desk.client.of("chat.postMessage"), *desk.client.of("chat.update")):
        check_blocks(sent["blocks"])
        assert all(name in json.dumps(sent["blocks"]) for name in ("@Painters, ", "@S2"))
        assert "subteam" not in json.dumps(sent)
    await chat.post(MODS, WAITING, "other")
    assert len(desk.client.of("usergroups.list")) == 1
