"""Open streams and a stopping server: it tells them that the line is gone, so that none holds the stop up."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Hangup:
    """ASGI middleware: from `hang_up` on, whoever waits for the client's next word hears http.disconnect."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` answers."""
        self._app = app
        self._over = asyncio.Event()

    def hang_up(self) -> None:
        """End all streams that listen for a disconnect; requests whose body is still coming in end as well."""
        self._over.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on with a `receive` that can be ended from here."""

        async def receiving() -> Message:
            word = asyncio.ensure_future(receive())
            over = asyncio.create_task(self._over.wait())
            try:
                await asyncio.wait({word, over}, return_when=asyncio.FIRST_COMPLETED)
                return word.result() if word.done() else {"type": "http.disconnect"}
            finally:
                word.cancel()
                over.cancel()

        await self._app(scope, receiving if scope["type"] == "http" else receive, send)
