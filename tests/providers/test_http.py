"""The one HTTP call: each way to fail becomes a ProviderError that says truly whether the request may have been taken."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import stamina

from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, _unanswered, _Wire, call
from tests.providers.raw import Talk, http, listen, say
from tests.support.wait import eventually


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def no_waits() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def envelope(reply: httpx.Response) -> bool:
    return bool(reply.json()["error"]["code"])


async def failure(client: httpx.AsyncClient, url: str, *, timeout: float = 2.0, **parts: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await call(client, "POST", url, timeout=timeout, submit=True, envelope=envelope, **parts)
    return caught.value


async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("status", "body", "family", "accepted"),
    [
        (400, "{}", Family.BAD_REQUEST, Accepted.NO),
        (401, "", Family.BAD_KEY, Accepted.NO),
        (402, "", Family.NO_MONEY, Accepted.NO),
        (403, "", Family.BAD_REQUEST, Accepted.NO),
        (404, "<html>", Family.BAD_REQUEST, Accepted.NO),
        (422, "{}", Family.BAD_REQUEST, Accepted.NO),
        (408, "", Family.BUSY, Accepted.NO),
        (409, "{}", Family.BUSY, Accepted.NO),
        (423, "{}", Family.BUSY, Accepted.NO),
        (425, "", Family.BUSY, Accepted.NO),
        (429, "", Family.BUSY, Accepted.NO),
        (500, '{"error": {"code": "internal"}}', Family.BROKEN, Accepted.NO),
        (503, '{"error": {"code": "overloaded"}}', Family.BROKEN, Accepted.NO),
        (500, "", Family.BROKEN, Accepted.UNKNOWN),
        (500, "[]", Family.BROKEN, Accepted.UNKNOWN),
        (500, "null", Family.BROKEN, Accepted.UNKNOWN),
        (502, "<html>Bad Gateway</html>", Family.BROKEN, Accepted.UNKNOWN),
        (504, '{"error": null}', Family.BROKEN, Accepted.UNKNOWN),
        (307, "", Family.BAD_REQUEST, Accepted.NO),
        (303, "", Family.BAD_REQUEST, Accepted.UNKNOWN),
    ],
)
async def test_each_status_of_a_submit(
    client: httpx.AsyncClient, status: int, body: str, family: Family, accepted: Accepted
) -> None:
    async with listen(say(http(body.encode(), f"{status} Whatever"))) as server:
        error = await failure(client, f"http://{server.host}/")
        assert (error.family, error.accepted) == (family, accepted)
        assert isinstance(error, AnswerError)
        assert error.response.status_code == status
        assert len(server.heads) == 1, "a submit is sent once"


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        (hang, "no complete answer"),
        (reset, "Error"),
        (say(b""), "Error"),
        (say(b"not http at all\r\n\r\n"), "Error"),
        (say(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"), "broke off"),
        (say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"), "broke off"),
        (trickle, "no complete answer"),
    ],
)
async def test_what_was_sent_and_not_answered_is_unknown(client: httpx.AsyncClient, talk: Talk, text: str) -> None:
    async with listen(talk) as server:
        error = await failure(client, f"http://{server.host}/", timeout=1.2)
        assert error.accepted is Accepted.UNKNOWN
        assert error.family is Family.BROKEN
        assert text in error.text or "ReadTimeout" in error.text
        assert len(server.heads) == 1


async def test_a_connection_that_never_opened_is_no(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    for url in (
        f"http://127.0.0.1:{unused_tcp_port}/",
        "http://no-such-host.invalid/",
        "gopher://x/",
        "/relative",
        "http://[::1/",
    ):
        assert (await failure(client, url)).accepted is Accepted.NO


async def test_tls_that_fails_is_no(client: httpx.AsyncClient) -> None:
    async with listen(say(b"")) as server:
        assert (await failure(client, f"https://{server.host}/")).accepted is Accepted.NO


async def test_no_free_connection_is_no() -> None:
    async with listen(hang) as server, httpx.AsyncClient(limits=httpx.Limits(max_connections=1), trust_env=False) as client:
        first = asyncio.create_task(failure(client, f"http://{server.host}/", timeout=2.0))
        await eventually(server.asked)
        assert (await failure(client, f"http://{server.host}/", timeout=0.4)).accepted is Accepted.NO
        assert (await first).accepted is Accepted.UNKNOWN


@pytest.mark.parametrize("key", ["with\nnewline", "naïve-ключ"])
async def test_a_key_that_fits_no_header_is_no(client: httpx.AsyncClient, key: str) -> None:
    async with listen(say(http(b""))) as server:
        error = await failure(client, f"http://{server.host}/", headers={"Authorization": key})
        assert error.accepted is Accepted.NO


async def test_our_own_body_that_falls_short_was_sent_in_part(client: httpx.AsyncClient) -> None:
    async def short() -> AsyncIterator[bytes]:
        yield b"half"

    async with listen(hang) as server:
        error = await failure(client, f"http://{server.host}/", content=short(), headers={"Content-Length": "50"})
        assert "LocalProtocolError" in error.text
        assert error.accepted is Accepted.UNKNOWN


@pytest.mark.parametrize(("written", "accepted"), [(False, Accepted.NO), (True, Accepted.UNKNOWN)])
def test_a_rule_of_http_that_we_broke_counts_by_what_was_written(written: bool, accepted: Accepted) -> None:
    """HTTP/2 raises it in mid-stream as well."""
    wire = _Wire()
    wire.written = written
    assert _unanswered(httpx.LocalProtocolError("illegal"), wire).accepted is accepted


async def test_a_closed_client_is_no(client: httpx.AsyncClient) -> None:
    await client.aclose()
    assert (await failure(client, "http://127.0.0.1:9/")).accepted is Accepted.NO


async def test_a_good_answer_comes_whole_and_unpacked(client: httpx.AsyncClient) -> None:
    import gzip

    body = gzip.compress(b'{"id": "abc"}')
    async with listen(say(http(body, "200 OK", "Content-Encoding: gzip", "X-Request-Id: 7"))) as server:
        reply = await call(client, "POST", f"http://{server.host}/", timeout=2.0, submit=True, json={})
    assert reply.json() == {"id": "abc"}
    assert reply.headers["x-request-id"] == "7"


async def test_a_body_over_the_cap_is_unknown_and_is_not_read(client: httpx.AsyncClient) -> None:
    async with listen(say(b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(100_000)] * 50)) as server:
        with pytest.raises(ProviderError, match="longer than 1000 bytes") as caught:
            await call(client, "POST", f"http://{server.host}/", timeout=2.0, submit=True, limit=1000)
    assert caught.value.accepted is Accepted.UNKNOWN


async def test_a_refusal_with_a_broken_body_is_still_that_refusal(client: httpx.AsyncClient) -> None:
    async with listen(say(b"HTTP/1.1 402 Payment Required\r\nContent-Length: 50\r\n\r\nhalf")) as server:
        error = await failure(client, f"http://{server.host}/")
    assert (error.family, error.accepted) == (Family.NO_MONEY, Accepted.NO)


async def test_the_text_names_no_address_and_is_short(client: httpx.AsyncClient) -> None:
    async with listen(say(http(b"x" * 9999, "500 No"))) as server:
        error = await failure(client, f"http://{server.host}/?key=secret")
    assert "secret" not in str(error)
    assert len(error.text) < 600


@pytest.mark.usefixtures("no_waits")
async def test_a_read_is_repeated_and_then_good(client: httpx.AsyncClient) -> None:
    async with listen(reset, say(http(b"", "503 No")), say(http(b"ok"))) as server:
        reply = await call(client, "GET", f"http://{server.host}/", timeout=2.0, submit=False)
        assert reply.text == "ok"
        assert len(server.heads) == 3


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize(
    ("status", "tries"), [("500 No", 3), ("429 Slow", 3), ("409 No", 3), ("404 No", 1), ("401 No", 1), ("402 No", 1)]
)
async def test_a_read_is_repeated_only_where_that_may_help(client: httpx.AsyncClient, status: str, tries: int) -> None:
    async with listen(say(http(b"", status))) as server:
        with pytest.raises(ProviderError):
            await call(client, "GET", f"http://{server.host}/", timeout=2.0, submit=False)
        assert len(server.heads) == tries


async def test_a_read_waits_as_long_as_it_was_asked_to(client: httpx.AsyncClient) -> None:
    async with listen(say(http(b"", "429 Slow", "Retry-After-Ms: 300")), say(http(b"ok"))) as server:
        begun = time.monotonic()
        await call(client, "GET", f"http://{server.host}/", timeout=2.0, submit=False)
        assert 0.29 <= time.monotonic() - begun < 1.5


async def test_a_long_retry_after_is_handed_up(client: httpx.AsyncClient) -> None:
    async with listen(say(http(b"", "429 Slow", "Retry-After: 90"))) as server:
        with pytest.raises(ProviderError) as caught:
            await call(client, "GET", f"http://{server.host}/", timeout=2.0, submit=False)
        assert caught.value.retry_after == 90.0
        assert len(server.heads) == 1


async def test_all_attempts_of_a_read_fit_in_the_timeout(client: httpx.AsyncClient) -> None:
    async with listen(hang) as server:
        begun = time.monotonic()
        with pytest.raises(ProviderError):
            await call(client, "GET", f"http://{server.host}/", timeout=0.3, submit=False)
        assert time.monotonic() - begun < 1.5
