"""The fake adapter against its scripted vendor: each way in which a vendor can fail, and what we make of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiohttp import web

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import Accepted, BadUrl, Family, ProviderError
from providers.fake import FakeVendor
from providers.fetch import GuardedFetcher
from tests.contract.providers import finished
from tests.fakes.vendor.control import Control
from tests.fakes.vendor.server import Vendor, serve

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(512, 256), 4, Params(seed=7))


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with serve() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def fake(vendor: Vendor, client: httpx.AsyncClient) -> FakeVendor:
    return FakeVendor(vendor.base, client, lookup=True, send_seconds=2.0)


@pytest.fixture
def control(vendor: Vendor, client: httpx.AsyncClient) -> Control:
    return Control(vendor.base, client)


@pytest.mark.parametrize(
    ("fields", "family", "accepted", "paid"),
    [
        ({"busy": 1, "retry_after": "7"}, Family.BUSY, Accepted.NO, 0),
        ({"no_money": True}, Family.NO_MONEY, Accepted.NO, 0),
        ({"outcome": "rejected"}, Family.MODERATED, Accepted.NO, 0),
        ({"errors": 1}, Family.BROKEN, Accepted.NO, 0),
        ({"errors": 1, "error_status": 502, "error_envelope": False}, Family.BROKEN, Accepted.UNKNOWN, 0),
        (
            {"errors": 1, "error_status": 504, "error_envelope": False, "errors_paid": True},
            Family.BROKEN,
            Accepted.UNKNOWN,
            1,
        ),
        ({"cut": "before"}, Family.BROKEN, Accepted.UNKNOWN, 0),
        ({"cut": "after"}, Family.BROKEN, Accepted.UNKNOWN, 1),
        ({"hang": True}, Family.BROKEN, Accepted.UNKNOWN, 1),
    ],
)
async def test_a_failed_submit_says_truly_whether_it_may_have_been_taken(
    fake: FakeVendor,
    vendor: Vendor,
    client: httpx.AsyncClient,
    fields: dict[str, Any],
    family: Family,
    accepted: Accepted,
    paid: int,
    control: Control,
) -> None:
    await control.script(**fields)
    with pytest.raises(ProviderError) as caught:
        await fake.submit(FOUR, "call-1", None)
    assert (caught.value.family, caught.value.accepted) == (family, accepted)
    assert (await control.counts())["total"] == paid
    if paid:
        assert await fake.lookup("call-1") is not None
    if "retry_after" in fields:
        assert caught.value.retry_after == 7.0


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    with pytest.raises(ProviderError) as caught:
        await FakeVendor(f"http://127.0.0.1:{unused_tcp_port}", client).submit(FOUR, "call-1", None)
    assert caught.value.accepted is Accepted.NO


async def test_a_wrong_key_is_said(vendor: Vendor, client: httpx.AsyncClient) -> None:
    stranger = FakeVendor(vendor.base, client, key="wrong")
    with pytest.raises(ProviderError) as caught:
        await stranger.submit(FOUR, "call-1", None)
    assert (caught.value.family, caught.value.accepted) == (Family.BAD_KEY, Accepted.NO)
    assert not (await stranger.check()).ok


async def test_a_status_word_that_nobody_knows_is_running(fake: FakeVendor, control: Control) -> None:
    await control.script(hold=True, word="percolating")
    sent = await fake.submit(FOUR, "call-1", None)
    assert (await fake.status(sent.ref)).stage is Stage.RUNNING


async def test_progress_is_passed_on_and_never_invented(fake: FakeVendor, control: Control) -> None:
    await control.script(seconds=0.2, steps=4)
    sent = await fake.submit(FOUR, "call-1", None)
    seen = []
    while (status := await fake.status(sent.ref)).stage is Stage.RUNNING:
        seen.append(status.fraction)
        await asyncio.sleep(0.01)
    assert set(seen) <= {0.0, 0.25, 0.5, 0.75}
    assert len(set(seen)) >= 2
    await control.script(hold=True)
    assert (await fake.status((await fake.submit(FOUR, "call-2", None)).ref)).fraction is None


@pytest.mark.parametrize(
    ("fields", "stage", "family", "pictures"),
    [
        ({"pictures": 0}, Stage.FAILED, Family.BROKEN, 0),
        ({"outcome": "failed"}, Stage.FAILED, Family.BROKEN, 0),
        ({"outcome": "moderated"}, Stage.FAILED, Family.MODERATED, 0),
        ({"pictures": 3}, Stage.DONE, None, 3),
        ({"status_errors": 2}, Stage.DONE, None, 4),
    ],
)
async def test_how_a_draw_can_end(
    fake: FakeVendor,
    vendor: Vendor,
    client: httpx.AsyncClient,
    fields: dict[str, Any],
    stage: Stage,
    family: Family | None,
    pictures: int,
    control: Control,
) -> None:
    await control.script(seconds=0, **fields)
    status = await finished(fake, await fake.submit(FOUR, "call-1", None))
    assert (status.stage, len(status.pictures)) == (stage, pictures)
    assert (status.error.family if status.error else None) == family


@pytest.mark.parametrize(("answer", "confirmed"), [("confirmed", True), ("refused", False)])
async def test_cancel(fake: FakeVendor, control: Control, answer: str, confirmed: bool) -> None:
    await control.script(hold=True, cancel=answer)
    sent = await fake.submit(FOUR, "call-1", None)
    assert await fake.cancel(sent.ref) is confirmed
    await control.release()
    assert (await finished(fake, sent)).stage is (Stage.CANCELLED if confirmed else Stage.DONE)


@pytest.mark.parametrize(
    ("picture", "fine"), [("ok", True), ("missing", False), ("html", False), ("huge", False), ("truncated", False)]
)
async def test_pictures_through_the_guarded_fetcher(fake: FakeVendor, control: Control, picture: str, fine: bool) -> None:
    await control.script(seconds=0, picture=picture)
    status = await finished(fake, await fake.submit(FOUR, "call-1", None))
    fetcher = GuardedFetcher(timeout=5.0)
    fetching = [fetcher.fetch(p.url, limit=3_000_000, trusted=control.base.removeprefix("http://")) for p in status.pictures]
    got = await asyncio.gather(*fetching, return_exceptions=True)
    if fine:
        assert len({bytes(g) for g in got if isinstance(g, bytes) and g.startswith(b"\xff\xd8")}) == 4, (
            "four different JPEGs"
        )
    else:
        assert all(isinstance(g, BadUrl) for g in got)


@pytest.mark.parametrize(("how", "times"), [("on", 1), ("double", 2), ("late", 1), ("early", 1)])
async def test_webhooks_name_the_draw(fake: FakeVendor, control: Control, how: str, times: int) -> None:
    got: asyncio.Queue[str] = asyncio.Queue()

    async def receive(request: web.Request) -> web.Response:
        got.put_nowait(fake.read_webhook(dict(request.headers), await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await control.script(seconds=0, webhook=how, late=0.02, answer_delay=0.02)
    sent = await fake.submit(FOUR, "call-1", f"http://127.0.0.1:{runner.addresses[0][1]}/hook")
    if how == "early":
        assert got.qsize() == 1, "it came before the submit's answer"
    async with asyncio.timeout(5):
        assert [await got.get() for _ in range(times)] == [sent.ref] * times
    await runner.cleanup()


async def test_the_single_mode_takes_an_input_picture_and_one_at_a_time(
    vendor: Vendor, client: httpx.AsyncClient, control: Control
) -> None:
    single = FakeVendor(vendor.base, client, mode="single")
    with pytest.raises(ProviderError) as caught:
        await single.submit(FOUR, "call-1", None)
    assert caught.value.family is Family.BAD_REQUEST
    one = DrawRequest(Kind.IMAGINE, "x", Size(64, 64), 1, image=Source(b"jpeg", "image/jpeg"))
    await single.submit(one, "call-2", None)
    assert (await control.calls())["draws"][0]["image"]
