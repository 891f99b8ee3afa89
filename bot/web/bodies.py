"""How much anybody may send, and how slowly: checked while the body streams in, before a handler holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.texts import web as texts
from bot.web.problems import problem

MIB = 1024 * 1024
LINGER_BYTES, LINGER_SECONDS = 4 * MIB, 2.0
"""So much more than its limit of a body that is too large is taken in, for so long, before it is refused."""


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Most bytes of a body, and seconds from the first read until its end. `problems`: refused by problem details."""

    size: int
    seconds: float
    problems: bool = False


class BodyGuard:
    """ASGI middleware: 413 and 408 with a sentence."""

    def __init__(self, app: ASGIApp, *, default: BodyLimit, paths: Mapping[str, BodyLimit]) -> None:
        """`paths`: limits by how the path begins."""
        self._app = app
        self._default = default
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by the announced length at once, else count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((found for path, found in self._paths.items() if scope["path"].startswith(path)), self._default)
        if _announced(scope) > limit.size:
            if not any(name == b"expect" for name, _ in scope["headers"]):
                await linger(receive, limit)
            await _refusal(limit)(scope, receive, send)
            return
        await self._app(scope, Counted(receive, limit), send)


async def linger(receive: Receive, limit: BodyLimit) -> None:
    """Take in a little of what is still on its way, and throw it away.

    Most clients look for an answer only when they have sent everything, and a connection that is closed with bytes unread
    is reset: the answer would be lost (https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
    """
    size, most = 0, limit.size + LINGER_BYTES
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            message = await receive()
            while message.get("more_body", False) and size < most:
                size += len(message.get("body", b""))
                message = await receive()
    except TimeoutError:
        return


class Counted:
    """A `receive` that raises HTTPException 413 or 408 (which FastAPI's handlers turn into an answer)."""

    def __init__(self, receive: Receive, limit: BodyLimit) -> None:
        """Nothing was read yet."""
        self._receive = receive
        self._limit = limit
        self._size = 0
        self._until: float | None = None
        self._whole = False

    async def __call__(self) -> Message:
        """The next piece."""
        if self._whole:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        self._until = self._until or now + self._limit.seconds
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(
                408, texts.BODY_TOO_SLOW.format(seconds=round(self._limit.seconds)), {"connection": "close"}
            ) from error
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._size > self._limit.size:
            if not self._whole:
                await linger(self._receive, self._limit)
            raise HTTPException(413, _too_large(self._limit), {"connection": "close"})
        return message


def _announced(scope: Scope) -> int:
    """Content-Length; 0 where there is none or it is no number (the server refuses those itself)."""
    value = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(value) if value.isdigit() else 0


def _refusal(limit: BodyLimit) -> JSONResponse:
    closed = {"connection": "close"}
    if limit.problems:
        return problem(413, "too_large", _too_large(limit), closed)
    return JSONResponse({"error": _too_large(limit)}, 413, closed)


def _too_large(limit: BodyLimit) -> str:
    if limit.size < MIB:
        return texts.BODY_TOO_LARGE_KB.format(kilobytes=limit.size // 1024)
    return texts.BODY_TOO_LARGE.format(megabytes=limit.size // MIB)
