"""Health, readiness, webhooks, caps and headers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from fastapi import FastAPI, Request

from bot.web import webhooks
from bot.web.app import build_app
from bot.web.bodies import MIB, BodyLimit

Call = tuple[str, str, str, Mapping[str, str], bytes]


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def built(calls: list[Call] | None = None, **options: object) -> FastAPI:
    async def webhook(provider: str, call_id: str, token: str, headers: Mapping[str, str], body: bytes) -> int:
        if provider == "broken":
            raise ValueError("boom")
        if provider == "slow":
            await asyncio.Event().wait()
        if calls is not None:
            calls.append((provider, call_id, token, headers, body))
        return 204 if token == "good" else 404

    limit = options.get("webhook_limit", BodyLimit(1 * MIB, 10.0))
    assert isinstance(limit, BodyLimit)
    return build_app(mounts={}, webhook=webhook, readiness=dict, webhook_limit=limit)


async def test_health_and_readiness() -> None:
    parts = {"store": True, "discord": False}
    app = build_app(mounts={}, webhook=None, readiness=lambda: parts)
    async with client(app) as http:
        assert (await http.get("/healthz")).status_code == 200
        waiting = await http.get("/readyz")
        assert (waiting.status_code, waiting.json()) == (503, {"ready": False, "parts": parts})
        parts["discord"] = True
        assert (await http.get("/readyz")).status_code == 200
        assert (await http.post("/webhooks/a/b/c")).status_code == 404
        assert (await http.get("/docs")).status_code == 404


async def test_webhook_gets_the_raw_body_and_says_the_status() -> None:
    calls: list[Call] = []
    async with client(built(calls)) as http:
        good = await http.post("/webhooks/fal/c1/good", content=b'{"a": 1}', headers={"X-Sign": "s"})
        bad = await http.post("/webhooks/fal/c1/bad", content=b"")
    assert (good.status_code, bad.status_code) == (204, 404)
    provider, call_id, token, headers, body = calls[0]
    assert (provider, call_id, token, headers["x-sign"], body) == ("fal", "c1", "good", "s", b'{"a": 1}')


async def test_webhook_answers_whatever_happens_behind() -> None:
    app = FastAPI()

    async def slow(*_args: object) -> int:
        await asyncio.Event().wait()
        return 200

    app.include_router(webhooks.Webhooks(slow, answer_seconds=0.05).router)
    async with client(app) as http:
        assert (await http.post("/webhooks/slow/c/t")).status_code == 202
    async with client(built()) as http:
        assert (await http.post("/webhooks/broken/c/t")).status_code == 500
        assert (await http.post(f"/webhooks/fal/{'c' * 300}/t")).status_code == 404


@pytest.mark.parametrize("announced", [True, False])
async def test_large_bodies_are_refused(announced: bool) -> None:
    calls: list[Call] = []

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * (MIB // 4)

    content = b"x" * (MIB + 1) if announced else chunks()
    async with client(built(calls)) as http:
        reply = await http.post("/webhooks/fal/c/good", content=content)
        fits = await http.post("/webhooks/fal/c/good", content=b"x" * MIB)
    assert reply.status_code == 413
    assert "1 MB" in reply.text
    assert (fits.status_code, len(calls)) == (204, 1)


async def test_slow_senders_are_cut() -> None:
    async def trickle() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    calls: list[Call] = []
    async with client(built(calls, webhook_limit=BodyLimit(MIB, 0.1))) as http:
        reply = await http.post("/webhooks/fal/c/good", content=trickle())
    assert (reply.status_code, calls) == (408, [])


async def test_mounts_and_headers() -> None:
    root, slack = FastAPI(), FastAPI()
    root.add_api_route("/", lambda: "root")
    slack.add_api_route("/events", lambda: "slack")
    app = build_app(mounts={"/": root, "/slack": slack}, webhook=None, readiness=dict)
    async with client(app) as http:
        page = await http.get("/")
        assert page.json() == "root"
        assert (await http.get("/slack/events")).json() == "slack"
        assert (await http.get("/healthz")).json() == {"status": "alive"}
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert (page.headers["x-content-type-options"], page.headers["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_caps_hold_in_mounted_apps() -> None:
    async def length(request: Request) -> int:
        return len(await request.body())

    root = FastAPI()
    root.add_api_route("/upload", length, methods=["POST"])
    app = build_app(mounts={"/": root}, webhook=None, readiness=dict, limit=BodyLimit(MIB, 5))
    async with client(app) as http:
        assert (await http.post("/upload", content=b"x" * MIB)).json() == MIB
        assert (await http.post("/upload", content=b"x" * (MIB + 1))).status_code == 413
