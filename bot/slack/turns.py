"""Edits of one message go one after the other, and only forward: progress never follows an end."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

MOST = 2000


@dataclass(slots=True)
class _Message:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: int = 0
    ended: bool = False
    waiting: int = 0


class Turns:
    """One lock a message, for the last `most` messages."""

    def __init__(self, most: int = MOST) -> None:
        """Messages that somebody waits for are never forgotten."""
        self._most = most
        self._messages: OrderedDict[str, _Message] = OrderedDict()

    @asynccontextmanager
    async def turn(self, key: str, *, final: bool) -> AsyncIterator[bool]:
        """Wait for the turn; False: a newer or a final edit has overtaken this one, which must not go out."""
        message = self._take(key)
        message.newest += 1
        mine = message.newest
        message.waiting += 1
        try:
            async with message.lock:
                stale = not final and (message.ended or mine != message.newest)
                yield not stale
                message.ended = message.ended or final
        finally:
            message.waiting -= 1

    def _take(self, key: str) -> _Message:
        message = self._messages.setdefault(key, _Message())
        self._messages.move_to_end(key)
        if len(self._messages) > self._most:
            self._forget(message)
        return message

    def _forget(self, kept: _Message) -> None:
        idle = (key for key, message in self._messages.items() if not message.waiting and message is not kept)
        if (oldest := next(idle, None)) is not None:
            del self._messages[oldest]
