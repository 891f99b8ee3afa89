"""What `check` finds out about Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.slack.check import SCOPES_HEADER, check
from bot.slack.config import SlackConfig
from bot.slack.manifest import OPTIONAL, SCOPES
from bot.texts import slack_check as texts
from tests.fakes.slack import FakeSlack

BOT, APP = "xoxb-1", "xapp-1"


@asynccontextmanager
async def slack(scopes: tuple[str, ...]) -> AsyncIterator[SlackConfig]:
    """Two methods that name the token's scopes, as Slack does."""

    async def method(request: web.Request) -> web.Response:
        right = APP if request.match_info["method"] == "apps.connections.open" else BOT
        if request.headers.get("Authorization") != f"Bearer {right}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        body = {"ok": True, "user": "imagine", "team": "Painters"}
        return web.json_response(body, headers={SCOPES_HEADER: ",".join(scopes)})

    app = web.Application()
    app.router.add_post("/api/{method}", method)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield SlackConfig(BOT, APP, api_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/")
    finally:
        await runner.cleanup()


async def test_good_tokens_and_scopes() -> None:
    async with slack(SCOPES) as config:
        found = await check(config)
    assert all(health.ok for health in found)
    assert [health.sentence for health in found] == [
        texts.known("imagine", "Painters"), texts.scopes(len(SCOPES)), texts.SOCKET
    ]  # fmt: skip


async def test_a_scope_that_is_missing() -> None:
    async with slack(SCOPES[1:]) as config:
        found = await check(config)
    assert [(health.ok, health.sentence) for health in found][1] == (False, texts.missing([SCOPES[0]]))


async def test_an_optional_scope_that_is_missing_is_no_failure() -> None:
    async with slack(tuple(scope for scope in SCOPES if scope not in OPTIONAL)) as config:
        found = await check(config)
    assert [(health.ok, health.sentence) for health in found][1] == (True, texts.without(["usergroups:read"]))


async def test_wrong_tokens() -> None:
    async with slack(SCOPES) as config:
        url = config.api_url
        (bot, app) = await check(SlackConfig("xoxb-wrong", "xapp-wrong", api_url=url))
    assert [bot.ok, app.ok] == [False, False]
    assert "SLACK_BOT_TOKEN (invalid_auth)" in bot.sentence
    assert "SLACK_APP_TOKEN (invalid_auth)" in app.sentence
    (nobody,) = await check(SlackConfig(BOT, APP, api_url=url))
    assert not nobody.ok


async def test_the_loopback_slack_takes_the_same_calls() -> None:
    async with FakeSlack() as fake:
        found = await check(SlackConfig(fake.bot_token, fake.app_token, fake.signing_secret, api_url=fake.api_url))
        assert not fake.violations
    assert [health.sentence for health in found][-2:] == [texts.SOCKET, texts.OVER_HTTP]
    assert all(health.ok for health in found)
