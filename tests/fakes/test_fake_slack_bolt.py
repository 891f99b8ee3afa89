"""The loopback Slack drives a real slack-bolt app over Socket Mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import BOT_USER, FakeSlack, ManualClock, NotAckedError
from tests.fakes.slack.remote import RemoteSlack
from tests.fakes.slack_helpers import PNG, row
from tests.fakes.slack_tiny_app import connected, socket_mode, tiny_app


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack, connected(slack):
        yield slack


async def test_command_button_and_thread(fake: FakeSlack) -> None:
    ann, art = fake.user("ann"), fake.channel("art")
    ack = await (await fake.command(ann, art, "a red fox")).acked()
    assert ack.seconds < 3
    grid = (await fake.until(lambda: fake.messages(art)))[0]
    assert (grid.text, grid.user, grid.action_ids) == ("a red fox", BOT_USER, ["U1", "U2"])
    await (await fake.press(ann, grid, "U1")).acked()
    answer = await fake.until(lambda: [one for one in fake.messages(art) if one.thread_ts])
    assert answer[0].thread_ts == grid.ts
    assert [call.method for call in fake.calls][:2] == ["apps.connections.open", "auth.test"]
    assert not fake.violations


async def test_an_act_that_nobody_acknowledges(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    await (await fake.command(ann, art, "fox")).acked()
    grid = (await fake.until(lambda: fake.messages(art)))[0]
    with pytest.raises(NotAckedError):
        await (await fake.press(ann, grid, "U2")).acked(0.3)
    with pytest.raises(ValueError, match="sees no U9"):
        await fake.press(ann, grid, "U9")


async def test_private_answers(fake: FakeSlack) -> None:
    ann, bob, place = fake.user(), fake.user(), fake.channel(member=False, private=True)
    await (await fake.command(ann, place, "private")).acked()
    (private,) = await fake.until(lambda: fake.ephemerals)
    assert (private.to, private.text, fake.responses[0].status) == (ann.id, "only you", 200)
    assert (await (await fake.command(bob, place, "ack")).acked()).payload["text"] == "hello"
    assert fake.ephemerals[-1].text == "hello"
    private.blocks = [row("U1")]
    await (await fake.press(ann, private, "U1")).acked()
    await fake.until(lambda: private.text == "replaced")
    with pytest.raises(ValueError, match="sees no U1"):
        await fake.press(bob, private, "U1")


async def test_a_form(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    await fake.command(ann, art, "form")
    (view,) = await fake.until(lambda: fake.opened_views)
    with pytest.raises(ValueError, match="prompt is required"):
        await fake.submit(ann, view)
    await (await fake.submit(ann, view, {"prompt": "long"})).acked()
    assert (view.open, view.errors) == (True, {"prompt": "too long"})
    await (await fake.submit(ann, view, {"p": "a fox"})).acked()
    assert fake.opened_views == []


async def test_shortcut_and_mention(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    root = fake.say(ann, art, "a cat")
    fake.shortcuts["from_this"] = "message"
    await (await fake.shortcut(ann, root, "from_this")).acked()
    await fake.until(lambda: fake.ephemerals[-1:] and fake.ephemerals[-1].text == "saw a cat")
    told = await fake.mention(ann, art, "imagine", thread_ts=root.ts, files=[fake.file(ann, "cat.png", PNG)])
    await told.acked()
    answer = await fake.until(lambda: [one for one in fake.messages(art) if one.user == BOT_USER])
    assert (answer[0].text, answer[0].thread_ts) == ("mentioned image/png", root.ts)
    with pytest.raises(ValueError, match="not in that channel"):
        await fake.mention(ann, fake.channel(member=False), "imagine")


async def test_reply_urls_run_out(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    hook = AsyncWebhookClient(fake.new_reply_url(art.id, ann.id))
    statuses = [(await hook.send(text="x", response_type="in_channel")).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    old = AsyncWebhookClient(fake.new_reply_url(art.id, ann.id))
    assert isinstance(fake.clock, ManualClock)
    fake.clock.advance(1801)
    assert "expired_url" in (await old.send(text="x")).body
    assert len(fake.messages(art)) == 5


async def test_refresh_moves_to_a_new_socket(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    await fake.socket.disconnect()
    await fake.until(lambda: fake.socket.opened == 2 and fake.socket.open, 10)
    await (await fake.command(ann, art, "fox")).acked()


async def test_events_come_again_until_acknowledged() -> None:
    async with FakeSlack(clock := ManualClock()) as fake:
        ann, art = fake.user(), fake.channel()
        async with connected(fake):
            fake.socket.silent = True
            told = await fake.mention(ann, art, "imagine")
            clock.advance(3)
            await fake.until(lambda: len(told.attempts) == 2)
            assert not told.answers
            clock.advance(3)
            fake.socket.silent = False
            await fake.until(lambda: told.due_at > clock())
            clock.advance(60)
            await told.acked()
            assert told.attempts == ["", "timeout", "timeout"]
            assert (await (await fake.again(told)).acked()).good


async def test_a_thousand_commands_at_once() -> None:
    async with FakeSlack(validate=False) as fake, connected(fake):
        fake.ack_seconds = 30.0
        users, art = [fake.user() for _ in range(1000)], fake.channel()
        told = await asyncio.gather(*(fake.command(user, art, "ack") for user in users))
        acks = await asyncio.gather(*(one.acked(30) for one in told))
        assert len(acks) == 1000


async def test_a_fake_in_its_own_process() -> None:
    async with RemoteSlack() as slack:
        app = tiny_app(slack.api_url, slack.bot_token, slack.signing_secret)
        async with socket_mode(app, slack.app_token):
            assert await slack.do("connected") == {"sockets": 1}
            assert len((await slack.do("commands", count=5, text="ack"))["seconds"]) == 5
            seen = await slack.do("calls")
            assert (seen["calls"]["apps.connections.open"], seen["errors"], seen["violations"]) == (1, {}, [])
            with pytest.raises(RuntimeError, match="TimeoutError"):
                await slack.do("pictures", count=1, within=0.01)
