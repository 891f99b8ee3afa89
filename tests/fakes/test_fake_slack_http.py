"""The loopback Slack tells a real slack-bolt app by signed POSTs, in process and over the network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.slack import FakeSlack, ManualClock, NotAckedError
from tests.fakes.slack.contracts import SPECS
from tests.fakes.slack.http_mode import Post
from tests.fakes.slack_tiny_app import tiny_app


def in_process(fake: FakeSlack) -> Post:
    """The tiny app behind bolt's Starlette adapter and httpx's ASGI transport."""
    handler = AsyncSlackRequestHandler(tiny_app(fake.api_url, fake.bot_token, fake.signing_secret))

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    site = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
    client = httpx.AsyncClient(transport=httpx.ASGITransport(site))

    async def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        answer = await client.post(url, content=body, headers=headers)
        return answer.status_code, answer.content, dict(answer.headers)

    return post


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(ManualClock()) as slack:
        slack.http("http://bot.test/slack/events", in_process(slack))
        yield slack


async def test_command_press_and_challenge(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    asked = await fake.challenge()
    assert (await asked.acked()).payload == {"challenge": asked.payload["challenge"]}
    assert (await (await fake.command(ann, art, "ack")).acked()).payload["text"] == "hello"
    assert fake.ephemerals[0].text == "hello"
    await (await fake.command(ann, art, "a fox")).acked()
    grid = (await fake.until(lambda: fake.messages(art)))[0]
    await (await fake.press(ann, grid, "U1")).acked()
    await fake.until(lambda: len(fake.messages(art)) == 2)


async def test_a_form_over_http(fake: FakeSlack) -> None:
    ann, art = fake.user(), fake.channel()
    await fake.command(ann, art, "form")
    (view,) = await fake.until(lambda: fake.opened_views)
    await (await fake.submit(ann, view, {"prompt": "long"})).acked()
    assert view.errors == {"prompt": "too long"}


@pytest.mark.parametrize(("secret", "age"), [("wrong", 0), ("", 400)])
async def test_bad_signatures_are_told_apart(fake: FakeSlack, secret: str, age: float) -> None:
    sender = fake.http("http://bot.test/slack/events", in_process(fake))
    sender.secret, sender.age = secret or fake.signing_secret, age
    told = await fake.command(fake.user(), fake.channel(), "ack")
    with pytest.raises(NotAckedError, match="status=401"):
        await told.acked()


async def test_events_come_again_with_their_number(fake: FakeSlack) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        seen.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        if len(seen) == 2:
            await asyncio.Event().wait()
        return (200 if len(seen) == 3 else 500), b"", {}

    fake.http("http://bot.test/", post)
    fake.ack_seconds = 0.05
    assert isinstance(fake.clock, ManualClock)
    told = await fake.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT0001"]}})
    await fake.until(lambda: told.due_at > 1_700_000_000)
    fake.clock.advance(60)
    await fake.until(told.done.is_set)
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_timeout")]


async def test_a_refused_event_comes_again_unless_the_bot_says_no(fake: FakeSlack) -> None:
    fake.http(f"{fake.url}/nobody/listens")
    told = await fake.event({"type": "app_home_opened"})
    with pytest.raises(NotAckedError, match="status=404"):
        await told.acked()
    await fake.until(lambda: told.attempts == ["", "http_error"])

    async def no_more(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        return 500, b"", {"x-slack-no-retry": "1"}

    fake.http("http://bot.test/", no_more)
    final = await fake.event({"type": "app_home_opened"})
    await fake.until(lambda: final.no_retry)
    assert (final.attempts, final.due_at) == ([""], 0)


async def test_payloads_have_only_slacks_own_fields(fake: FakeSlack) -> None:
    shapes = json.loads((SPECS / "slack-payload-shapes.json").read_text())
    ann, art = fake.user(), fake.channel()
    command = await fake.command(ann, art, "form")
    (view,) = await fake.until(lambda: fake.opened_views)
    await fake.command(ann, art, "a fox")
    grid = (await fake.until(lambda: fake.messages(art)))[0]
    press, submit = await fake.press(ann, grid, "U1"), await fake.submit(ann, view, {"p": "fox"})
    for told, shape in ((command, "slash_command"), (press, "block_actions"), (submit, "view_submission")):
        assert set(told.payload) - {"response_urls"} <= set(shapes[shape])
    assert set(press.payload["actions"][0]) <= set(shapes["block_actions"]["actions"][0])
    assert set(submit.payload["view"]) - {"blocks"} <= set(shapes["view_submission"]["view"])
