"""Our HTTP as an attacker finds it: raw bytes on the real server, with the real picture store behind the playground."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.jobs.surface import Card, Tone
from bot.playground.front import PlaygroundFront
from bot.playground.memory import MemoryMessages
from bot.web.app import build_app
from bot.web.bodies import BodyLimit
from bot.web.server import WebServer
from storage.pictures import ObstorePictures
from tests.bot.playground.house import Clock
from tests.bot.playground.stub import StubCore

SECONDS = 15.0
SOON = 1.0
"""Seconds that the server waits for slow senders, where a test is about them."""
HEAD = "Host: 127.0.0.1\r\nX-Playground: 1\r\n"


async def webhook(*_: object) -> int:
    return 404


@asynccontextmanager
async def serving(folder: Path, *, patience: float = SECONDS) -> AsyncIterator[int]:
    """The port. A secret lies beside the picture store's folder. `patience`: seconds for slow senders."""
    (folder / "secret.txt").write_text("hush")
    (folder / "pictures").mkdir()
    pictures = ObstorePictures(str(folder / "pictures"))
    front = PlaygroundFront(MemoryMessages(), pictures, None, Clock())
    await front.start(StubCore(front.chat, pictures))
    await front._board.post("known", Card(Tone.DONE, "Hello"), author="")
    limit = BodyLimit(64 * 1024, patience)
    app = build_app(mounts={"/": front.app}, webhook=webhook, readiness=dict, limit=limit, webhook_limit=limit)
    server = WebServer(app, "127.0.0.1", 0, header_seconds=patience, stop_seconds=1)
    await server.start()
    try:
        yield server.port
    finally:
        await front.stop()
        await server.stop()


async def talk(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send piece by piece while the server listens; what it said until it hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    sending = asyncio.create_task(send())
    try:
        async with asyncio.timeout(SECONDS):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        sending.cancel()
        await asyncio.wait({sending})
        writer.close()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode()


def status(said: bytes) -> int:
    """0 where nothing was said."""
    return int(said.split()[1]) if said else 0


async def test_headers_that_trickle_are_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, patience=SOON) as port:
        silent = talk(port)
        slow = talk(port, b"GET / HTTP/1.1\r\n", *[b"X-Slow: 1\r\n"] * 100, pause=SOON / 5)
        second = talk(port, f"GET /healthz HTTP/1.1\r\n{HEAD}\r\n".encode(), *[b"GET /"] * 100, pause=SOON / 3)
        said = await asyncio.wait_for(asyncio.gather(silent, slow, second), SECONDS)
        assert said[0] == said[1] == b""
        assert said[2].count(b"HTTP/1.1 200") == 1
        assert status(await talk(port, get("/healthz"))) == 200


@pytest.mark.parametrize("size", [70_000, 5_000_000])
async def test_headers_without_end_are_refused(size: int, tmp_path: Path) -> None:
    async with serving(tmp_path) as port:
        said = await talk(port, b"GET / HTTP/1.1\r\nX-Large: ", *[b"x" * 10_000] * (size // 10_000))
        assert status(said) in {400, 0}  # 0: it hung up while we still sent
        assert status(await talk(port, get("/healthz"))) == 200


@pytest.mark.parametrize("path", ["/webhooks/fal/call/token", "/api/command"])
async def test_bodies_without_end_are_refused(path: str, tmp_path: Path) -> None:
    start = f"POST {path} HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n"
    start += "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    async with serving(tmp_path, patience=SOON) as port:
        endless = await talk(port, start.encode(), *[b"1000\r\n" + b"x" * 0x1000 + b"\r\n"] * 200)
        assert status(endless) in {413, 400, 0}
        slow = await talk(port, start.encode(), *[b"1\r\nx\r\n"] * 100, pause=SOON / 5)
        assert status(slow) in {408, 400, 0}  # 0: the same


TRAVERSALS = (
    "../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "....//secret.txt",
    "..%5csecret.txt",
    "%252e%252e%252fsecret.txt",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..%c0%afsecret.txt",
    "x/../../secret.txt",
    "secret.txt%00.png",
    "..%00/secret.txt",
    "pictures/../../secret.txt",
    "./../secret.txt",
)


@pytest.mark.parametrize("start", ["/pictures/", "/static/", "/", "/webhooks/", "/api/"])
async def test_no_path_leads_out_of_its_folder(start: str, tmp_path: Path) -> None:
    whole = quote(str(tmp_path / "secret.txt"), safe="")
    async with serving(tmp_path) as port:
        for path in (*TRAVERSALS, whole):
            said = await talk(port, get(f"{start}{path}?message=known&user=Robin"))
            assert 400 <= status(said) < 500, (path, said[:200])
            assert b"hush" not in said
            assert b"root:" not in said


async def test_a_websocket_is_no_way_in(tmp_path: Path) -> None:
    upgrade = "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n"
    async with serving(tmp_path) as port:
        for path in ("/", "/api/events?user=Robin"):
            said = await talk(port, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\n{upgrade}\r\n".encode())
            assert status(said) == 403


async def test_two_lengths_are_no_request(tmp_path: Path) -> None:
    """What a proxy and we could read as two different requests."""
    both = f"POST /api/command HTTP/1.1\r\n{HEAD}Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd"
    async with serving(tmp_path) as port:
        assert status(await talk(port, both.encode())) == 400
