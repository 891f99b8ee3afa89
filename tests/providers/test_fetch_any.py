"""Whatever a user types and whatever a server sends: bytes or a BadUrl, nothing else."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from providers.errors import BadUrl
from providers.fetch import GuardedFetcher
from tests.providers.raw import listen, say


async def loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def outcome(work: Callable[[], Any]) -> bytes | str:
    """Bytes, or the sentence of a BadUrl; anything else is a failed test."""
    try:
        return bytes(asyncio.run(work()))
    except BadUrl as error:
        return str(error)


@given(st.text() | st.builds("https://{}".format, st.text()) | st.builds("https://{}/".format, st.ip_addresses()))
def test_no_text_opens_anything_when_all_names_are_private(text: str) -> None:
    fetcher = GuardedFetcher(resolver=loopback, tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert isinstance(outcome(lambda: fetcher.fetch(text, limit=10)), str)


@given(
    st.binary(max_size=200)
    | st.builds(b"HTTP/1.1 200 OK\r\n%s\r\n\r\n%s".__mod__, st.tuples(st.binary(max_size=60), st.binary(max_size=60)))
)
@settings(max_examples=60, deadline=None)
def test_any_bytes_from_a_server_are_bytes_or_a_bad_url(answer: bytes) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    async def work() -> bytes:
        async with listen(say(answer)) as server:
            return await GuardedFetcher(timeout=2.0, tls=tls).fetch(f"http://{server.host}/", limit=100, trusted=server.host)

    outcome(work)
