"""Requests that claim to come from Slack, at our own door: signature, body, time, and the same one twice."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette

from bot.slack.http import events_route
from tests.bot.slack import payloads
from tests.bot.slack.conftest import Desk, desk  # noqa: F401  (a fixture)

SECRET = "shh"


def signed(body: str, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """Slack's v0 signature over time and body."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.digest(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hex()
    kind = "application/x-www-form-urlencoded"
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


async def post(desk: Desk, body: str | bytes, headers: Mapping[str, str]) -> int:  # noqa: F811
    app = Starlette(routes=[events_route(desk.front.app, SECRET, lambda: True)])
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.test") as client:
        status = (await client.post("/events", content=body, headers=sent)).status_code
    await desk.front.intake.tasks.drain(5)
    return status


BODY = urlencode(payloads.command("a fox"))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY, secret="wrong"),
        signed(BODY + "x"),
        signed(BODY, at=time.time() - 40_000),
        signed(BODY, at=time.time() + 40_000),
        signed(BODY) | {"X-Slack-Request-Timestamp": str(int(time.time()) + 1)},
        signed(BODY) | {"X-Slack-Request-Timestamp": "soon"},
        signed(BODY) | {"X-Slack-Request-Timestamp": "9" * 400},
        signed(BODY) | {"X-Slack-Signature": ""},
        signed(BODY) | {"X-Slack-Signature": "v0=é"},
        signed(BODY, secret=""),
    ],
    ids=["none", "secret", "body", "old", "early", "moved", "words", "huge", "empty", "letters", "no secret"],
)
async def test_a_forged_tampered_or_old_request_is_refused(desk: Desk, headers: dict[str, str]) -> None:  # noqa: F811
    assert await post(desk, BODY, headers) == 401
    assert desk.core.asked == []


JSON = {"Content-Type": "application/json"}
NO_PAYLOADS = [
    ("{", {}),
    ("[]", JSON),
    ('{"a":' * 30_000, {}),
    ("payload=x", {}),
    ("payload=[]", {}),
    ('{"team": 5}', {}),
    ('{"authorizations": ["x"]}', {}),
]
"""All that makes Bolt's reading raise."""


@pytest.mark.parametrize(("body", "kind"), NO_PAYLOADS, ids=range(len(NO_PAYLOADS)))
@pytest.mark.parametrize(("secret", "status"), [("wrong", 401), (SECRET, 400)], ids=["forged", "signed"])
async def test_what_is_no_payload_is_refused_and_by_nobody_but_slack_even_read(
    desk: Desk,  # noqa: F811
    body: str,
    kind: dict[str, str],
    secret: str,
    status: int,
) -> None:
    assert await post(desk, body, signed(body, secret=secret) | kind) == status
    assert desk.core.asked == []


async def test_bytes_that_are_no_text_are_signed_by_nobody(desk: Desk) -> None:  # noqa: F811
    assert await post(desk, b"\xff\xfe", signed("")) == 401


async def test_a_replayed_request_is_one(desk: Desk) -> None:  # noqa: F811
    headers = signed(BODY)
    assert [await post(desk, BODY, headers) for _ in range(3)] == [200, 200, 200]
    assert len(desk.core.asked) == 1
