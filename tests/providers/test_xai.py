"""xAI's adapter against its description: what it sends, what it makes of answers, and what it calls each failure."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Params, Size, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.xai import Xai
from tests.fakes.apis.strict import Fault
from tests.fakes.apis.xai import KEY, XaiApi
from tests.providers.blocking import COMMON, FOUR, FROM_PICTURE, ODD, TILE, UPSCALE, VARIATION, failure, survives

GENERATIONS = "/images/generations"
EDITS = "/images/edits"
DATA_URL = f"data:image/jpeg;base64,{base64.b64encode(TILE.data).decode()}"
ANSWERS = st.fixed_dictionaries(
    {
        "data": st.lists(
            st.fixed_dictionaries({"url": st.just("https://example.org/x.png") | ODD, "respect_moderation": ODD}), max_size=3
        ),
        "usage": st.fixed_dictionaries({"cost_in_usd_ticks": ODD}) | ODD,
    }
)
"""Its own names with anything under them."""


@pytest.fixture
async def api() -> AsyncIterator[XaiApi]:
    async with XaiApi() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def xai(api: XaiApi, client: httpx.AsyncClient) -> Xai:
    return Xai(KEY, f"{api.base}/", client, send_seconds=2.0)


async def test_a_grid_is_one_paid_request_with_its_true_cost(xai: Xai, api: XaiApi) -> None:
    sent = await xai.submit(FOUR, "call-1", None)
    assert (len(sent.pictures), sent.cost, api.paid) == (4, 80_000, 1)
    assert all(picture.url.startswith(f"http://{api.host}/files/") for picture in sent.pictures)
    order = {"model": "grok-imagine-image", "prompt": "a red fox", "n": 4, "aspect_ratio": "1:1", "response_format": "url"}
    assert api.seen[0].body == order


@pytest.mark.parametrize(("request_", "n", "ratio"), [(VARIATION, 4, "16:9"), (FROM_PICTURE, 2, "1:1")])
async def test_v_and_an_input_picture_are_edits(xai: Xai, api: XaiApi, request_: DrawRequest, n: int, ratio: str) -> None:
    sent = await xai.submit(request_, "call-1", None)
    assert (len(sent.pictures), api.paid) == (n, 1)
    (seen,) = api.of(EDITS)
    assert seen.body["image"] == {"type": "image_url", "url": DATA_URL}
    assert (seen.body["prompt"], seen.body["n"], seen.body["aspect_ratio"]) == ("a red fox", n, ratio)


@pytest.mark.parametrize("request_", [UPSCALE, replace(VARIATION, source=None)])
async def test_what_it_cannot_draw_is_never_sent(xai: Xai, api: XaiApi, request_: DrawRequest) -> None:
    error = await failure(xai, request_)
    assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


@pytest.mark.parametrize(
    ("ratio", "size", "sent", "edited"),
    [
        ("", Size(1024, 1024), "1:1", "1:1"),
        ("", Size(1344, 768), "16:9", "16:9"),
        ("3:2", Size(1024, 1024), "3:2", "3:2"),
        ("21:9", Size(1024, 1024), "20:9", "2:1"),
        ("1:4", Size(1024, 1024), "9:20", "1:2"),
        ("odd", Size(768, 1344), "9:16", "9:16"),
    ],
)
async def test_the_nearest_ratio(xai: Xai, api: XaiApi, ratio: str, size: Size, sent: str, edited: str) -> None:
    request = replace(FOUR, size=size, params=Params(ratio=ratio))
    await xai.submit(request, "call-1", None)
    await xai.submit(replace(request, image=TILE), "call-2", None)
    assert [seen.body["aspect_ratio"] for seen in api.seen] == [sent, edited]


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "paid"),
    [
        *COMMON,
        pytest.param(
            Fault(400, {"code": "invalid argument", "error": "Incorrect API key provided: x"}),
            *(Family.BAD_KEY, Accepted.NO, 0),
            id="400 key",
        ),
        pytest.param(
            Fault(429, {"error": "has used all available credits"}, {"Retry-After": "7"}),
            *(Family.NO_MONEY, Accepted.NO, 0),
            id="429 credits",
        ),
        pytest.param(
            Fault(400, {"error": "rejected by content moderation"}), Family.MODERATED, Accepted.NO, 0, id="moderation"
        ),
        pytest.param(Fault(422, {"error": "aspect_ratio"}), Family.BAD_REQUEST, Accepted.NO, 0, id="422"),
        pytest.param(Fault(500, {"error": "moderation"}), Family.BROKEN, Accepted.UNKNOWN, 0, id="500 is never read"),
    ],
)
async def test_failures(xai: Xai, api: XaiApi, fault: Fault, family: Family, accepted: Accepted, paid: int) -> None:
    api.fail(GENERATIONS, fault)
    error = await failure(xai)
    assert (error.family, error.accepted, api.paid) == (family, accepted, paid)
    assert error.retry_after == (7.0 if fault.status == 429 else None)
    assert len(api.of(GENERATIONS)) == (0 if fault.cut == "before" else 1), "sent once, never again"


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    error = await failure(Xai(KEY, f"http://127.0.0.1:{unused_tcp_port}/v1", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


async def test_a_withheld_picture_is_missing(xai: Xai, api: XaiApi) -> None:
    api.withheld = 1
    sent = await xai.submit(FOUR, "call-1", None)
    assert (len(sent.pictures), sent.cost) == (3, 80_000)


async def test_all_withheld_is_a_refusal_that_may_be_paid(xai: Xai, api: XaiApi) -> None:
    api.withheld = 4
    error = await failure(xai)
    assert (error.family, error.accepted, api.paid) == (Family.MODERATED, Accepted.UNKNOWN, 1)


async def test_no_pictures_is_a_finished_call_without_any(xai: Xai, api: XaiApi) -> None:
    api.pictures = 0
    sent = await xai.submit(FOUR, "call-1", None)
    assert sent.pictures == ()
    status = await xai.status(sent.ref)
    assert (status.stage, status.pictures) == (Stage.DONE, ())


@pytest.mark.parametrize("ticks", [True, -1, 1.5, "40", 10**30, None])
async def test_a_cost_that_is_none_is_left_to_the_price(xai: Xai, api: XaiApi, ticks: object) -> None:
    entry = {"url": "https://example.org/a.jpg"}
    api.fail(GENERATIONS, Fault(200, {"usage": {"cost_in_usd_ticks": ticks}, "data": [entry, "odd", {"url": "ftp://x"}]}))
    sent = await xai.submit(FOUR, "call-1", None)
    assert (sent.cost, [picture.url for picture in sent.pictures]) == (None, [entry["url"]])


@given(
    body=ODD | ANSWERS, status=st.sampled_from([200, 201, 400, 402, 422, 500]), request=st.sampled_from([FOUR, VARIATION])
)
async def test_odd_bodies_never_raise_anything_else(body: object, status: int, request: DrawRequest) -> None:
    await survives(lambda client: Xai(KEY, "https://api.example.org/v1", client), body, status, request)


async def test_check(xai: Xai, api: XaiApi, client: httpx.AsyncClient) -> None:
    assert (await xai.check()).ok
    stranger = await Xai("wrong", api.base, client).check()
    assert not stranger.ok
    assert "XAI_API_KEY" in stranger.sentence
    unknown = await Xai(KEY, api.base, client, model="grok-9").check()
    assert not unknown.ok
    assert "IMAGINE_XAI_MODEL" in unknown.sentence
    api.fail("/image-generation-models/{modelId}", Fault(500), times=3)
    assert not (await xai.check()).ok
    assert api.paid == 0


async def test_what_it_cannot_do(xai: Xai) -> None:
    assert await xai.cancel("x") is False
    with pytest.raises(BadWebhook):
        xai.read_webhook({}, b"{}")
    with pytest.raises(ProviderError):
        await xai.lookup("call-1")
