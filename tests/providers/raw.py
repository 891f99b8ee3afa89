"""A loopback server below HTTP: a function reads and writes the connection as it likes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ssl import SSLContext

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Raw:
    """`heads`: the request heads that came, as text."""

    port: int
    heads: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def asked(self) -> bool:
        return bool(self.heads)


def say(*parts: bytes) -> Talk:
    """Answer these bytes and close."""

    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return talk


def http(body: bytes, status: str = "200 OK", *lines: str) -> bytes:
    """A whole reply with a true length."""
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""))
    return head.encode() + body


@asynccontextmanager
async def listen(*talks: Talk, tls: SSLContext | None = None) -> AsyncIterator[Raw]:
    """Serve; the first connection gets the first talk, and the last talk serves all further ones."""
    raw = Raw(0)
    open_now: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(converse(reader, writer))
        open_now.add(task)
        await asyncio.wait([task])
        open_now.discard(task)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = talks[min(len(raw.heads), len(talks) - 1)]
        with suppress(OSError, asyncio.IncompleteReadError):
            raw.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            await talk(reader, writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        for task in open_now:
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close
        await asyncio.sleep(0)
