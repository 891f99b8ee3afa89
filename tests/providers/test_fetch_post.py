"""The guarded fetcher sends, too: one request to a checked address, whose answer is not read."""

from __future__ import annotations

import pytest

from providers import fetch_guard as guard
from providers.errors import BadUrl
from providers.fetch import GuardedFetcher
from providers.retry_after import LONGEST_RETRY_AFTER
from tests.fakes.receiver import receiving


async def inward(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_the_body_arrives_as_it_is() -> None:
    async with receiving() as there:
        fetcher = GuardedFetcher(frozenset({there.host}))
        assert await fetcher.post(there.url, b'{"a": 1}', {"X-One": "1", "Content-Length": "900", "Host": "evil"}) == (
            204,
            None,
        )
        (got,) = there.got
    assert (got.path, got.body) == ("/hook", b'{"a": 1}')
    assert (got.headers["x-one"], got.headers["host"], got.headers["content-length"]) == ("1", there.host, "8")


async def test_a_redirect_is_an_answer() -> None:
    async with receiving() as there:
        there.statuses, there.more = [307], f"Location: {there.url}\r\n"
        assert await GuardedFetcher(frozenset({there.host})).post(there.url, b"x", {}) == (307, None)
        assert len(there.got) == 1


async def test_an_answer_may_ask_to_wait() -> None:
    async with receiving() as there:
        fetcher, there.statuses = GuardedFetcher(frozenset({there.host})), [429, 503]
        for asked, seconds in (("7", 7.0), ("999999", LONGEST_RETRY_AFTER)):
            there.more = f"Retry-After: {asked}\r\n"
            assert (await fetcher.post(there.url, b"x", {}))[1] == seconds


async def test_only_the_open_internet_and_the_operators_own_hosts() -> None:
    async with receiving() as there:
        fetcher = GuardedFetcher(frozenset({there.host}), resolver=inward)
        for url in (
            f"https://hooks.example.org:{there.port}/",
            f"http://localhost:{there.port}/",
        ):
            with pytest.raises(BadUrl) as caught:
                await fetcher.post(url, b"x", {})
            assert str(caught.value) in {guard.PRIVATE, guard.NOT_HTTPS}
            assert not caught.value.passing
        assert there.got == []
        fetcher.check(there.url)
        with pytest.raises(BadUrl):
            fetcher.check("https://10.0.0.1/")


async def test_nobody_there_or_too_slow_may_pass() -> None:
    async with receiving() as there:
        nobody = there.host
    with pytest.raises(BadUrl) as caught:
        await GuardedFetcher(frozenset({nobody})).post(f"http://{nobody}/", b"x", {})
    assert (str(caught.value), caught.value.passing) == (guard.UNREACHABLE, True)
