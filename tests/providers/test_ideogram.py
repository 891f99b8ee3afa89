"""Ideogram's adapter against its description: what it sends, what it makes of answers, and what it calls each failure."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.ideogram import Ideogram, rendering_speed
from tests.fakes.apis import ideogram as fake
from tests.fakes.apis.ideogram import KEY, IdeogramApi
from tests.fakes.apis.strict import Fault
from tests.providers.blocking import COMMON, FOUR, FROM_PICTURE, ODD, TILE, UPSCALE, VARIATION, failure, survives


@pytest.fixture
async def api() -> AsyncIterator[IdeogramApi]:
    async with IdeogramApi() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def ideogram(api: IdeogramApi, client: httpx.AsyncClient) -> Ideogram:
    return Ideogram(KEY, f"{api.base}/", client, send_seconds=2.0)


async def test_a_grid_is_one_paid_request(ideogram: Ideogram, api: IdeogramApi) -> None:
    sent = await ideogram.submit(FOUR, "call-1", None)
    assert (len(sent.pictures), sent.cost, api.paid) == (4, 240_000, 1)
    assert [picture.seed for picture in sent.pictures] == [12345, 12346, 12347, 12348]
    assert sent.ref == "2026-11-21T00:00:00+00:00"
    order = {"prompt": "a red fox", "aspect_ratio": "1x1", "rendering_speed": "DEFAULT", "num_images": 4, "seed": 7}
    assert api.seen[0].body == order


async def test_u_goes_to_the_upscaler(ideogram: Ideogram, api: IdeogramApi) -> None:
    sent = await ideogram.submit(UPSCALE, "call-1", None)
    assert (len(sent.pictures), sent.cost, api.paid) == (1, 60_000, 1)
    (seen,) = api.of(fake.UPSCALE)
    assert seen.body["image_file"] == {"filename": "picture.jpg", "type": "image/jpeg", "bytes": TILE.data}
    assert json.loads(seen.body["image_request"]) == {"prompt": "a red fox", "resemblance": 80, "num_images": 1}


async def test_v_is_a_remix_without_seed(ideogram: Ideogram, api: IdeogramApi) -> None:
    assert len((await ideogram.submit(VARIATION, "call-1", None)).pictures) == 4
    (seen,) = api.of(fake.REMIX)
    assert seen.body["image"]["bytes"] == TILE.data
    assert {name: value for name, value in seen.body.items() if name != "image"} == {
        "prompt": "a red fox",
        "aspect_ratio": "16x9",
        "rendering_speed": "DEFAULT",
        "num_images": "4",
        "image_weight": "50",
    }
    assert api.paid == 1


async def test_an_input_picture_is_a_remix_with_seed(ideogram: Ideogram, api: IdeogramApi) -> None:
    assert len((await ideogram.submit(FROM_PICTURE, "call-1", None)).pictures) == 2
    (seen,) = api.of(fake.REMIX)
    assert (seen.body["seed"], seen.body["image"]["bytes"]) == ("7", TILE.data)


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.VARIATION])
async def test_u_and_v_without_a_picture_are_never_sent(ideogram: Ideogram, api: IdeogramApi, kind: Kind) -> None:
    error = await failure(ideogram, replace(FOUR, kind=kind))
    assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


async def test_what_it_honours_has_an_effect(ideogram: Ideogram, api: IdeogramApi) -> None:
    params = Params(seed=2**31 + 5, negative="rain", raw=True, speed="turbo", ratio="3:2")
    sent = await ideogram.submit(replace(FOUR, params=params), "call-1", None)
    assert api.seen[0].body == {
        "prompt": "a red fox",
        "aspect_ratio": "3x2",
        "rendering_speed": "TURBO",
        "num_images": 4,
        "seed": 5,
        "negative_prompt": "rain",
        "magic_prompt": "OFF",
    }
    assert sent.cost == 120_000
    assert params.given() == ideogram.capabilities.honours


@pytest.mark.parametrize(
    ("ratio", "size", "sent"),
    [
        ("", Size(1344, 768), "16x9"),
        ("21:9", Size(9, 9), "2x1"),
        ("1:4", Size(9, 9), "1x3"),
        ("odd", Size(768, 1344), "9x16"),
    ],
)
async def test_the_nearest_ratio(ideogram: Ideogram, api: IdeogramApi, ratio: str, size: Size, sent: str) -> None:
    await ideogram.submit(replace(FOUR, size=size, params=Params(ratio=ratio)), "call-1", None)
    assert api.seen[0].body["aspect_ratio"] == sent


@pytest.mark.parametrize(
    ("model", "speed", "price"),
    [("default", "DEFAULT", 60_000), ("v3-turbo", "TURBO", 30_000), ("QUALITY", "QUALITY", 90_000), ("", "DEFAULT", 60_000)],
)
async def test_the_model_is_the_rendering_speed(
    api: IdeogramApi, client: httpx.AsyncClient, model: str, speed: str, price: int
) -> None:
    ideogram = Ideogram(KEY, api.base, client, model=model)
    await ideogram.submit(FOUR, "call-1", None)
    assert (api.seen[0].body["rendering_speed"], ideogram.capabilities.price) == (speed, price)


def test_a_model_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="IMAGINE_IDEOGRAM_MODEL is one of flash, turbo"):
        rendering_speed("V_2")


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "paid"),
    [
        *COMMON,
        pytest.param(Fault(400), Family.BAD_REQUEST, Accepted.NO, 0, id="400"),
        pytest.param(Fault(422, {"error": "failed safety check"}), Family.MODERATED, Accepted.NO, 0, id="422"),
    ],
)
async def test_failures(
    ideogram: Ideogram, api: IdeogramApi, fault: Fault, family: Family, accepted: Accepted, paid: int
) -> None:
    api.fail(fake.GENERATE, fault)
    error = await failure(ideogram)
    assert (error.family, error.accepted, api.paid) == (family, accepted, paid)
    assert error.retry_after == (7.0 if fault.status == 429 else None)
    assert len(api.of(fake.GENERATE)) == (0 if fault.cut == "before" else 1), "sent once, never again"


@pytest.mark.parametrize(("request_", "template"), [(UPSCALE, fake.UPSCALE), (VARIATION, fake.REMIX)])
async def test_moderated_u_and_v(ideogram: Ideogram, api: IdeogramApi, request_: DrawRequest, template: str) -> None:
    api.fail(template, Fault(422, {"error": "Prompt or provided image failed safety check."}))
    error = await failure(ideogram, request_)
    assert (error.family, error.accepted) == (Family.MODERATED, Accepted.NO)


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    error = await failure(Ideogram(KEY, f"http://127.0.0.1:{unused_tcp_port}", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


async def test_a_withheld_picture_is_missing_and_paid(ideogram: Ideogram, api: IdeogramApi) -> None:
    api.withheld = 1
    sent = await ideogram.submit(FOUR, "call-1", None)
    assert ([picture.seed for picture in sent.pictures], sent.cost) == ([12346, 12347, 12348], 240_000)


async def test_an_unsafe_picture_is_not_shown_even_with_a_url(ideogram: Ideogram, api: IdeogramApi) -> None:
    safe, unsafe = ({"url": f"https://example.org/{flag}.png", "is_image_safe": flag, "seed": 1} for flag in (True, False))
    api.fail(fake.GENERATE, Fault(200, {"created": "x", "data": [unsafe, safe]}))
    assert [picture.url for picture in (await ideogram.submit(FOUR, "call-1", None)).pictures] == [safe["url"]]


async def test_all_withheld_is_moderated_and_was_taken(ideogram: Ideogram, api: IdeogramApi) -> None:
    api.withheld = 4
    error = await failure(ideogram)
    assert (error.family, error.accepted, api.paid) == (Family.MODERATED, Accepted.UNKNOWN, 1)


async def test_no_pictures_is_a_finished_call_without_any(ideogram: Ideogram, api: IdeogramApi) -> None:
    api.pictures = 0
    sent = await ideogram.submit(FOUR, "call-1", None)
    assert sent.pictures == ()
    status = await ideogram.status(sent.ref)
    assert (status.stage, status.pictures) == (Stage.DONE, ())


@given(body=ODD, status=st.sampled_from([200, 201, 400, 402, 422, 500]), request=st.sampled_from([FOUR, UPSCALE, VARIATION]))
async def test_odd_bodies_never_raise_anything_else(body: object, status: int, request: DrawRequest) -> None:
    await survives(lambda client: Ideogram(KEY, "https://api.example.org", client), body, status, request)


async def test_check_draws_nothing(ideogram: Ideogram, api: IdeogramApi, client: httpx.AsyncClient) -> None:
    assert await ideogram.check() == await ideogram.check()
    assert (await ideogram.check()).ok
    assert all("'prompt' is a required property" in said for said in api.violations), "refused for that alone"
    assert len(api.violations) == 3
    api.violations.clear()
    stranger = await Ideogram("wrong", api.base, client).check()
    assert not stranger.ok
    assert "IDEOGRAM_API_KEY" in stranger.sentence
    assert api.paid == 0


@pytest.mark.parametrize(("status", "ok"), [(400, True), (402, False), (403, False), (500, False)])
async def test_check_by_what_is_wrong_first(client: httpx.AsyncClient, status: int, ok: bool) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(status))
    async with httpx.AsyncClient(transport=transport) as mock:
        assert (await Ideogram(KEY, "https://api.example.org", mock).check()).ok is ok


async def test_what_it_cannot_do(ideogram: Ideogram) -> None:
    assert await ideogram.cancel("x") is False
    with pytest.raises(BadWebhook):
        ideogram.read_webhook({}, b"{}")
    with pytest.raises(ProviderError):
        await ideogram.lookup("call-1")
