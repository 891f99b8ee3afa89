"""Server-sent events: each change of a message that this user may see, in the order of change.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html. The event id is the change counter, so that a
browser which comes back (Last-Event-ID) gets exactly what it missed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from bot.jobs.model import Actor
from bot.playground.board import Board, message_to_json
from bot.playground.ports import Message

POLL_SECONDS = 5.0
"""Look at the store even if no bell rang: another process may have written."""
HEARTBEAT_POLLS = 3
BATCH = 100
RESET = b"event: reset\ndata: {}\n\n"
"""The page is ahead of the store (its database was replaced): it must load everything anew."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class EventStream(Response):
    """A response that ends at a disconnect, or when the board's hub closes."""

    def __init__(self, board: Board, reader: Actor, after: int) -> None:
        """Everything that changed after `after` comes first, then what is new."""
        super().__init__()
        self._board = board
        self._reader = reader
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until one of both sides ends."""
        del scope
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        sending = asyncio.create_task(self._send_all(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            results = await asyncio.gather(sending, leaving, return_exceptions=True)
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, OSError):
                raise result

    async def _send_all(self, send: Send) -> None:
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        bell, reader = self._board.hub.join(), self._reader
        try:
            yield b"retry: 1000\n\n"
            if self._after > await self._board.store.counter():
                yield RESET
                return
            silent = 0
            while not self._board.hub.closed:
                bell.clear()
                messages = await self._board.store.since(self._after, reader.user_id, BATCH, moderator=reader.moderator)
                silent = 0 if messages else silent + 1
                for message in messages:
                    self._after = message.updated
                    yield _event(message)
                if silent % HEARTBEAT_POLLS == HEARTBEAT_POLLS - 1:
                    yield b": still here\n\n"
                if len(messages) < BATCH:
                    await _rung(bell)
        finally:
            self._board.hub.leave(bell)


async def _rung(bell: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(POLL_SECONDS):
            await bell.wait()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(message: Message) -> bytes:
    data = json.dumps(message_to_json(message), ensure_ascii=False, separators=(",", ":"))
    return f"id: {message.updated}\nevent: message\ndata: {data}\n\n".encode()
