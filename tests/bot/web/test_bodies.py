"""Too much is refused with an answer that arrives: most clients send everything before they look for one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from bot.web import bodies
from bot.web.bodies import MIB, BodyLimit
from bot.web.server import WebServer
from tests.bot.web.test_app import built

HEAD = b"POST /webhooks/a/b/good HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    server = WebServer(built(webhook_limit=BodyLimit(1000, 5.0)), "127.0.0.1", 0)
    await server.start()
    yield server.port
    await server.stop()


def sent_whole(port: int, pieces: list[bytes]) -> bytes:
    """Send all of it, and only then read."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for piece in pieces:
            line.sendall(piece)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
        return answer


async def test_who_announces_too_much_gets_the_answer(port: int) -> None:
    size = 2 * MIB
    pieces = [HEAD + f"Content-Length: {size}\r\n\r\n".encode(), *[b"x" * 65536] * (size // 65536)]
    assert (await asyncio.to_thread(sent_whole, port, pieces)).startswith(b"HTTP/1.1 413")


async def test_who_says_no_length_gets_the_answer(port: int) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    pieces = [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 32, b"0\r\n\r\n"]
    assert (await asyncio.to_thread(sent_whole, port, pieces)).startswith(b"HTTP/1.1 413")


async def test_who_never_ends_is_answered_all_the_same(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LINGER_SECONDS", 0.1)
    pieces = [HEAD + b"Content-Length: 5000000\r\n\r\n" + b"x" * 2000]
    assert (await asyncio.to_thread(sent_whole, port, pieces)).startswith(b"HTTP/1.1 413")


async def test_who_asks_first_sends_nothing_in_vain(port: int) -> None:
    pieces = [HEAD + b"Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n"]
    answer = await asyncio.wait_for(asyncio.to_thread(sent_whole, port, pieces), bodies.LINGER_SECONDS)
    assert answer.startswith(b"HTTP/1.1 413")
