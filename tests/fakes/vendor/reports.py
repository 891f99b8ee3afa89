"""The fake vendor's webhooks."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import ClientError, ClientSession

from tests.fakes.vendor.draws import Draw


class Reporter:
    """One try for each webhook; `sent` says what came of it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, draw: Draw, base: str) -> None:
        """Report the draw when it is done, as its script says, without holding up anyone."""
        if draw.body.get("webhook_url") and draw.script.webhook not in ("off", "early"):
            task = asyncio.create_task(self._when_done(draw, base))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def send(self, draw: Draw, base: str, **other: str) -> None:
        """Its state now, whatever the script says; `other`: what the body claims in place of that."""
        url = draw.body.get("webhook_url")
        if not url:
            return
        try:
            async with ClientSession() as session, session.post(url, json=draw.status(base) | other) as answer:
                self.sent.append({"id": draw.id, "status": answer.status})
        except (ClientError, OSError) as error:
            self.sent.append({"id": draw.id, "error": repr(error)})

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _when_done(self, draw: Draw, base: str) -> None:
        if draw.script.webhook == "disorder":
            await self.send(draw, base, status="done")
        await draw.done()
        if draw.script.webhook == "late":
            await asyncio.sleep(draw.script.late)
        claimed = {"status": "running"} if draw.script.webhook == "disorder" else {}
        for _ in range(2 if draw.script.webhook == "double" else 1):
            await self.send(draw, base, **claimed)
