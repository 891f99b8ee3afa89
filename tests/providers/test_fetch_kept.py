"""Connections that are kept between fetches: used again, never for somebody who may not go there."""

from __future__ import annotations

import asyncio

import pytest

from providers import fetch_guard as guard
from providers.errors import BadUrl
from providers.fetch import GuardedFetcher
from tests.providers.raw import http, listen, say

PICTURE = b"\xff\xd8 a picture \xff\xd9"


async def forever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request of the connection."""
    while True:
        writer.write(http(PICTURE))
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")


async def test_four_pictures_come_over_one_connection() -> None:
    async with listen(forever) as server:
        fetcher = GuardedFetcher()
        for _ in range(4):
            assert await fetcher.fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == PICTURE
        assert len(server.heads) == 1
        await fetcher.close()


async def test_what_was_dialled_for_a_trusted_host_serves_nobody_else() -> None:
    async with listen(forever) as server:
        fetcher = GuardedFetcher()
        assert await fetcher.fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == PICTURE
        with pytest.raises(BadUrl, match=guard.NOT_HTTPS):
            await fetcher.fetch(f"http://{server.host}/", limit=1000)
        await fetcher.close()


async def test_one_that_the_other_side_closed_is_dialled_anew() -> None:
    async with listen(say(http(PICTURE))) as server:
        fetcher = GuardedFetcher()
        for _ in range(3):
            assert await fetcher.fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == PICTURE
        assert len(server.heads) == 3
        await fetcher.close()
