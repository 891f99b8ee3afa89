"""POST /slack/events: events, commands and interactions over HTTP, each verified by its signature (Bolt does that)."""

from __future__ import annotations

import re
from collections.abc import Callable

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MOUNT = "/slack"
"""Where wiring mounts the app."""
MOST = 1024 * 1024
STAMP = re.compile(r"[0-9]{1,12}")
"""Unix seconds."""


def events_route(app: AsyncApp, is_open: Callable[[], bool]) -> Route:
    """`/events` below the mount. `is_open` False: 503, so that Slack comes again later. Bodies over 1 MiB: 413, unread."""

    async def events(request: Request) -> Response:
        if not is_open():
            return Response(status_code=503)
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        if not _is_text(body):
            return Response(status_code=400)
        if not _is_signed(request):
            return Response(status_code=401)
        return to_starlette_response(await app.async_dispatch(to_async_bolt_request(request, body)))

    return Route("/events", events, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """The body; None as soon as it is longer than `MOST`."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST:
            return None
    return body


def _is_text(body: bytes) -> bool:
    """Bolt decodes before it verifies."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_signed(request: Request) -> bool:
    """Whether the headers have the shape of a signature: for others Bolt's verifier raises (slack-sdk 3)."""
    stamp, signature = (request.headers.get(name, "") for name in ("x-slack-request-timestamp", "x-slack-signature"))
    return bool(STAMP.fullmatch(stamp)) and signature.isascii()
