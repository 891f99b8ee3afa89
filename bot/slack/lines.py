"""HTTP posts that are no Web API calls: answers to a response_url, bytes to an upload address."""

from __future__ import annotations

import aiohttp

from bot.slack.api import Json
from bot.slack.faults import SECONDS, SlackFault, guarded

UPLOAD_SECONDS = 60.0


class HttpLines:
    """Over the front end's one aiohttp session, which `start` hands in."""

    def __init__(self, timeout: float) -> None:
        """`timeout`: seconds for an answer; an upload may take longer."""
        self._timeout = timeout
        self.session: aiohttp.ClientSession | None = None

    async def respond(self, url: str, body: Json) -> None:
        """Slack answers 200 `ok`, or 404 with `used_url` or `expired_url` in it."""
        await guarded(self._post(url, json=body), self._timeout)

    async def upload(self, url: str, data: bytes) -> None:
        """Raw bytes, without the token: the address is the key."""
        await guarded(self._post(url, data=data, headers={"Content-Type": "application/octet-stream"}), UPLOAD_SECONDS)

    async def _post(
        self, url: str, *, json: Json | None = None, data: bytes | None = None, headers: Json | None = None
    ) -> None:
        if self.session is None:
            raise SlackFault("not_started")
        async with self.session.post(url, json=json, data=data, headers=headers, allow_redirects=False) as response:
            if response.status == 200:
                return
            if response.status == 429:
                raise SlackFault("ratelimited", retry_after=_seconds(response.headers.get("Retry-After", "")))
            text = (await response.text())[:200]
            if "slack file" in text.replace("_", " "):
                raise SlackFault("invalid_blocks", details=text)
            code = next((code for code in ("used_url", "expired_url") if code in text), f"http_{response.status}")
            raise SlackFault("expired_url" if response.status == 404 else code)


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else SECONDS
