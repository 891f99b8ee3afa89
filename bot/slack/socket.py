"""Socket Mode: one connection, and the watch over it.

The SDK's client reconnects by itself, but can stay stuck: it keeps trying a single-use address that is spent, or a
connection stays up and silent (python-slack-sdk #1701, bolt-python #417, #1529). Then a whole new client takes over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.jobs.ports import Clock
from bot.slack.faults import SlackFault
from bot.slack.office import Maker

log = structlog.get_logger(__name__)
CONNECT_SECONDS = 20.0
SILENT_SECONDS = 3600.0
"""Without any frame for so long a fresh connection is taken; Slack itself renews one every few hours."""


class Socket:
    """Opened by the front, renewed by the watchdog."""

    def __init__(self, app: AsyncApp, make: Maker, app_token: str, clock: Clock) -> None:
        """`app` gets every payload, of every workspace."""
        self._app = app
        self._make = make
        self._app_token = app_token
        self._clock = clock
        self._handler: AsyncSocketModeHandler | None = None
        self._heard_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether a connection stands and Slack answers its pings."""
        client = self._handler.client if self._handler else None
        session = client.current_session if client else None
        return client is not None and session is not None and not (session.closed or client.closed or client.stale)

    @property
    def sound(self) -> bool:
        """Connected, and something was heard lately."""
        return self.connected and self._clock() - self._heard_at < SILENT_SECONDS

    async def open(self) -> None:
        """A new connection; the old one is closed only when the new one stands. Raises SlackFault."""
        api = self._make.api()
        url = await api.socket_url(self._app_token)
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=api.client)
        handler.client.wss_uri = url
        handler.client.on_message_listeners.append(self._heard)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await _awaited(handler.connect_async)
        except TimeoutError as error:
            await _awaited(handler.close_async)
            raise SlackFault("timeout") from error
        self._heard_at = self._clock()
        old, self._handler = self._handler, handler
        if old is not None:
            await _awaited(old.close_async)

    async def close(self) -> None:
        """No payload comes any more."""
        old, self._handler = self._handler, None
        if old is not None:
            await _awaited(old.close_async)

    async def _heard(self, message: aiohttp.WSMessage) -> None:
        self._heard_at = self._clock()
        log.debug("slack_frame", kind=str(message.type))


async def _awaited(method: Callable[[], Awaitable[None]]) -> None:
    """Bolt's own methods carry no types."""
    await method()
