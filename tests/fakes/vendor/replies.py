"""Answers that go wrong on purpose."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.fakes.vendor.draws import Draw
from tests.fakes.vendor.script import Script, due

STATUSES = {"missing": 404, "gone": 410, "forbidden": 403, "busy": 429}
"""Of the download, by the script's word."""

HUGE = 200_000_000
"""Bytes; nobody should read that far."""


def failed(script: Script) -> web.Response:
    """A 5xx of the application, or of a gateway before it."""
    script.errors -= 1
    if script.error_envelope:
        return web.json_response(
            {"error": {"code": "broken", "message": "our application failed"}}, status=script.error_status
        )
    return web.Response(status=script.error_status, text="<html>bad gateway</html>", content_type="text/html")


def cut(request: web.Request) -> web.Response:
    """Reset the connection; the response is never written."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def garbled(word: str, sound: dict[str, Any]) -> web.Response:
    """An answer with a good status whose body is of no use."""
    if word == "html":
        return web.Response(text="<html>welcome</html>", content_type="text/html")
    if word == "nameless":
        return web.json_response({"state": "ok"}, status=202)
    return web.Response(text=json.dumps(sound)[:-5], content_type="application/json", status=202)


async def status(request: web.Request, word: str, sound: dict[str, Any], closing: asyncio.Event) -> web.StreamResponse:
    """A status answer that is none."""
    if word == "busy":
        return web.json_response({"error": {"code": "busy", "message": "slow down"}}, status=429)
    if word == "cut":
        return cut(request)
    if word == "hang":
        await closing.wait()
    return garbled(word, sound)


async def picture(
    request: web.Request, draw: Draw | None, index: int, *, closing: asyncio.Event, retry_after: str = ""
) -> web.StreamResponse:
    """The picture, or what the script has in its place."""
    word = due(draw.script, "picture") if draw is not None else "missing"
    if draw is None or index >= draw.count or word in STATUSES:
        headers = {"Retry-After": retry_after} if word == "busy" and retry_after else {}
        return web.Response(status=STATUSES.get(word, 404), text="gone", headers=headers)
    if word == "html":
        return web.Response(text="<html><body>Please log in</body></html>", content_type="text/html")
    if word in {"huge", "truncated", "stall"}:
        return await _breaking_off(request, word, draw.picture(index), closing)
    return web.Response(body=draw.bytes_of(index, word), content_type="image/jpeg")


async def _breaking_off(request: web.Request, word: str, data: bytes, closing: asyncio.Event) -> web.StreamResponse:
    if word == "huge":
        return await _huge(request)
    if word == "truncated":
        return await _truncated(request, data)
    answer = web.StreamResponse(headers={"Content-Type": "image/jpeg", "Content-Length": str(len(data))})
    await answer.prepare(request)
    await answer.write(data[: len(data) // 2])
    await closing.wait()
    return answer


async def _huge(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
    await answer.prepare(request)
    for _ in range(HUGE // 1_000_000):
        await answer.write(bytes(1_000_000))
    return answer


async def _truncated(request: web.Request, data: bytes) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "image/jpeg", "Content-Length": str(len(data))})
    await answer.prepare(request)
    await answer.write(data[: len(data) // 2])
    assert request.transport is not None
    request.transport.close()
    return answer
