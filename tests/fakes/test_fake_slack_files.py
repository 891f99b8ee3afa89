"""Files in the loopback Slack: the upload in three steps, the scan, pictures in blocks, users' own files."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, ManualClock
from tests.fakes.slack_helpers import PNG, WEBP, picture, refused, why
from tests.fakes.test_fake_slack import client, fake

__all__ = ["client", "fake"]


async def upload(client: AsyncWebClient, content: bytes = PNG, **kwargs: Any) -> str:
    sent = await client.files_upload_v2(
        filename="grid.png", content=content, alt_txt="four foxes", highlight_type="png", **kwargs
    )
    assert sent["files"][0]["mimetype"] == ""
    return str(sent["files"][0]["id"])


async def test_a_picture_is_shown_once_it_is_scanned(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.processing, channel, clock = 2.0, fake.channel(), fake.clock
    assert isinstance(clock, ManualClock)
    ts = (await client.chat_postMessage(channel=channel.id, text="x"))["ts"]
    file_id = await upload(client)
    race = await refused(client.chat_update(channel=channel.id, ts=ts, text="x", blocks=[picture(file_id)]))
    assert race.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
    }
    assert (await client.files_info(file=file_id))["file"]["mimetype"] == ""
    clock.advance(2)
    assert (await client.files_info(file=file_id))["file"]["mimetype"] == "image/png"
    await client.chat_update(channel=channel.id, ts=ts, text="x", blocks=[picture(file_id)])
    assert fake.messages(channel)[0].pictures == [PNG]
    assert not fake.violations
    await client.files_delete(file=file_id)
    assert fake.messages(channel)[0].pictures == []
    assert await why(client.files_info(file=file_id)) == "file_deleted"


async def test_the_scan_can_take_polls(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.processing_polls = 3
    file_id = await upload(client)
    assert [(await client.files_info(file=file_id))["file"]["mimetype"] for _ in range(3)] == ["", "", "image/png"]


async def test_what_blocks_do_not_show(fake: FakeSlack, client: AsyncWebClient) -> None:
    channel = fake.channel().id
    webp = await upload(client, WEBP)
    for file_id in (webp, "F000000000"):
        assert await why(client.chat_postMessage(channel=channel, text="x", blocks=[picture(file_id)])) == "invalid_blocks"
    assert "image/webp" in fake.violations[0].details[0]
    block = {"type": "image", "image_url": "http://127.0.0.1/a.png", "alt_text": "x"}
    refusal = await refused(client.chat_postMessage(channel=channel, text="x", blocks=[block]))
    assert "downloading image failed" in refusal.response["errors"][0]


async def test_upload_refusals(fake: FakeSlack, client: AsyncWebClient) -> None:
    outside = fake.channel(member=False)
    assert await why(upload(client, channel=outside.id)) == "not_in_channel"
    assert await why(client.files_getUploadURLExternal(filename="a", length=1, alt_txt="x" * 1001)) == "alt_txt_too_large"
    reserved = await client.files_getUploadURLExternal(filename="a.png", length=5)
    assert await why(client.files_completeUploadExternal(files=[{"id": reserved["file_id"]}])) == "file_not_found"
    assert await why(client.files_info(file=reserved["file_id"])) == "file_not_found"
    async with aiohttp.ClientSession() as session, session.post(reserved["upload_url"], data=b"1234") as answer:
        assert answer.status == 400
    inside = fake.channel()
    await upload(client, channel=inside.id)
    assert fake.messages(inside)[0].files[0].content == PNG
    assert await why(client.files_delete(file=fake.file(fake.user(), "cat.png", PNG).id)) == "cant_delete_file"


@pytest.mark.parametrize(("token", "kind"), [("bot", "image/png"), ("xoxb-other", "text/html")])
async def test_users_files_need_the_token(fake: FakeSlack, client: AsyncWebClient, token: str, kind: str) -> None:
    cat = fake.file(fake.user(), "cat.png", PNG)
    url = (await client.files_info(file=cat.id))["file"]["url_private"]
    bearer = {"Authorization": f"Bearer {fake.bot_token if token == 'bot' else token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=bearer) as answer:
        assert (answer.status, answer.content_type) == (200, kind)
        assert (await answer.read() == PNG) == (token == "bot")
