"""Answers that go wrong on purpose."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.vendor.draws import Draw
from tests.fakes.vendor.script import Script

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


async def picture(request: web.Request, draw: Draw | None, index: int) -> web.StreamResponse:
    """The picture, or what the script has in its place."""
    if draw is None or index >= draw.count or draw.script.picture == "missing":
        return web.Response(status=404, text="gone")
    if draw.script.picture == "html":
        return web.Response(text="<html><body>Please log in</body></html>", content_type="text/html")
    if draw.script.picture == "huge":
        return await _huge(request)
    if draw.script.picture == "truncated":
        return await _truncated(request, draw.picture(index))
    return web.Response(body=draw.picture(index), content_type="image/jpeg")


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
