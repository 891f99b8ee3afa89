"""What a later try may bring and what is gone for good, as the guarded fetcher tells it."""

from __future__ import annotations

import asyncio

import pytest

from providers.errors import BadUrl
from providers.fetch import GuardedFetcher
from tests.providers.raw import http, listen, say


async def refused(url: str, trusted: str = "", limit: int = 100, fetcher: GuardedFetcher | None = None) -> BadUrl:
    with pytest.raises(BadUrl) as caught:
        await (fetcher or GuardedFetcher(timeout=5.0)).fetch(url, limit=limit, trusted=trusted)
    return caught.value


@pytest.mark.parametrize(
    ("reply", "passing"),
    [
        *[(http(b"", f"{status} No"), True) for status in (403, 408, 425, 429, 500, 502, 503, 504, 522)],
        *[(http(b"", f"{status} No"), False) for status in (204, 206, 304, 400, 401, 402, 404, 410, 415, 451)],
        (http(b"<html>", "200 OK", "Content-Type: text/html"), False),
        (http(b"x", "200 OK", "Content-Encoding: gzip"), False),
        (http(b"x" * 101), False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", True),
        (b"", True),
    ],
)
async def test_by_what_the_server_says(reply: bytes, passing: bool) -> None:
    async with listen(say(reply)) as server:
        assert (await refused(f"http://{server.host}/", server.host)).passing is passing


@pytest.mark.parametrize(
    ("line", "status", "seconds"),
    [
        ("Retry-After: 7", "429 Too Many Requests", 7.0),
        ("Retry-After: 7", "503 Busy", 7.0),
        ("Retry-After: soon", "503 Busy", None),
        ("Retry-After: 7", "404 Not Found", None),
    ],
)
async def test_how_long_it_asks_us_to_wait(line: str, status: str, seconds: float | None) -> None:
    async with listen(say(http(b"", status, line))) as server:
        assert (await refused(f"http://{server.host}/", server.host)).retry_after == seconds


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://127.0.0.1/", "https://a:b@a.example/", "what", "https://a.example:22/"]
)
async def test_an_address_that_is_refused_stays_refused(url: str) -> None:
    assert not (await refused(url)).passing


async def test_a_name_that_is_not_found_may_be_found_later_and_a_private_one_not() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such host")

    async def inside(_host: str, _port: int) -> list[str]:
        return ["10.0.0.1"]

    assert (await refused("https://a.example/", fetcher=GuardedFetcher(resolver=nowhere))).passing
    assert not (await refused("https://a.example/", fetcher=GuardedFetcher(resolver=inside))).passing


async def test_a_redirect_in_circles_is_for_good() -> None:
    async with listen(say(http(b"", "302 Found", "Location: /"))) as server:
        assert not (await refused(f"http://{server.host}/", server.host)).passing


async def test_silence_may_pass() -> None:
    async def hang(_reader: object, _writer: object) -> None:
        await asyncio.sleep(1)

    async with listen(hang) as server:
        assert (await refused(f"http://{server.host}/", server.host, fetcher=GuardedFetcher(timeout=0.1))).passing
