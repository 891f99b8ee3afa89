"""The webhook route: a provider says that something happened. It is answered fast whatever the work behind it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

Webhook = Callable[[str, str, str, Mapping[str, str], bytes], Awaitable[int]]
"""(provider, call id, token, headers in lower case, body) -> HTTP status."""
ANSWER_SECONDS = 3.0
"""Providers give up after 5 s or more; what takes longer goes on behind a 202."""
LONGEST_PART = 200
log = structlog.get_logger(__name__)


class Webhooks:
    """POST /webhooks/{provider}/{call_id}/{token}."""

    def __init__(self, webhook: Webhook, answer_seconds: float = ANSWER_SECONDS) -> None:
        """`webhook` verifies and wakes."""
        self._webhook = webhook
        self._seconds = answer_seconds
        self._tasks: set[asyncio.Task[int]] = set()
        self.router = APIRouter()
        self.router.add_api_route("/webhooks/{provider}/{call_id}/{token}", self.take, methods=["POST"])

    async def take(self, provider: str, call_id: str, token: str, request: Request) -> Response:
        """The status that `webhook` says, 202 if it takes long, 500 if it fails."""
        if max(map(len, (provider, call_id, token))) > LONGEST_PART:
            return Response(status_code=404)
        body = await request.body()
        task = asyncio.ensure_future(self._webhook(provider, call_id, token, dict(request.headers), body))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if not done:
            return Response(status_code=202)
        return Response(status_code=500 if task.cancelled() or task.exception() else task.result())

    def _ended(self, task: asyncio.Task[int]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("webhook failed", exc_info=task.exception())
