"""Server-sent events: each change of a message that this user may see, in the order of change.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html. The event id is the change counter, so that a
browser which comes back (Last-Event-ID) gets exactly what it missed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress

from bot.jobs.place import Actor
from bot.playground.board import Board, message_to_json
from bot.playground.ports import Message

POLL_SECONDS = 5.0
"""Look at the store even if no bell rang: another process may have written."""
HEARTBEAT_POLLS = 3
BATCH = 100
RESET = b"event: reset\ndata: {}\n\n"
"""The page is ahead of the store (its database was replaced): it must load everything anew."""


async def changes(board: Board, reader: Actor, after: int) -> AsyncGenerator[bytes, None]:
    """Everything that changed after `after`, then what is new, until the board's hub closes."""
    bell = board.hub.join()
    try:
        yield b"retry: 1000\n\n"
        if after > await board.store.counter():
            yield RESET
            return
        silent = 0
        while not board.hub.closed:
            bell.clear()
            messages = await board.store.since(after, reader.user_id, BATCH, moderator=reader.moderator)
            silent = 0 if messages else silent + 1
            for message in messages:
                after = message.updated
                yield _event(message)
            if silent % HEARTBEAT_POLLS == HEARTBEAT_POLLS - 1:
                yield b": still here\n\n"
            if len(messages) < BATCH:
                await _rung(bell)
    finally:
        board.hub.leave(bell)


async def _rung(bell: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(POLL_SECONDS):
            await bell.wait()


def _event(message: Message) -> bytes:
    data = json.dumps(message_to_json(message), ensure_ascii=False, separators=(",", ":"))
    return f"id: {message.updated}\nevent: message\ndata: {data}\n\n".encode()
