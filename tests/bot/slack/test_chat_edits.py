"""Edits of a job's message: the picture by a file of Slack's, what an edit can meet, and none that changes nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from bot.jobs.chat_port import Chat, ChatError, ChatFault
from bot.jobs.surface import Card, Tone
from bot.texts import slack as texts
from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import DONE, GRID, REF, RUNNING, WAITING, job
from tests.bot.slack.schema import check_blocks
from tests.bot.slack.stub import BUSY, RACE, Json, refusal


@pytest.fixture
def chat(desk: Desk) -> Chat:
    desk.pictures.held["grid-1"] = b"jpeg"
    return desk.front.chat


async def test_the_picture_is_uploaded_privately_and_shown_by_an_edit(desk: Desk, chat: Chat) -> None:
    desk.client.answers["files.info"] = [
        {"ok": True, "file": {"mimetype": ""}},
        {"ok": True, "file": {"mimetype": "image/jpeg"}},
    ]
    ref = await chat.edit(job(message=REF), DONE)
    (wanted,) = desk.client.of("files.getUploadURLExternal")
    assert wanted == {"filename": "grid.jpg", "length": 4, "alt_txt": "four foxes"}
    assert desk.lines.uploads == [("https://files.slack.com/upload/v1/a", b"jpeg")]
    (completed,) = desk.client.of("files.completeUploadExternal")
    assert "channel_id" not in completed
    assert json.loads(completed["files"]) == [{"id": "F0000000A", "title": "grid.jpg", "highlight_type": "jpg"}]
    assert len(desk.client.of("files.info")) == 2
    (edited,) = desk.client.of("chat.update")
    check_blocks(edited["blocks"])
    assert edited["blocks"][1]["slack_file"] == {"id": "F0000000A"}
    assert ref == replace(REF, extra={"file:grid-1": "F0000000A"})
    assert [name for name, _ in desk.client.calls][-1] == "chat.update"


async def test_a_picture_is_uploaded_once(desk: Desk, chat: Chat) -> None:
    ref = replace(REF, extra={"file:grid-1": "F00000OLD"})
    await chat.edit(job(message=ref), DONE)
    assert desk.client.of("chat.update")[0]["blocks"][1]["slack_file"] == {"id": "F00000OLD"}
    desk.client.answers["chat.update"] = [BUSY]
    with pytest.raises(ChatError):
        await chat.edit(job(message=REF), DONE)
    desk.clock.now += 8
    await chat.edit(job(message=REF), DONE)
    assert len(desk.lines.uploads) == 1


async def test_the_file_race_is_waited_out(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.update"] = [dict(RACE) for _ in range(5)]
    await chat.edit(job(message=REF), DONE)
    assert len(desk.client.of("chat.update")) == 6
    desk.client.answers["chat.update"] = [dict(RACE) for _ in range(6)]
    with pytest.raises(ChatError) as caught:
        await chat.edit(job(message=REF), DONE)
    assert caught.value.fault is ChatFault.BROKEN


async def test_of_a_file_that_goes_on_being_refused_little_is_asked_and_it_is_said(desk: Desk, chat: Chat) -> None:
    """Six tries at first, one at each of the job's own tries after that, and one edit that says so."""

    def answer(method: str, arguments: Json) -> Json:
        refused = method == "chat.update" and any("slack_file" in block for block in arguments["blocks"])
        return dict(RACE) if refused else whole(method, arguments)

    whole = desk.client._answer
    desk.client._answer = answer  # type: ignore[method-assign]
    for _ in range(4):
        with pytest.raises(ChatError, match="invalid_blocks"):
            await chat.edit(job(message=REF), DONE)
    sent = desk.client.of("chat.update")
    excuses = [one for one in sent if texts.NOT_YET in json.dumps(one["blocks"])]
    assert (len(sent), len(excuses)) == (6 + 3 + 1, 1)
    assert "i1:upscale" not in json.dumps(excuses[0]["blocks"])
    desk.client._answer = whole  # type: ignore[method-assign]
    await chat.edit(job(message=REF), DONE)
    assert desk.client.of("chat.update")[-1]["blocks"][1]["type"] == "image"
    desk.clock.now += 1000
    await chat.edit(job(message=REF), DONE)
    assert len(desk.lines.uploads) == 1, "it is a good file now"


