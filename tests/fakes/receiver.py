"""A program's own server for callbacks, on loopback: keeps what came, and answers as the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.wait import eventually


@dataclass
class Message:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Receiver:
    """`statuses`: what the next answers say, then 204. `more`: further header lines."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    more: str = ""
    got: list[Message] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hook"

    async def messages(self, count: int) -> list[Message]:
        """Once there are so many."""

        async def there() -> bool:
            return len(self.got) >= count

        await eventually(there)
        return self.got

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except asyncio.IncompleteReadError:  # it thought better of it
            return
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        status = self.statuses.pop(0) if self.statuses else 204
        self.got.append(Message(head[0].split()[1], headers, body))
        writer.write(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n{self.more}Connection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(port: int = 0) -> AsyncIterator[Receiver]:
    """Open and close. `port`: of an earlier one."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver
