"""Private Cards with pictures and files."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.errors import PicturesUnavailable
from bot.jobs.asks import Answer, Private, Update
from bot.jobs.surface import Card, Download, Tone
from bot.slack.convert import Source
from bot.texts import answers
from bot.texts import slack as texts
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk
from tests.bot.slack.jobs import GRID, job
from tests.bot.slack.schema import check_blocks
from tests.bot.slack.stub import RACE, refusal

CHART = Card(Tone.DONE, status="Usage", pictures=(replace(GRID, spoiler=True),), private=True)
OPEN = replace(CHART, pictures=(GRID,))
FILE = Card(Tone.DONE, status="All I keep", files=(Download("data", "you.json", "application/json"),), private=True)


async def _away(_key: str) -> bytes:
    raise PicturesUnavailable("as told by the test")


@pytest.fixture(autouse=True)
def _held(desk: Desk) -> None:
    desk.pictures.held |= {"grid-1": b"jpeg", "data": b"{}"}


async def test_a_picture_stands_in_the_private_message(desk: Desk) -> None:
    desk.core.answer = Private(CHART)
    await desk.send(payloads.command("admin usage"))
    (said,) = desk.client.of("chat.postEphemeral")
    check_blocks(said["blocks"])
    assert [block["type"] for block in said["blocks"]] == ["rich_text", "image"]
    assert said["blocks"][1]["slack_file"] == {"id": "F0000000A"}
    assert len(desk.lines.uploads) == 1
    assert not desk.client.of("chat.postMessage")


async def test_a_page_that_is_replaced_shows_its_picture(desk: Desk) -> None:
    desk.core.answer = Update(CHART)
    await desk.send(payloads.press("i1:admin:usage:1", ephemeral=True))
    ((_, body),) = desk.lines.responses
    assert (body["replace_original"], body["blocks"][1]["type"]) == (True, "image")


async def test_where_slack_shows_it_not_the_picture_comes_as_a_file(desk: Desk) -> None:
    desk.core.answer = Private(CHART)
    desk.client.answers["chat.postEphemeral"] = [dict(RACE) for _ in range(6)]
    await desk.send(payloads.command("admin usage"))
    said = desk.client.of("chat.postEphemeral")[-1]
    assert [block["type"] for block in said["blocks"]] == ["rich_text"]
    assert texts.PICTURE_BESIDE in said["text"]
    shared = desk.client.of("files.completeUploadExternal")[-1]
    assert shared["channel_id"] == "D9"
    assert json.loads(shared["files"])[0]["highlight_type"] == "jpg"


async def test_a_picture_that_is_lost_leaves_the_words(desk: Desk) -> None:
    desk.core.answer = Private(CHART)
    desk.pictures.held.clear()
    await desk.send(payloads.command("admin usage"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert texts.PICTURE_LOST in said["text"]


@pytest.mark.parametrize("answer", [Private(CHART), Update(OPEN)], ids=["said", "edited"])
async def test_a_picture_store_that_is_away_leaves_the_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    desk.core.answer = answer
    monkeypatch.setattr(desk.pictures, "get", _away)
    await desk.send(payloads.press("i1:admin:usage:1"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert texts.PICTURE_LOST in said["text"]


async def test_a_picture_store_that_is_away_gives_no_file_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.core.answer = Private(FILE)
    monkeypatch.setattr(desk.pictures, "get", _away)
    await desk.send(payloads.command("privacy"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert texts.not_sent(["you.json"]) in said["text"].replace("\u2060", "")


async def test_an_answer_that_breaks_is_an_apology(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    private = (await desk.front.offices.of(Source())).answers._private
    whole = private.ready

    async def broken(user_id: str, card: Card) -> Card:
        if card.status == CHART.status:
            raise RuntimeError("on demand")
        return await whole(user_id, card)

    monkeypatch.setattr(private, "ready", broken)
    desk.core.answer = Private(CHART)
    await desk.send(payloads.command("admin usage"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert said["text"] == answers.TROUBLE


@pytest.mark.parametrize("dead", [False, True])
async def test_a_file_goes_to_the_direct_conversation_once(desk: Desk, *, dead: bool) -> None:
    desk.core.answer, desk.lines.dead = Update(FILE), dead
    await desk.send(payloads.press("i1:privacy:data:0", ephemeral=True))
    assert desk.lines.uploads == [("https://files.slack.com/upload/v1/a", b"{}")]
    (shared,) = desk.client.of("files.completeUploadExternal")
    assert (shared["channel_id"], json.loads(shared["files"])) == ("D9", [{"id": "F0000000A", "title": "you.json"}])
    text = desk.client.of("chat.postEphemeral")[0]["text"] if dead else desk.lines.responses[0][1]["text"]
    assert texts.sent(["you.json"]) in text.replace("\u2060", "")


async def test_a_file_that_slack_refuses_is_said(desk: Desk) -> None:
    desk.core.answer = Private(FILE)
    desk.client.answers["files.getUploadURLExternal"] = refusal("storage_limit_reached")
    await desk.send(payloads.command("privacy"))
    (said,) = desk.client.of("chat.postEphemeral")
    assert texts.not_sent(["you.json"]) in said["text"].replace("\u2060", "")


async def test_a_whisper_of_a_job_hands_its_files_over_too(desk: Desk) -> None:
    assert await desk.front.chat.whisper(job(), FILE)
    assert len(desk.client.of("files.completeUploadExternal")) == 1
