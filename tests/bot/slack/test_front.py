"""The front as a whole, over the loopback Slack: start, Socket Mode, HTTP, stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.jobs.asks import Press, Submission
from bot.slack.http import MOUNT
from tests.bot.slack.drawing import SETTINGS, DrawingCore, made_front
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_helpers import PNG


@pytest.fixture
async def core(fake: FakeSlack) -> AsyncIterator[DrawingCore]:
    front = made_front(fake)
    core = DrawingCore(front)
    await front.start(core)
    await fake.connected()
    yield core
    await front.stop()
    assert not fake.violations


async def test_a_command_becomes_a_picture_in_the_channel(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user("ann", admin=True), fake.channel("art")
    ack = await (await fake.command(ann, art, "a fox")).acked()
    assert ack.seconds < 1
    await core.until(lambda: core.jobs)
    (message,) = fake.messages(art)
    assert [block["type"] for block in message.blocks] == ["rich_text", "image", "actions"]
    assert core.asked[0].ask.actor.moderator
    (ref,) = core.refs
    assert ref is not None
    assert (ref.channel_id, ref.message_id) == (art.id, message.ts)
    await core.front.chat.delete(core.jobs[0])
    assert not fake.messages(art)
    assert len(fake.calls_of("files.delete")) == 1


async def test_a_refusal_is_ephemeral(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user(), fake.channel()
    await (await fake.command(ann, art, "no")).acked()
    await fake.until(lambda: fake.ephemerals)
    assert fake.ephemerals[0].to == ann.id
    assert not fake.messages(art)


async def test_where_the_bot_is_not_it_answers_all_the_same(fake: FakeSlack, core: DrawingCore) -> None:
    ann = fake.user()
    secret = fake.channel(member=False, private=True)
    await (await fake.command(ann, secret, "no")).acked()
    await fake.until(lambda: fake.ephemerals)
    await (await fake.command(ann, secret, "a fox")).acked()
    await core.until(lambda: core.jobs)
    assert core.jobs[0].message is not None
    assert core.jobs[0].message.channel_id == fake.dm(ann).id
    assert any(block["type"] == "image" for block in fake.messages(fake.dm(ann))[0].blocks)
    assert len(fake.ephemerals) == 2
    bob = fake.user()
    await (await fake.command(ann, fake.foreign_dm(ann, bob), "a hen")).acked()
    await core.until(lambda: len(core.jobs) == 2)
    assert core.refs[1] is not None
    assert core.refs[1].channel_id == fake.dm(ann).id


async def test_the_form_opens_and_comes_back(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user(), fake.channel()
    await (await fake.command(ann, art)).acked()
    view = (await fake.until(lambda: fake.opened_views))[0]
    await (await fake.submit(ann, view, {"f:prompt": "a fox"})).acked()
    await core.until(lambda: core.jobs)
    assert len(fake.messages(art)) == 1


async def test_a_message_shortcut_answers_in_its_thread(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user(), fake.channel()
    said = fake.say(ann, art, "a fox &amp; a hen", files=[fake.file(ann, "a.png", PNG)])
    await (await fake.shortcut(ann, said, "imagine_from_this")).acked()
    view = (await fake.until(lambda: fake.opened_views))[0]
    assert view.body["blocks"][0]["element"]["initial_value"] == "a fox & a hen"
    await (await fake.submit(ann, view, {"f:prompt": "a fox"})).acked()
    await core.until(lambda: core.jobs)
    assert fake.messages(art)[-1].thread_ts == said.ts
    asked = core.asked[-1]
    assert isinstance(asked, Submission)
    assert asked.files["image"].name == "a.png"


async def test_a_mention_in_a_thread_and_its_late_duplicate(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user(), fake.channel()
    said = fake.say(ann, art, "look")
    told = await fake.mention(ann, art, "imagine a fox", thread_ts=said.ts)
    await core.until(lambda: core.jobs)
    await (await fake.again(told)).acked()
    await fake.mention(ann, art, "no idea", thread_ts=said.ts)
    await fake.until(lambda: fake.ephemerals)
    assert len(core.asked) == 1
    assert fake.messages(art)[-1].thread_ts == said.ts


async def test_a_private_card_is_replaced_by_a_press_on_it(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user(), fake.channel()
    await (await fake.command(ann, art, "no")).acked()
    (refused,) = await fake.until(lambda: fake.ephemerals)
    await (await fake.press(ann, refused, SETTINGS.control)).acked()
    await fake.until(lambda: "Saved." in str([message.blocks for message in fake.ephemerals]))
    assert "Not today." not in str([message.blocks for message in fake.ephemerals if not message.deleted])
    assert not fake.messages(art)


async def test_presses_live_and_dead(fake: FakeSlack, core: DrawingCore) -> None:
    ann, art = fake.user(), fake.channel()
    await (await fake.command(ann, art, "a fox")).acked()
    await core.until(lambda: core.jobs)
    await (await fake.press(ann, fake.messages(art)[0], "i1:upscale:j1:1")).acked()
    await core.until(lambda: len(core.asked) == 2)
    await (await fake.press(ann, fake.messages(art)[0], "dead", forged=True)).acked()
    await fake.until(lambda: fake.ephemerals)
    assert isinstance(core.asked[1], Press)


async def test_what_nobody_handles_is_acknowledged_and_swallows_nothing(fake: FakeSlack, core: DrawingCore) -> None:
    """Else Slack would tell an event again and again."""
    ann, art = fake.user(), fake.channel()
    fake.shortcuts["of_an_older_version"] = "global"
    for told in (
        await fake.open_home(ann),
        await fake.command(ann, art, "a fox", command="/other"),
        await fake.shortcut(ann, None, "of_an_older_version"),
    ):
        assert (await told.acked()).payload == {}
    assert not core.asked
    await (await fake.command(ann, art, "a fox")).acked()
    await core.until(lambda: core.jobs)


async def test_a_second_socket_takes_over_and_the_first_is_closed(fake: FakeSlack, core: DrawingCore) -> None:
    assert core.front.ready
    socket = core.front._socket
    assert socket is not None
    await socket.open()
    await fake.connected()
    ann, art = fake.user(), fake.channel()
    await (await fake.command(ann, art, "no")).acked()
    await fake.until(lambda: fake.ephemerals)


async def test_http_is_verified_and_closes(fake: FakeSlack) -> None:
    front = made_front(fake, signing_secret=fake.signing_secret)
    core = DrawingCore(front)
    await front.start(core)
    assert front.http is not None
    site = Starlette(routes=[Mount(MOUNT, front.http)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://bot.test") as client:

        async def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
            answer = await client.post(url, content=body, headers=headers)
            return answer.status_code, answer.content, dict(answer.headers)

        sender = fake.http("http://bot.test/slack/events", post)
        asked = await fake.challenge()
        assert (await asked.acked()).payload == {"challenge": asked.payload["challenge"]}
        ann, art = fake.user(), fake.channel()
        await (await fake.command(ann, art, "a fox")).acked()
        await core.until(lambda: core.jobs)
        unsigned = await client.post("/slack/events", content=b"payload={}")
        large = await client.post("/slack/events", content=b"x" * (1024 * 1024 + 1))
        broken = await client.post("/slack/events", content=b"\xff\xfe")
        assert [unsigned.status_code, large.status_code, broken.status_code] == [401, 413, 401]
        assert (await client.get("/slack/events")).status_code == 405
        await front.stop_intake()
        assert (await client.post("/slack/events", content=b"")).status_code == 503
        assert not front.ready
        await sender.close()
    await front.stop()


async def test_nothing_is_taken_from_the_environment(fake: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "from-elsewhere")
    front = made_front(fake)
    assert front.app.oauth_flow is None
    assert front.app._signing_secret == ""
    assert os.environ["SLACK_CLIENT_ID"] == "from-elsewhere"


async def test_a_stop_waits_for_what_runs(fake: FakeSlack) -> None:
    front = made_front(fake)
    core = DrawingCore(front)
    await front.start(core)
    await fake.connected()
    await (await fake.command(fake.user(), fake.channel(), "a fox")).acked()
    await asyncio.wait_for(front.stop(), 10)
    assert len(core.jobs) == 1
    assert not fake.violations
