"""Replicate's adapter after a submit: status, cancel, webhooks, check, and answers of any shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import BadWebhook, Family, ProviderError
from providers.replicate import Replicate
from tests.fakes.apis.replicate import (
    ACCOUNT,
    CANCEL,
    LATER,
    ONE,
    SECRET,
    TOKEN,
    ReplicateApi,
    sign,
)
from tests.fakes.apis.strict import Fault

NOW = 1_780_000_000.0
SQUARE = Size(1024, 1024)
GRID = DrawRequest(Kind.IMAGINE, "a red fox", Size(1264, 832), 4, Params(ratio="3:2", seed=7))
LARGE = Source(b"\x89PNG" + bytes(300_000), "image/png")


@pytest.fixture
async def api() -> AsyncIterator[ReplicateApi]:
    async with ReplicateApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def replicate(api: ReplicateApi, client: httpx.AsyncClient) -> Replicate:
    return Replicate(TOKEN, api.base, client, webhook_secret=SECRET, clock=lambda: NOW, send_seconds=2.0)


def upscale(source: Source) -> DrawRequest:
    return DrawRequest(Kind.UPSCALE, "a red fox", SQUARE, 1, source=source)


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ({"status": "starting"}, Stage.QUEUED),
        ({"status": "processing"}, Stage.RUNNING),
        ({"status": "canceled", "completed_at": "2026-11-21T07:01:00Z"}, Stage.CANCELLED),
        ({"status": "aborted"}, Stage.CANCELLED),
    ],
)
async def test_the_stages(api: ReplicateApi, replicate: Replicate, said: dict[str, Any], stage: Stage) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.says = said
    status = await replicate.status(taken.ref)
    assert (status.stage, status.error, status.pictures) == (stage, None, ())


async def test_an_unknown_status_is_running(api: ReplicateApi, replicate: Replicate) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    for word in ("dreaming", None, ["succeeded"]):
        api.fail(ONE, Fault(200, {"id": taken.ref, "status": word, "output": ["https://x.example/a.png"]}))
        assert (await replicate.status(taken.ref)).stage is Stage.RUNNING


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("NSFW content detected. Try running it again, or try a different prompt.", Family.MODERATED),
        ("The input or output was flagged as sensitive. Please try again with different inputs. (E005)", Family.MODERATED),
        ("Prediction failed (E005)", Family.MODERATED),
        ("CUDA out of memory", Family.BROKEN),
        ("the key is case-sensitive", Family.BROKEN),
        (None, Family.BROKEN),
    ],
)
async def test_why_it_failed(api: ReplicateApi, replicate: Replicate, text: str | None, family: Family) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.says = {"status": "failed", "error": text}
    status = await replicate.status(taken.ref)
    assert status.stage is Stage.FAILED
    assert status.error
    assert status.error.family is family


@pytest.mark.parametrize("word", ["canceled", "aborted"])
async def test_replicates_own_deadline_is_no_persons_wish(api: ReplicateApi, replicate: Replicate, word: str) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.says = {"status": word, "completed_at": LATER}
    status = await replicate.status(taken.ref)
    assert status.stage is Stage.FAILED
    assert status.error
    assert "5m" in status.error.text


@pytest.mark.parametrize(
    "output", [None, [], {}, "", "base64...", [None, 3], ["ftp://x/a"], {"a": {"b": {"c": {"d": ["x"]}}}}]
)
async def test_done_without_pictures_has_none(api: ReplicateApi, replicate: Replicate, output: object) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.succeed(0, output=output, data_removed=output is None)
    status = await replicate.status(taken.ref)
    assert (status.stage, status.pictures) == (Stage.DONE, ())


async def test_an_output_may_be_an_object(api: ReplicateApi, replicate: Replicate) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    one, two = api.succeed(2)
    api.says = {"status": "succeeded", "output": {"images": [one, {"url": two}], "again": one, "count": 2}}
    assert [picture.url for picture in (await replicate.status(taken.ref)).pictures] == [one, two]


async def test_a_status_question_is_repeated_and_a_lost_prediction_is_a_failure_to_ask(
    api: ReplicateApi, replicate: Replicate
) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.fail(ONE, Fault(503))
    assert (await replicate.status(taken.ref)).stage is Stage.RUNNING
    with pytest.raises(ProviderError) as caught:
        await replicate.status("nobody")
    assert caught.value.family is Family.BAD_REQUEST


@pytest.mark.parametrize(
    ("said", "confirmed"), [({"status": "starting"}, True), ({"started_at": "2026-11-21T07:00:01Z"}, False)]
)
async def test_a_cancel_is_confirmed_only_before_it_ran(
    api: ReplicateApi, replicate: Replicate, said: dict[str, Any], confirmed: bool
) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.says = said
    assert await replicate.cancel(taken.ref) is confirmed
    assert (await replicate.status(taken.ref)).stage is Stage.CANCELLED
    assert len(api.of(CANCEL)) == 1


async def test_what_is_done_cannot_be_cancelled(api: ReplicateApi, replicate: Replicate) -> None:
    taken = await replicate.submit(GRID, "call-1", None)
    api.succeed()
    assert await replicate.cancel(taken.ref) is False
    assert (await replicate.status(taken.ref)).stage is Stage.DONE


async def test_nothing_is_found_by_our_key(replicate: Replicate) -> None:
    assert not replicate.capabilities.lookup
    with pytest.raises(ProviderError):
        await replicate.lookup("call-1")


def test_a_webhook_names_its_prediction(replicate: Replicate) -> None:
    body = json.dumps({"id": "gm3q", "status": "succeeded"}).encode()
    assert replicate.read_webhook(sign(body, NOW), body) == "gm3q"
    for odd in (b"[]", b"{}", b'{"id": 3}', b'{"id": "\\ud800"}', b"null"):
        assert replicate.read_webhook(sign(odd, NOW), odd) == ""


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_signed_webhook_that_is_no_json_is_bad(replicate: Replicate, body: bytes) -> None:
    with pytest.raises(BadWebhook):
        replicate.read_webhook(sign(body, NOW), body)


def test_a_forged_webhook_is_bad(replicate: Replicate) -> None:
    body = b'{"id": "gm3q"}'
    for headers in ({}, sign(body, NOW - 301), sign(body, NOW, secret="whsec_AAAA"), sign(b"{}", NOW)):
        with pytest.raises(BadWebhook):
            replicate.read_webhook(headers, body)


async def test_check(api: ReplicateApi, replicate: Replicate, client: httpx.AsyncClient) -> None:
    good = await replicate.check()
    assert good.ok
    assert "acme" in good.sentence
    bad = await Replicate("r8_other", api.base, client).check()
    assert not bad.ok
    assert "REPLICATE_API_TOKEN" in bad.sentence
    api.fail(ACCOUNT, Fault(500), times=3)
    assert not (await replicate.check()).ok
    assert api.paid == 0


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://replicate.delivery/a.png", True),
        ("https://tjzk.replicate.delivery/a/b.png?x=1", True),
        ("http://replicate.delivery/a.png", False),
        ("https://replicate.delivery.example/a.png", False),
        ("https://notreplicate.delivery/a.png", False),
        ("https://replicate.delivery@example.com/a.png", False),
        ("https://api.replicate.com/v1/files/1", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_the_token_goes_to_the_delivery_hosts_alone(replicate: Replicate, url: str, sent: bool) -> None:
    assert replicate.download_headers(url) == ({"Authorization": f"Bearer {TOKEN}"} if sent else {})


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda one: (
    st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "status", "output", "error", "input", "seed", "completed_at", "deadline", "urls", "get", "username",
         "latest_version", "is_official"]), one)
), max_leaves=8)  # fmt: skip
WORDS = st.sampled_from(["starting", "succeeded", "failed", "canceled", "aborted"])
BODIES = st.one_of(
    st.binary(max_size=40),
    JSON.map(lambda said: json.dumps(said).encode()),
    st.fixed_dictionaries(
        {"status": WORDS}, optional=dict.fromkeys(("output", "error", "input", "deadline", "completed_at"), JSON)
    ).map(lambda said: json.dumps(said).encode()),
    st.just(b"[" * 100_000),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_no_body_raises_anything_but_a_provider_error(body: bytes) -> None:
    async def look() -> None:
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
        async with httpx.AsyncClient(transport=transport) as client:
            replicate = Replicate(TOKEN, "http://127.0.0.1", client)
            asks = [replicate.status("x"), replicate.cancel("x"), replicate.submit(GRID, "c", None)]
            asks += [replicate.submit(upscale(LARGE), "c", None), replicate.check()]
            for found in await asyncio.gather(*asks, return_exceptions=True):
                assert not isinstance(found, BaseException) or isinstance(found, ProviderError), repr(found)

    asyncio.run(look())
