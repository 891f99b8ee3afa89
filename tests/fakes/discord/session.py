"""A gateway session outlives its connections: it keeps what a resuming client has missed."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.discord.errors import Json

BUFFER = 5_000
"""Events kept for a replay."""


class Link:
    """One connection with its own writer, so that nobody who dispatches has to wait for the socket."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.thrown = 0
        self.sent: deque[float] = deque()
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def put(self, text: str) -> None:
        """Send later, in order."""
        self._outbox.put_nowait(text)

    def tell(self, frame: Json) -> None:
        """Send a frame that belongs to no session (HELLO, ACK, RECONNECT, INVALID SESSION)."""
        self.put(json.dumps(frame))

    def stop(self) -> None:
        """No more writing."""
        self._writer.cancel()

    async def _write(self) -> None:
        while True:
            text = await self._outbox.get()
            if self.socket.closed:
                return
            await self.socket.send_str(text)


@dataclass(slots=True, eq=False)
class Session:
    """`shard` = (number, of how many). `seq` counts dispatches; `link` is None while nobody is connected."""

    id: str
    shard: tuple[int, int]
    intents: int
    seq: int = 0
    link: Link | None = None
    buffer: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=BUFFER))

    def send(self, event: str, data: str) -> None:
        """Number an event, keep it, and put it on the wire if there is one."""
        self.seq += 1
        text = f'{{"op":0,"s":{self.seq},"t":"{event}","d":{data}}}'
        self.buffer.append((self.seq, text))
        if self.link:
            self.link.put(text)

    def can_replay(self, seq: int) -> bool:
        """Whether everything after `seq` is still kept."""
        return not self.buffer or seq >= self.buffer[0][0] - 1

    def join(self, link: Link, replay_after: int | None = None) -> None:
        """Use this connection from now on, after telling it what it has missed."""
        if self.link is not None and self.link is not link:
            self.link.session = None
        self.link, link.session = link, self
        for seq, text in self.buffer if replay_after is not None else ():
            if seq > (replay_after or 0):
                link.put(text)
