"""What `check` finds out about Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from bot.slack.check import SCOPES_HEADER, check
from bot.slack.config import OAuth, SlackConfig
from bot.slack.manifest import OPTIONAL, SCOPES
from bot.slack.ports import Installation
from bot.texts import slack_check as texts
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.model import CLIENT_ID, CLIENT_SECRET

BOT, APP = "xoxb-1", "xapp-1"


@asynccontextmanager
async def slack(scopes: tuple[str, ...], odd: Mapping[str, tuple[int, str]] | None = None) -> AsyncIterator[SlackConfig]:
    """Two methods that name the token's scopes, as Slack does. `odd`: methods that answer with this status and text."""

    async def method(request: web.Request) -> web.Response:
        if found := (odd or {}).get(request.match_info["method"]):
            return web.Response(status=found[0], text=found[1], content_type="application/json")
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
    nobody = await check(SlackConfig(BOT, APP, api_url=url))
    assert [health.ok for health in nobody] == [False, False]


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (503, '{"ok": false, "error": "service_unavailable"}', "service_unavailable"),
        (200, '{"ok": false, "error": "internal_error"}', "internal_error"),
        (429, '{"ok": false, "error": "ratelimited"}', "ratelimited"),
        (503, '{"ok": false}', "http_503"),
        (503, "", "HTTP 503"),
        (200, "[]", "HTTP 200"),
        (200, "{}", "HTTP 200"),
        (200, "<html>log in</html>", "HTTP 200"),
    ],
)
async def test_an_outage_is_no_fault_of_the_tokens_and_ends_no_other_question(status: int, text: str, why: str) -> None:
    async with slack(SCOPES, {"auth.test": (status, text)}) as config:
        away, socket = await check(config)
    async with slack(SCOPES, {"apps.connections.open": (status, text)}) as config:
        *_, odd = await check(config)
    assert not away.ok
    assert (why in away.sentence, "just now" in away.sentence, "TOKEN" in away.sentence) == (True, True, False)
    assert socket.sentence == texts.SOCKET
    assert (odd.ok, odd.sentence) == (False, away.sentence.replace("auth.test", "apps.connections.open"))


async def test_many_workspaces_are_each_looked_at() -> None:
    async with FakeSlack() as fake:
        fake.bot_token = ""
        one, other = fake.workspace("One"), fake.workspace("Other")
        one.bot_token = "xoxb-one"
        oauth = OAuth(CLIENT_ID, CLIENT_SECRET, "http://127.0.0.1:8080", b"key", fake.api_url)
        config = SlackConfig(None, fake.app_token, api_url=fake.api_url, oauth=oauth)
        kept = [installation("T1", "xoxb-one"), installation("T2", "xoxb-gone"), installation("T3", "")]
        found = await check(config, kept)
        wrong = await check(replace(config, oauth=replace(oauth, client_secret="wrong")))
    assert other.token == ""
    assert [health.ok for health in found] == [True, True, True, False, False, True]
    assert [health.sentence for health in found] == [
        texts.CLIENT,
        texts.install_at("http://127.0.0.1:8080/slack/install"),
        texts.known("bot", "Painters (T1)"),
        texts.refused("Painters (T2)", "invalid_auth"),
        texts.unreadable("Painters (T3)"),
        texts.SOCKET,
    ]
    assert (wrong[0].ok, "bad_client_secret" in wrong[0].sentence) == (False, True)


def installation(team: str, token: str) -> Installation:
    return Installation(team, "", False, "Painters", "A1", "B1", "U1", "bot", "", (), "U2", 1.0, token)


async def test_the_loopback_slack_takes_the_same_calls() -> None:
    async with FakeSlack() as fake:
        found = await check(SlackConfig(fake.bot_token, fake.app_token, fake.signing_secret, api_url=fake.api_url))
        assert not fake.violations
    assert [health.sentence for health in found][-2:] == [texts.SOCKET, texts.OVER_HTTP]
    assert all(health.ok for health in found)
