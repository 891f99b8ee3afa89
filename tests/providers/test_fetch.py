"""The guarded fetcher on loopback servers that lie, stall, redirect and never end, with a resolver that lies as well."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import httpcore
import pytest

from providers import fetch_guard as guard
from providers.errors import BadUrl
from providers.fetch import GuardedFetcher
from tests.providers.raw import http, listen, say

NAME = "pictures.example"
PUBLIC = "93.184.216.34"
PICTURE = b"\xff\xd8 a picture \xff\xd9"


class Names:
    """A resolver whose answers change from one question to the next."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        if not self.answers:
            raise OSError("no such host")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address dialled, in order; a public one is led to loopback, port kept."""
    seen: list[str] = []

    class Wire(httpcore.AnyIOBackend):
        async def connect_tcp(self, host: str, port: int, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
            seen.append(host)
            return await super().connect_tcp("127.0.0.1" if host == PUBLIC else host, port, *rest, **named)

    monkeypatch.setattr("providers.fetch.httpcore.AnyIOBackend", Wire)
    return seen


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's TLS for the name `pictures.example`."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command")
    folder: Path = tmp_path_factory.mktemp("tls")
    key, cert = str(folder / "key.pem"), str(folder / "cert.pem")
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj"
    names = ["/CN=test", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", cert]
    subprocess.run([openssl, *make.split(), *names], check=True, capture_output=True)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=cert)


async def refusal(fetcher: GuardedFetcher, url: str, *, limit: int = 1000, trusted: str = "") -> str:
    with pytest.raises(BadUrl) as caught:
        await fetcher.fetch(url, limit=limit, trusted=trusted)
    return str(caught.value)


async def test_dials_the_address_it_checked_and_names_the_name(
    dialled: list[str], certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server_tls, client_tls = certificate
    names = Names([PUBLIC], ["127.0.0.1"])
    async with listen(say(http(PICTURE)), tls=server_tls) as server:
        fetcher = GuardedFetcher(resolver=names, tls=client_tls)
        assert await fetcher.fetch(f"https://{NAME}:{server.port}/a?b=1#c", limit=1000) == PICTURE
        assert (names.asked, dialled) == ([NAME], [PUBLIC]), "resolved once, dialled what was checked"
        assert server.heads[0].startswith("GET /a?b=1 HTTP/1.1\r\n")
        assert f"Host: {NAME}:{server.port}\r\n" in server.heads[0]
        assert await refusal(fetcher, f"https://{NAME}:{server.port}/") == guard.PRIVATE, "the second answer is checked anew"
        assert dialled == [PUBLIC]


async def test_another_names_certificate_is_refused(
    dialled: list[str], certificate: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server_tls, client_tls = certificate
    async with listen(say(http(PICTURE)), tls=server_tls) as server:
        fetcher = GuardedFetcher(resolver=Names([PUBLIC]), tls=client_tls)
        assert await refusal(fetcher, f"https://other.example:{server.port}/") == guard.UNREACHABLE
        assert server.heads == []


@pytest.mark.parametrize("mixed", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], ["fe80::1%lo"]])
async def test_one_private_address_among_the_answers_is_enough(dialled: list[str], mixed: list[str]) -> None:
    assert await refusal(GuardedFetcher(resolver=Names(mixed)), f"https://{NAME}/") == guard.PRIVATE
    assert dialled == []


async def test_a_host_without_an_address(dialled: list[str]) -> None:
    assert await refusal(GuardedFetcher(resolver=Names()), f"https://{NAME}/") == guard.NO_HOST
    assert await refusal(GuardedFetcher(resolver=Names([])), f"https://{NAME}/") == guard.NO_HOST


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "https://10.0.0.1/",
        "https://private.example/",
        "//169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[::1]:9/",
        "",
    ],
)
async def test_a_redirect_into_a_private_network_is_refused(dialled: list[str], location: str) -> None:
    async with listen(say(http(b"", "302 Found", f"Location: {location}"))) as server:
        fetcher = GuardedFetcher(resolver=Names(["127.0.0.1"]))
        await refusal(fetcher, f"http://trusted.example:{server.port}/", trusted=f"trusted.example:{server.port}")
        assert set(dialled) == {"127.0.0.1"}
        assert len(server.heads) == (1 if location else 4), "an empty one leads to itself"


async def test_three_redirects_are_followed_and_no_fourth(dialled: list[str]) -> None:
    onward = say(http(b"", "307 Temporary Redirect", "Location: /next"))
    async with listen(onward, onward, onward, say(http(PICTURE))) as server:
        assert await GuardedFetcher().fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == PICTURE
    async with listen(onward) as server:
        assert await refusal(GuardedFetcher(), f"http://{server.host}/", trusted=server.host) == guard.TOO_MANY_REDIRECTS
        assert len(server.heads) == 4


async def test_headers_go_to_the_first_origin_alone(dialled: list[str]) -> None:
    async with (
        listen(say(http(PICTURE))) as second,
        listen(say(http(b"", "302 Found", f"Location: http://{second.host}/"))) as first,
    ):
        fetcher = GuardedFetcher(frozenset({first.host, second.host}))
        headers = {"Authorization": "Bearer secret", "Host": "evil.example", "Accept-Encoding": "gzip"}
        await fetcher.fetch(f"http://{first.host}/", limit=1000, headers=headers)
        assert "secret" in first.heads[0]
        assert "secret" not in second.heads[0]
        assert "evil" not in first.heads[0]
        assert "gzip" not in first.heads[0]


async def test_a_trusted_host_may_be_private_and_its_neighbour_may_not(dialled: list[str]) -> None:
    async with listen(say(http(PICTURE))) as server:
        assert await GuardedFetcher().fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == PICTURE
        assert await GuardedFetcher(frozenset({server.host})).fetch(f"http://{server.host}/", limit=1000) == PICTURE
        assert await refusal(GuardedFetcher(), f"http://{server.host}/") == guard.NOT_HTTPS
        assert await refusal(GuardedFetcher(), f"https://{server.host}/") == guard.PRIVATE
        assert await refusal(GuardedFetcher(frozenset({"127.0.0.1:1"})), f"http://{server.host}/") == guard.NOT_HTTPS


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([http(b"x" * 1001)], guard.TOO_LARGE),
        ([b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(10_000)] * 100], guard.TOO_LARGE),
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"400\r\n" + bytes(1024) + b"\r\n"] * 9],
            guard.TOO_LARGE,
        ),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"], guard.BROKEN_OFF),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"], guard.BROKEN_OFF),
        ([http(b"<html>", "200 OK", "Content-Type: text/html; charset=utf-8")], guard.WEB_PAGE),
        ([http(b"gone", "404 Not Found")], "404"),
        ([http(b"", "204 No Content")], "204"),
        ([http(b"x", "206 Partial Content")], "206"),
        ([http(b"x", "200 OK", "Content-Encoding: gzip")], "packed"),
        ([b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n"], guard.UNREACHABLE),
        ([b"SSH-2.0-OpenSSH\r\n"], guard.UNREACHABLE),
        ([b""], guard.UNREACHABLE),
    ],
)
async def test_what_is_no_whole_small_file_is_refused(dialled: list[str], parts: list[bytes], sentence: str) -> None:
    async with listen(say(*parts)) as server:
        assert sentence in await refusal(GuardedFetcher(timeout=5.0), f"http://{server.host}/", trusted=server.host)


async def test_a_length_that_lies_changes_nothing(dialled: list[str]) -> None:
    async with listen(say(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh")) as server:
        assert await GuardedFetcher().fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == b"abc"


async def test_exactly_the_limit_is_fine(dialled: list[str]) -> None:
    async with listen(say(http(b"x" * 1000))) as server:
        assert len(await GuardedFetcher().fetch(f"http://{server.host}/", limit=1000, trusted=server.host)) == 1000


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"])
async def test_the_time_counts_for_all_of_it_however_it_trickles(dialled: list[str], first: bytes) -> None:
    async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(b"x" if first else b"")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with listen(trickle) as server:
        begun = time.monotonic()
        assert await refusal(GuardedFetcher(timeout=0.3), f"http://{server.host}/", trusted=server.host) == guard.TOO_SLOW
        assert time.monotonic() - begun < 1.5


async def test_a_resolver_that_hangs_is_too_slow() -> None:
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    assert await refusal(GuardedFetcher(resolver=never, timeout=0.1), f"https://{NAME}/") == guard.TOO_SLOW


async def test_no_proxy_from_the_environment(dialled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with listen(say(http(PICTURE))) as server:
        assert await GuardedFetcher().fetch(f"http://{server.host}/", limit=1000, trusted=server.host) == PICTURE


async def test_headers_that_cannot_be_written_are_a_bad_url(dialled: list[str]) -> None:
    async with listen(say(http(PICTURE))) as server:
        for value in ("a\r\nX-Evil: 1", "naïve-ключ"):
            with pytest.raises(BadUrl):
                await GuardedFetcher().fetch(f"http://{server.host}/", limit=9, headers={"X": value}, trusted=server.host)
        assert not any("Evil" in head for head in server.heads)
