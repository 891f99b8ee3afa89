"""A playground over a stub core: on ASGI alone, and behind the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bot.playground.front import PlaygroundFront
from bot.playground.memory import MemoryMessages
from bot.web.app import build_app
from bot.web.server import WebServer
from tests.bot.playground.stub import StubCore
from tests.fakes.pictures import MemoryPictures

OWN = {"x-playground": "1"}


class Clock:
    """Moves on by a second at each look."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@dataclass
class House:
    """The parts under test."""

    front: PlaygroundFront
    core: StubCore
    store: MemoryMessages
    pictures: MemoryPictures

    def client(self, host: str = "127.0.0.1:8080") -> httpx.AsyncClient:
        """A client over ASGI, with the page's own header."""
        app = build_app(mounts={"/": self.front.app}, webhook=None, readiness=lambda: {"playground": self.front.ready})
        transport = httpx.ASGITransport(app)
        return httpx.AsyncClient(transport=transport, base_url=f"http://{host}", headers=OWN)


async def build(
    *,
    key: str | None = None,
    pace: float | None = 0.0,
    hosts: frozenset[str] = frozenset(),
    store: MemoryMessages | None = None,
    made: type[StubCore] = StubCore,
) -> House:
    """A started playground, with the messages of an earlier one if given."""
    store, pictures = store or MemoryMessages(), MemoryPictures()
    front = PlaygroundFront(store, pictures, key, Clock(), hosts=hosts)
    core = made(front.chat, pictures, pace)
    await front.start(core)
    return House(front, core, store, pictures)


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[str]:
    """The playground on a free loopback port; yields its URL."""
    app = build_app(mounts={"/": house.front.app}, webhook=None, readiness=dict)
    server = WebServer(app, "127.0.0.1", 0)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}/"
    finally:
        await server.stop()


def fields(user: str = "Robin", key: str = "request-0001", **more: str) -> dict[str, tuple[None, str]]:
    """Multipart fields as the page sends them."""
    return {name: (None, value) for name, value in {"user": user, "key": key, **more}.items()}
