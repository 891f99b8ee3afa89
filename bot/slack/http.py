"""POST /slack/events: events, commands and interactions over HTTP, each verified by its signature before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Callable

import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

log = structlog.get_logger(__name__)
MOUNT = "/slack"
"""Where wiring mounts the app."""
MOST = 1024 * 1024
STAMP = re.compile(r"[0-9]{1,12}")
"""Unix seconds."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What Bolt raises for a body that is no JSON, is no object, or nests too deep (slack-bolt 1.30, request/internals)."""


def events_route(app: AsyncApp, signing_secret: str, is_open: Callable[[], bool]) -> Route:
    """`/events` below the mount. `is_open` False: 503, so that Slack comes again later. Bodies over 1 MiB: 413, unread.

    The secret is the app's, whatever the workspace. Stamps are Slack's, so that real time counts and not the bot's clock.
    """
    verifier = SignatureVerifier(signing_secret)

    async def events(request: Request) -> Response:
        if not is_open():
            return Response(status_code=503)
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        if not _is_signed(verifier, request, body):
            return Response(status_code=401)
        asked = _asked(request, body)
        return Response(status_code=400) if asked is None else to_starlette_response(await app.async_dispatch(asked))

    return Route("/events", events, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """The body; None as soon as it is longer than `MOST`."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST:
            return None
    return body


def _is_signed(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    """Over the raw body (docs.slack.dev, "Verifying requests from Slack"). Of odd shapes, for which slack-sdk raises: no."""
    stamp, signature = (request.headers.get(name, "") for name in ("x-slack-request-timestamp", "x-slack-signature"))
    if not STAMP.fullmatch(stamp) or not signature.isascii():
        return False
    try:
        return verifier.is_valid(body, stamp, signature)
    except UnicodeDecodeError:
        return False


def _asked(request: Request, body: bytes) -> AsyncBoltRequest | None:
    """None: signed, and no payload of any kind."""
    try:
        return to_async_bolt_request(request, body)
    except UNREADABLE as error:
        log.warning("slack_request_unreadable", size=len(body), error=type(error).__name__)
        return None