async def test_other_bad_blocks_are_not_tried_again(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.update"] = refusal("invalid_blocks", errors=["must be less than 51 items"])
    with pytest.raises(ChatError):
        await chat.edit(job(message=REF), DONE)
    assert len(desk.client.of("chat.update")) == 1


async def test_a_text_that_is_too_long_is_cut(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.update"] = [refusal("msg_blocks_too_long")]
    await chat.edit(job(message=REF), Card(Tone.DONE, lines=("word " * 2000,)))
    first, second = (len(json.dumps(call["blocks"])) for call in desk.client.of("chat.update"))
    assert second < 3500
    assert first > 9000


async def test_webp_is_never_sent(desk: Desk, chat: Chat) -> None:
    webp = replace(GRID, picture=replace(GRID.picture, mime="image/webp"))
    with pytest.raises(ChatError) as caught:
        await chat.edit(job(message=REF), replace(DONE, pictures=(webp,)))
    assert caught.value.fault is ChatFault.TOO_LARGE
    assert not desk.lines.uploads


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("message_not_found", ChatFault.GONE),
        ("channel_not_found", ChatFault.FORBIDDEN),
        ("is_inactive", ChatFault.FORBIDDEN),
        ("edit_window_closed", ChatFault.FORBIDDEN),
        ("token_revoked", ChatFault.BROKEN),
        ("service_unavailable", ChatFault.BROKEN),
    ],
)
async def test_what_an_edit_can_meet(desk: Desk, chat: Chat, code: str, fault: ChatFault) -> None:
    desk.client.answers["chat.update"] = refusal(code)
    with pytest.raises(ChatError) as caught:
        await chat.edit(job(message=REF), RUNNING)
    assert caught.value.fault is fault


async def test_a_pause_that_slack_asked_for_is_kept(desk: Desk, chat: Chat) -> None:
    desk.client.answers["chat.update"] = [BUSY]
    with pytest.raises(ChatError):
        await chat.edit(job(message=REF), RUNNING)
    await chat.edit(job(message=REF), RUNNING)
    with pytest.raises(ChatError) as caught:
        await chat.edit(job(message=REF), DONE)
    assert (caught.value.fault, caught.value.retry_after) == (ChatFault.BUSY, 7.0)
    assert len(desk.client.of("chat.update")) == 1


async def test_progress_leaves_room_for_ends(desk: Desk, chat: Chat) -> None:
    for number in range(60):
        await chat.edit(job(message=replace(REF, message_id=f"{number}.0")), RUNNING)
    assert len(desk.client.of("chat.update")) == 30
    await chat.edit(job(message=REF), DONE)
    assert len(desk.client.of("chat.update")) == 31
    desk.clock.now += 61
    await chat.edit(job(message=replace(REF, message_id="70.0")), RUNNING)
    assert len(desk.client.of("chat.update")) == 32


async def test_an_edit_that_changes_nothing_is_not_sent(desk: Desk, chat: Chat) -> None:
    """Posted, edited, a card of moderators. A job's end always is: its answer tells whether the message is still there."""
    ref = await chat.place(job(), WAITING)
    assert ref is not None
    queued, ahead = job(message=ref), replace(WAITING, status="Waiting, 3 ahead")
    for card in (WAITING, WAITING, ahead, ahead):
        await chat.edit(queued, card)
    assert len(desk.client.of("chat.update")) == 1
    for card in (WAITING, DONE, DONE):
        await chat.edit(queued, card)
    assert len(desk.client.of("chat.update")) == 4
    notice = await chat.post(job().place, RUNNING, "k")
    await chat.revise(job().place, replace(notice, message_id="9.0"), RUNNING)
    await chat.revise(job().place, replace(notice, message_id="9.0"), RUNNING)
    assert len(desk.client.of("chat.update")) == 5


async def test_after_an_edit_that_nobody_knows_of_the_next_one_is_sent(desk: Desk, chat: Chat) -> None:
    ref = await chat.place(job(), WAITING)
    assert ref is not None
    desk.client.answers["chat.update"] = [refusal("fatal_error")]
    with pytest.raises(ChatError):
        await chat.edit(job(message=ref), RUNNING)
    await chat.edit(job(message=ref), WAITING)
    assert len(desk.client.of("chat.update")) == 2


async def test_progress_never_follows_an_end(desk: Desk, chat: Chat) -> None:
    await asyncio.gather(chat.edit(job(message=REF), DONE), chat.edit(job(message=REF), RUNNING))
    await chat.edit(job(message=REF), RUNNING)
    (edited,) = desk.client.of("chat.update")
    assert edited["blocks"][1]["type"] == "image"


async def test_a_picture_that_is_lost_is_no_crash(desk: Desk, chat: Chat) -> None:
    desk.pictures.held.clear()
    with pytest.raises(ChatError) as caught:
        await chat.edit(job(message=REF), DONE)
    assert caught.value.fault is ChatFault.BROKEN
