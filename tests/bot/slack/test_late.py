"""A message whose answer is late or lost: it is adopted or deleted, and no call that shows twice is made twice."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.jobs.chat_port import ChatError
from bot.slack.api import SlackApi, Written
from bot.slack.config import SlackConfig
from bot.slack.limits import Budget
from bot.slack.office import Maker
from tests.bot.slack.stub import Clock, StubClient, StubLines, StubPictures, refusal
from tests.fakes.slack import FakeSlack
from tests.support.wait import eventually

FIRST, SECOND = Written([], "first"), Written([], "second")


class Late(StubClient):
    """Its first post has its effect, and is answered when told; messages have the numbers 1, 2, 3."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = asyncio.Event()
        self.posts = 0

    async def api_call(self, api_method: str, **request: Any) -> AsyncSlackResponse:
        if api_method == "chat.postMessage":
            self.posts += 1
            mine = str(self.posts)
            if mine == "1":
                await self.answered.wait()
            self.answers[api_method] = [{"ok": True, "channel": "C1", "ts": mine}]
        return await super().api_call(api_method, **request)


async def late_one(client: Late) -> SlackApi:
    api = SlackApi(client, StubLines(), 0.05)
    with pytest.raises(ChatError, match="timeout"):
        await api.post("C1", "", FIRST, "job")
    return api


async def test_a_message_that_came_late_is_adopted() -> None:
    client = Late()
    api = await late_one(client)
    client.answered.set()
    await eventually(lambda: _said(bool(client.of("chat.postMessage"))))
    assert await api.post("C1", "", SECOND, "job") == ("C1", "1")
    assert (client.posts, client.of("chat.update")[0]["text"], client.of("chat.delete")) == (1, "second", [])
    assert await api.post("C1", "", FIRST, "job") == ("C1", "2"), "it is adopted once"
    await api.late.stop()


async def test_where_another_one_was_posted_the_late_one_is_deleted() -> None:
    client = Late()
    api = await late_one(client)
    assert await api.post("C1", "", SECOND, "job") == ("C1", "2")
    client.answered.set()
    await eventually(lambda: _said(bool(client.of("chat.delete"))))
    assert client.of("chat.delete") == [{"channel": "C1", "ts": "1"}]
    await api.late.stop()


async def test_one_that_somebody_deleted_is_not_adopted() -> None:
    client = Late()
    api = await late_one(client)
    client.answered.set()
    await eventually(lambda: _said(bool(client.of("chat.postMessage"))))
    client.answers["chat.update"] = refusal("message_not_found")
    assert await api.post("C1", "", SECOND, "job") == ("C1", "2")
    await api.late.stop()


async def test_one_that_nobody_posts_again_goes_after_a_while() -> None:
    client = Late()
    api = SlackApi(client, StubLines(), 0.05)
    api.late._kept = 0.0
    with pytest.raises(ChatError, match="timeout"):
        await api.post("C1", "", FIRST, "job")
    client.answered.set()
    await eventually(lambda: _said(client.of("chat.delete") == [{"channel": "C1", "ts": "1"}]))
    await api.late.stop()
    assert not api.late._posts


async def test_without_a_key_the_call_ends_with_the_timeout() -> None:
    client = Late()
    api = SlackApi(client, StubLines(), 0.05)
    with pytest.raises(ChatError, match="timeout"):
        await api.post("C1", "", FIRST)
    assert not api.late._posts


async def test_a_stop_ends_what_is_still_on_its_way() -> None:
    api = await late_one(Late())
    await asyncio.wait_for(api.late.stop(), 5)
    assert not api.late._beside


async def test_what_lost_its_answer_is_repeated_only_where_nobody_sees_it_twice(fake: FakeSlack) -> None:
    """The connection is cut after the effect."""
    ann, art = fake.user("ann"), fake.channel("art")
    config = SlackConfig(fake.bot_token, "xapp-1", api_url=fake.api_url)
    clock = Clock()
    async with aiohttp.ClientSession() as session:
        maker = Maker(config, StubLines(), StubPictures(), clock, Budget(clock), session=session)
        api = maker.api(fake.bot_token)
        for method in ("chat.postMessage", "chat.postEphemeral", "chat.update", "conversations.open", "users.info"):
            fake.fail(method, status=None, when="after")
        shown = Written([], "a fox")
        with pytest.raises(ChatError, match="unreachable"):
            await api.post(art.id, "", shown, "job")
        with pytest.raises(ChatError, match="unreachable"):
            await api.ephemeral(art.id, "", ann.id, shown)
        (message,) = fake.messages(art)
        await api.update(art.id, message.ts, shown)
        await api.open_dm(ann.id)
        assert (await api.user(ann.id))["id"] == ann.id
    assert len(fake.ephemerals) == 1
    for method in ("chat.update", "conversations.open", "users.info"):
        assert len(fake.calls_of(method)) == 2


async def _said(held: object) -> bool:
    return bool(held)
