"""The Chat port: placeholder, edits, pictures, faults."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.jobs.chat_port import Chat, ChatError, ChatFault
from bot.jobs.place import MessageRef
from bot.slack import lanes
from bot.texts import slack as texts
from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import DONE, REF, WAITING, job
from tests.bot.slack.schema import check_blocks
from tests.bot.slack.stub import BUSY, SITE, Json, refusal


@pytest.fixture
def chat(desk: Desk) -> Chat:
    desk.pictures.held["grid-1"] = b"jpeg"
    return desk.front.chat


def test_the_limits_are_slacks(chat: Chat) -> None:
    assert chat.limits.formats == {"image/png", "image/jpeg"}
    assert (chat.limits.picture_bytes, chat.limits.progress_seconds) == (20 * 1024 * 1024, 5.0)


async def test_the_placeholder_stands_and_can_be_followed(desk: Desk, chat: Chat) -> None:
    ref = await chat.place(job(thread="1699.1"), WAITING)
    assert ref == MessageRef(
        "C1", "1700000000.000100", f"{SITE}archives/C1/p1700000000000100?thread_ts=1699.1&cid=C1", extra={}
    )
    (posted,) = desk.client.of("chat.postMessage")
    assert (posted["channel"], posted["thread_ts"], posted["parse"]) == ("C1", "1699.1", "none")
    check_blocks(posted["blocks"])


async def test_a_public_channel_is_joined(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.postMessage"] = [refusal("not_in_channel")]
    ref = await chat.place(job(), WAITING)
    assert ref is not None
    assert ref.channel_id == "C1"
    assert desk.client.of("conversations.join") == [{"channel": "C1"}]


async def test_where_it_may_not_post_the_job_moves_to_the_direct_conversation(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.postMessage"] = [refusal("channel_not_found")]
    desk.client.answers["chat.postEphemeral"] = refusal("channel_not_found")
    ref = await chat.place(job(channel="G1"), WAITING)
    assert ref is not None
    assert ref.channel_id == "D9"
    ((url, body),) = desk.lines.responses
    assert url == "https://hooks.slack.com/r"
    assert texts.moved("")[:30] in body["text"]
    assert ref.url in json.dumps(body["blocks"])


async def test_with_no_place_at_all_the_job_cannot_stand(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.postMessage"] = refusal("channel_not_found")
    desk.client.answers["conversations.open"] = refusal("missing_scope", needed="im:write")
    desk.client.answers["chat.postEphemeral"] = refusal("channel_not_found")
    assert await chat.place(job(channel="G1"), WAITING) is None
    assert texts.no_room("")[:20] in desk.lines.responses[-1][1]["text"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (refusal("is_archived"), texts.ARCHIVED),
        (refusal("restricted_action_read_only_channel"), texts.READ_ONLY),
        (refusal("restricted_action"), texts.READ_ONLY),
        (refusal("ekm_access_denied"), texts.CLOSED),
        (refusal("missing_scope", needed="channels:join"), ""),
        (refusal("not_in_channel"), ""),
    ],
)
async def test_only_what_an_invitation_mends_asks_for_one(desk: Desk, chat: Chat, answer: Json, why: str) -> None:
    desk.client.answers |= {"chat.postMessage": [answer], "chat.postEphemeral": refusal("channel_not_found")}
    assert await chat.place(job(channel="G1"), WAITING) is not None
    told = desk.lines.responses[-1][1]["text"]
    assert (texts.moved(why)[:60] in told, "Invite me" in told) == (True, not why)
    desk.client.answers |= {"chat.postMessage": [answer], "conversations.open": refusal("missing_scope", needed="im:write")}
    assert await chat.place(replace(job(channel="G1"), id="j2"), WAITING) is None
    told = desk.lines.responses[-1][1]["text"]
    assert (texts.no_room(why)[:60] in told, "Invite me" in told) == (True, not why)


async def test_without_the_right_to_post_nobody_is_sent_to_invite_the_bot(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.postMessage"] = refusal("missing_scope", needed="chat:write")
    desk.client.answers["chat.postEphemeral"] = refusal("missing_scope", needed="chat:write")
    assert await chat.place(job(), WAITING) is None
    assert "(chat:write)" in desk.lines.responses[-1][1]["text"]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (BUSY, ChatFault.BUSY),
        (refusal("internal_error", _status=500), ChatFault.BROKEN),
        (refusal("fatal_error"), ChatFault.BROKEN),
    ],
)
async def test_a_placeholder_may_be_tried_again(
    desk: Desk, chat: Chat, answer: Json, fault: ChatFault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause that is too long to be waited out within the call is handed on."""
    monkeypatch.setattr(lanes, "PATIENCE", 5.0)
    desk.client.answers["chat.postMessage"] = answer
    with pytest.raises(ChatError) as caught:
        await chat.place(job(), WAITING)
    assert caught.value.fault is fault
    assert caught.value.retry_after == (7.0 if fault is ChatFault.BUSY else None)


async def test_a_repost_goes_where_it_may(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.postMessage"] = [refusal("is_archived")]
    ref = await chat.repost(job(message=REF), DONE)
    assert (ref.channel_id, ref.extra) == ("D9", {"file:grid-1": "F0000000A"})


async def test_a_whisper_may_hold_the_picture_and_says_when_it_failed(desk: Desk, chat: Chat) -> None:
    assert await chat.whisper(job(thread="1699.1"), DONE)
    (said,) = desk.client.of("chat.postEphemeral")
    assert (said["user"], said["thread_ts"], said["blocks"][1]["type"]) == ("U1", "1699.1", "image")
    desk.client.answers["chat.postEphemeral"] = refusal("user_not_in_channel")
    desk.client.answers["conversations.open"] = refusal("user_disabled")
    assert await chat.whisper(job(reply_until=0.0), WAITING) is False
    assert not desk.lines.responses


async def test_a_ping_mentions_the_requester_alone(desk: Desk, chat: Chat) -> None:
    await chat.ping(job(message=REF, thread="1699.1"), "Your <!channel> picture is done.")
    (posted,) = desk.client.of("chat.postMessage")
    check_blocks(posted["blocks"])
    words = posted["blocks"][0]["elements"][0]["elements"]
    assert words[0] == {"type": "user", "user_id": "U1"}
    assert words[-1]["url"] == REF.url
    assert posted["thread_ts"] == "1699.1"
    assert "<" not in posted["text"]


async def test_deleting_takes_message_and_files(desk: Desk, chat: Chat) -> None:
    ref = replace(REF, extra={"file:grid-1": "F0000000A"})
    desk.client.answers["chat.delete"] = refusal("message_not_found")
    desk.client.answers["files.delete"] = refusal("file_deleted")
    await chat.delete(job(message=ref))
    assert desk.client.of("chat.delete") == [{"channel": "C1", "ts": REF.message_id}]
    assert desk.client.of("files.delete") == [{"file": "F0000000A"}]
    desk.client.answers["chat.delete"] = refusal("cant_delete_message")
    with pytest.raises(ChatError):
        await chat.delete(job(message=ref))
