"""HTTP mode: signed requests to the bot's own address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.model import Json
from tests.fakes.slack.world import World

Post = Callable[[str, bytes, dict[str, str]], Awaitable[tuple[int, bytes, dict[str, str]]]]
"""Sends a POST (address, body, headers); answers status, body and headers with lower-case names."""
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Sender:
    """Posts to `url`. A test may set `secret` (a wrong one), `age` (seconds that the timestamp lies back), `post`."""

    def __init__(self, world: World, url: str, post: Post | None = None) -> None:
        self.world, self.url = world, url
        self.secret, self.age = world.signing_secret, 0.0
        self.post: Post = post or self._over_network
        self.spawn: Callable[[Any], asyncio.Task[str]] = asyncio.create_task
        self._session: aiohttp.ClientSession | None = None

    async def send(self, delivery: Delivery, attempt: int, reason: str) -> asyncio.Task[str] | None:
        """Post once; the answer's status, body and time are kept in the delivery."""
        body, kind = encode(delivery)
        headers = {"Content-Type": kind, **self.signature(body)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        delivery.sent(reason)
        self.world.pulse.beat()
        return self.spawn(self._outcome(delivery, body, headers))

    async def _outcome(self, delivery: Delivery, body: bytes, headers: dict[str, str]) -> str:
        try:
            async with asyncio.timeout(self.world.ack_seconds):
                status, answer, got = await self.post(self.url, body, headers)
        except TimeoutError:
            return "http_timeout"
        except aiohttp.ClientError:
            return "connection_failed"
        delivery.no_retry = got.get("x-slack-no-retry") == "1"
        delivery.answer(decode(answer), status, self.world.ack_seconds)
        self.world.pulse.beat()
        return "" if 200 <= status < 300 else "http_error"

    def signature(self, body: bytes) -> dict[str, str]:
        """The two headers by which the bot knows Slack (docs.slack.dev, "Verifying requests"); real time, as its check."""
        stamp = str(int(time.time() - self.age))
        digest = hmac.new(self.secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def _over_network(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        async with self._session.post(url, data=body, headers=headers) as answer:
            return answer.status, await answer.read(), {key.lower(): value for key, value in answer.headers.items()}

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def encode(delivery: Delivery) -> tuple[bytes, str]:
    """Body and content type: events are JSON, commands a form, everything else JSON inside a form."""
    if delivery.kind in {"events_api", "url_verification"}:
        return json.dumps(delivery.payload).encode(), JSON
    form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(form).encode(), FORM


def decode(body: bytes) -> Json:
    """What an answer says: a JSON object, a bare text as `text`, nothing."""
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"text": body.decode(errors="replace")}
