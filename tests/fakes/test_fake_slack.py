"""The loopback Slack refuses what the real one refuses: direct calls of slack_sdk's AsyncWebClient."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, ManualClock
from tests.fakes.slack_helpers import modal, refused, row, section, why


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack:
        yield slack


@pytest.fixture
async def client(fake: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(fake.bot_token, base_url=fake.api_url, session=session, retry_handlers=[])


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-other", "invalid_auth"), ("", "not_authed"), ("app", "not_allowed_token_type")]
)
async def test_tokens(fake: FakeSlack, token: str, error: str) -> None:
    client = AsyncWebClient(fake.app_token if token == "app" else token, base_url=fake.api_url)
    assert await why(client.auth_test()) == error


async def test_a_removed_app_and_a_missing_scope(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.scopes.discard("users:read")
    refusal = await refused(client.users_info(user=fake.user().id))
    assert (refusal.response["error"], refusal.response["needed"]) == ("missing_scope", "users:read")
    fake.revoked = True
    assert await why(client.auth_test()) == "account_inactive"


async def test_methods_and_arguments(fake: FakeSlack, client: AsyncWebClient) -> None:
    assert await why(client.api_call("chat.frobnicate")) == "unknown_method"
    assert await why(client.api_call("reactions.add")) == "fake_lacks_method"
    assert fake.violations[0].error == "fake_lacks_method"
    lacking = await refused(client.api_call("chat.postMessage", json={"text": "x"}))
    assert lacking.response["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    strange = await refused(client.api_call("auth.test", params={"colour": "red"}))
    assert strange.response["error"] == "invalid_arguments"
    assert (
        await why(client.api_call("files.getUploadURLExternal", params={"filename": "a", "length": "x"}))
        == "invalid_arguments"
    )


async def test_arguments_come_as_json_form_or_query(fake: FakeSlack, client: AsyncWebClient) -> None:
    channel = fake.channel()
    sent = {"channel": channel.id, "text": "x", "blocks": '[{"type": "divider"}]'}
    await client.api_call("chat.postMessage", json=sent)
    await client.api_call("chat.postMessage", data=sent)
    await client.api_call("chat.postMessage", params=sent)
    assert [message.blocks[0]["type"] for message in fake.messages(channel)] == ["divider"] * 3


BAD_BLOCKS = [
    [{"type": "nope"}],
    [{"type": "divider"}] * 51,
    [row(*(f"a{n}" for n in range(26)))],
    [section("x" * 3001)],
    [section("")],
    [row()],
    [{"type": "image", "image_url": "https://a.example/b.png"}],
    [section("a", "same"), section("b", "same")],
    [row("same", "same")],
    [row("a" * 256)],
    [{"type": "input", "label": {"type": "plain_text", "text": "f"}, "element": {"type": "file_input"}}],
]


@pytest.mark.parametrize("blocks", BAD_BLOCKS)
async def test_bad_blocks(fake: FakeSlack, client: AsyncWebClient, blocks: list[dict[str, object]]) -> None:
    refusal = await refused(client.chat_postMessage(channel=fake.channel().id, text="x", blocks=blocks))
    assert refusal.response["error"] == "invalid_blocks"
    assert all("json-pointer:/blocks" in line for line in refusal.response["errors"])
    assert fake.violations[0].where == "chat.postMessage"


async def test_texts_that_are_too_long_together(fake: FakeSlack, client: AsyncWebClient) -> None:
    blocks = [section("x" * 2900) for _ in range(5)]
    assert await why(client.chat_postMessage(channel=fake.channel().id, text="x", blocks=blocks)) == "msg_blocks_too_long"


async def test_where_the_bot_may_post(fake: FakeSlack, client: AsyncWebClient) -> None:
    ann, bob = fake.user(), fake.user()
    public = fake.channel(member=False)
    places = [fake.channel(member=False, private=True).id, fake.foreign_dm(ann, bob).id, "C0NOWHERE"]
    assert [await why(client.chat_postMessage(channel=place, text="x")) for place in places] == ["channel_not_found"] * 3
    assert await why(client.chat_postMessage(channel=fake.channel(archived=True).id, text="x")) == "is_archived"
    assert (await client.chat_postMessage(channel=public.id, text="chat:write.public"))["ok"]
    fake.scopes.discard("chat:write.public")
    assert await why(client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"
    assert (
        await why(client.conversations_join(channel=fake.channel(private=True).id))
        == "method_not_supported_for_channel_type"
    )
    await client.conversations_join(channel=public.id)
    assert (await client.chat_postMessage(channel=public.id, text="x"))["ok"]


async def test_a_user_id_becomes_the_dm_and_cannot_be_edited(fake: FakeSlack, client: AsyncWebClient) -> None:
    ann = fake.user()
    posted = await client.chat_postMessage(channel=ann.id, text="x")
    assert posted["channel"] == fake.dm(ann).id == (await client.conversations_open(users=ann.id))["channel"]["id"]
    assert await why(client.chat_update(channel=ann.id, ts=posted["ts"], text="y")) == "channel_not_found"


async def test_edits(fake: FakeSlack, client: AsyncWebClient) -> None:
    channel, ann = fake.channel(), fake.user()
    ts = (await client.chat_postMessage(channel=channel.id, text="x", blocks=[section("old")]))["ts"]
    await client.chat_update(channel=channel.id, ts=ts, blocks=[section("new")])
    (message,) = fake.messages(channel)
    assert (message.text, message.blocks[0]["text"]["text"], message.edits) == ("x", "new", 1)
    await client.chat_update(channel=channel.id, ts=ts, text="y")
    assert (message.text, message.blocks) == ("y", [])
    theirs = fake.say(ann, channel, "mine")
    assert await why(client.chat_update(channel=channel.id, ts=theirs.ts, text="y")) == "cant_update_message"
    assert await why(client.chat_update(channel=channel.id, ts="1.000001", text="y")) == "message_not_found"
    assert await why(client.chat_update(channel=channel.id, ts=ts, text="y" * 4001)) == "msg_too_long"
    message.locked = True
    assert await why(client.chat_update(channel=channel.id, ts=ts, text="y")) == "edit_window_closed"
    assert (await client.chat_getPermalink(channel=channel.id, message_ts=ts))["permalink"].endswith(ts.replace(".", ""))
    await client.chat_delete(channel=channel.id, ts=ts)
    assert await why(client.chat_delete(channel=channel.id, ts=ts)) == "message_not_found"


async def test_ephemerals_cannot_be_edited(fake: FakeSlack, client: AsyncWebClient) -> None:
    channel, ann = fake.channel(), fake.user()
    ts = (await client.chat_postEphemeral(channel=channel.id, user=ann.id, text="no quota"))["message_ts"]
    assert [(one.to, one.text) for one in fake.ephemerals] == [(ann.id, "no quota")]
    assert await why(client.chat_update(channel=channel.id, ts=ts, text="y")) == "message_not_found"
    assert await why(client.chat_postEphemeral(channel=channel.id, user="U0", text="x")) == "user_not_in_channel"
    await client.chat_postMessage(channel=channel.id, text="x", thread_ts=fake.say(ann, channel, "root").ts)
    assert await why(client.chat_postMessage(channel=channel.id, text="x", thread_ts="1.0")) == "cannot_reply_to_message"


async def test_people(fake: FakeSlack, client: AsyncWebClient) -> None:
    boss = fake.user("boss", admin=True)
    assert (await client.users_info(user=boss.id))["user"]["is_admin"] is True
    assert await why(client.users_info(user="U0")) == "user_not_found"
    group = fake.group([boss], "painters")
    assert (await client.usergroups_users_list(usergroup=group))["users"] == [boss.id]
    (bare,) = (await client.usergroups_list())["usergroups"]
    assert (bare["id"], bare["name"], "users" in bare) == (group, "painters", False)
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == [boss.id]
    fake.groups[group].disabled = True
    assert (await client.usergroups_list(include_users=True))["usergroups"] == []
    fake.scopes.discard("usergroups:read")
    assert await why(client.usergroups_list()) == "missing_scope"


async def test_views_and_their_triggers(fake: FakeSlack, client: AsyncWebClient) -> None:
    ann, clock = fake.user(), fake.clock
    assert isinstance(clock, ManualClock)
    assert await why(client.views_open(trigger_id="1.2.x", view=modal())) == "invalid_trigger_id"
    good, late = fake.new_trigger(ann.id), fake.new_trigger(ann.id)
    assert (
        await why(client.views_open(trigger_id=good, view=modal(title={"type": "plain_text", "text": "x" * 25})))
        == "invalid_arguments"
    )
    unsubmittable = {key: value for key, value in modal().items() if key != "submit"}
    assert await why(client.views_open(trigger_id=good, view=unsubmittable)) == "invalid_arguments"
    view = (await client.views_open(trigger_id=good, view=modal()))["view"]
    assert await why(client.views_open(trigger_id=good, view=modal())) == "exchanged_trigger_id"
    clock.advance(3.1)
    assert await why(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await why(client.views_update(view_id=view["id"], hash="old", view=modal())) == "hash_conflict"
    assert await why(client.views_update(view_id="V0", view=modal())) == "not_found"
    await client.views_publish(user_id=ann.id, view={"type": "home", "blocks": [section("3 of 10 left")]})
    assert fake.homes[ann.id].body["blocks"][0]["text"]["text"] == "3 of 10 left"
    assert len(fake.opened_views) == 1


async def test_tiers_and_ordered_troubles(fake: FakeSlack, client: AsyncWebClient) -> None:
    channel, clock = fake.channel(), fake.clock
    assert isinstance(clock, ManualClock)
    fake.tiers = True
    ts = (await client.chat_postMessage(channel=channel.id, text="x"))["ts"]
    for _ in range(50):
        await client.chat_update(channel=channel.id, ts=ts, text="y")
    over = await refused(client.chat_update(channel=channel.id, ts=ts, text="y"))
    assert (over.response.status_code, over.response["error"], over.response.headers["Retry-After"]) == (
        429,
        "ratelimited",
        "60",
    )
    clock.advance(60)
    await client.chat_update(channel=channel.id, ts=ts, text="z")
    fake.limit("chat.update", times=1, retry_after=7)
    assert (await refused(client.chat_update(channel=channel.id, ts=ts, text="y"))).response.headers["Retry-After"] == "7"
    fake.refuse("chat.update", "edit_window_closed")
    assert await why(client.chat_update(channel=channel.id, ts=ts, text="y")) == "edit_window_closed"
    fake.fail("chat.postMessage", status=503)
    assert (await refused(client.chat_postMessage(channel=channel.id, text="x"))).response.status_code == 503
    fake.fail("chat.postMessage", status=None, when="after")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=channel.id, text="orphan")
    assert fake.messages(channel)[-1].text == "orphan"
    fake.hang("auth.test")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.auth_test(), 0.1)
