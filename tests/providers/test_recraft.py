"""Recraft's adapter against its description: what it sends, what it makes of answers, and what it calls each failure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.recraft import Recraft, capabilities_of
from tests.fakes.apis.recraft import KEY, RecraftApi
from tests.fakes.apis.strict import Fault
from tests.providers.blocking import COMMON, FOUR, FROM_PICTURE, ODD, TILE, UPSCALE, VARIATION, failure, survives

GENERATIONS = "/v1/images/generations"


@pytest.fixture
async def api() -> AsyncIterator[RecraftApi]:
    async with RecraftApi() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def recraft(api: RecraftApi, client: httpx.AsyncClient) -> Recraft:
    return Recraft(KEY, f"{api.base}/v1/", client, send_seconds=2.0)


async def test_a_grid_is_one_paid_request_with_its_true_cost(recraft: Recraft, api: RecraftApi) -> None:
    sent = await recraft.submit(FOUR, "call-1", None)
    assert (len(sent.pictures), sent.cost, api.paid) == (4, 160_000, 1)
    assert len({picture.image_id for picture in sent.pictures}) == 4
    assert sent.ref == sent.pictures[0].image_id
    assert all(picture.url.startswith(f"http://{api.host}/files/") for picture in sent.pictures)
    order = {"prompt": "a red fox", "model": "recraftv4", "n": 4, "size": "1:1", "response_format": "url", "random_seed": 7}
    assert api.seen[0].body == order


async def test_u_sends_the_bytes_to_the_upscaler(recraft: Recraft, api: RecraftApi) -> None:
    sent = await recraft.submit(UPSCALE, "call-1", None)
    assert (len(sent.pictures), sent.cost, api.paid) == (1, 4_000, 1)
    (seen,) = api.of("/v1/images/crispUpscale")
    assert seen.body["image"] == {"filename": "picture.jpg", "type": "image/jpeg", "bytes": TILE.data}


async def test_v_sends_the_bytes_and_no_seed(recraft: Recraft, api: RecraftApi) -> None:
    assert len((await recraft.submit(VARIATION, "call-1", None)).pictures) == 4
    (seen,) = api.of("/v1/images/variateImage")
    assert seen.body["image"]["bytes"] == TILE.data
    assert {name: value for name, value in seen.body.items() if name != "image"} == {
        "model": "recraftv4",
        "n": "4",
        "size": "16:9",
        "response_format": "url",
    }
    assert api.paid == 1


async def test_an_input_picture_goes_to_image_to_image(recraft: Recraft, api: RecraftApi) -> None:
    assert len((await recraft.submit(FROM_PICTURE, "call-1", None)).pictures) == 2
    (seen,) = api.of("/v1/images/imageToImage")
    assert (seen.body["prompt"], seen.body["strength"], seen.body["random_seed"]) == ("a red fox", "0.5", "7")
    assert seen.body["image"]["bytes"] == TILE.data


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.VARIATION])
async def test_u_and_v_without_a_picture_are_never_sent(recraft: Recraft, api: RecraftApi, kind: Kind) -> None:
    error = await failure(recraft, replace(FOUR, kind=kind))
    assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


@pytest.mark.parametrize(("model", "sent"), [("recraftv3", "rain"), ("recraftv4", None)])
async def test_negative_prompts_go_only_to_models_that_take_them(
    api: RecraftApi, client: httpx.AsyncClient, model: str, sent: str | None
) -> None:
    recraft = Recraft(KEY, f"{api.base}/v1", client, model=model)
    await recraft.submit(replace(FOUR, params=Params(negative="rain")), "call-1", None)
    assert api.seen[0].body.get("negative_prompt") == sent
    assert ("negative" in recraft.capabilities.honours) is (sent is not None)


@pytest.mark.parametrize(
    ("ratio", "size", "sent"),
    [
        ("", Size(1024, 1024), "1:1"),
        ("1:1", Size(1536, 512), "1:1"),
        ("", Size(1344, 768), "16:9"),
        ("21:9", Size(1024, 1024), "2:1"),
        ("1:4", Size(1024, 1024), "1:2"),
        ("4:6", Size(1024, 1024), "2:3"),
        ("odd", Size(768, 1344), "9:16"),
        ("9" * 5000 + ":1", Size(1024, 1024), "1:1"),
    ],
)
async def test_the_nearest_ratio(recraft: Recraft, api: RecraftApi, ratio: str, size: Size, sent: str) -> None:
    await recraft.submit(replace(FOUR, size=size, params=Params(ratio=ratio)), "call-1", None)
    assert api.seen[0].body["size"] == sent


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "paid"),
    [
        *COMMON,
        pytest.param(Fault(401, b"request unauthorized"), Family.BAD_KEY, Accepted.NO, 0, id="401 text"),
        pytest.param(Fault(400, {"code": "not_enough_credits"}), Family.NO_MONEY, Accepted.NO, 0, id="credits"),
        pytest.param(Fault(400, {"code": "prompt_moderated"}), Family.MODERATED, Accepted.NO, 0, id="moderation"),
        pytest.param(Fault(400, b"blocked by moderation"), Family.MODERATED, Accepted.NO, 0, id="moderation text"),
        pytest.param(
            Fault(400, {"code": "bad", "message": "a nsfw credit"}), Family.BAD_REQUEST, Accepted.NO, 0, id="echoed prompt"
        ),
        pytest.param(Fault(400, {"message": "size"}), Family.BAD_REQUEST, Accepted.NO, 0, id="400"),
    ],
)
async def test_failures(
    recraft: Recraft, api: RecraftApi, fault: Fault, family: Family, accepted: Accepted, paid: int
) -> None:
    api.fail(GENERATIONS, fault)
    error = await failure(recraft)
    assert (error.family, error.accepted, api.paid) == (family, accepted, paid)
    assert error.retry_after == (7.0 if fault.status == 429 else None)
    assert len(api.of(GENERATIONS)) == (0 if fault.cut == "before" else 1), "sent once, never again"


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    error = await failure(Recraft(KEY, f"http://127.0.0.1:{unused_tcp_port}/v1", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


async def test_no_pictures_is_a_finished_call_without_any(recraft: Recraft, api: RecraftApi) -> None:
    api.pictures = 0
    sent = await recraft.submit(FOUR, "call-1", None)
    assert (sent.pictures, sent.cost) == ((), 160_000)
    status = await recraft.status(sent.ref)
    assert (status.stage, status.pictures) == (Stage.DONE, ())


async def test_fewer_pictures_than_asked_are_kept(recraft: Recraft, api: RecraftApi) -> None:
    api.pictures = 3
    assert len((await recraft.submit(FOUR, "call-1", None)).pictures) == 3


@given(body=ODD, status=st.sampled_from([200, 201, 400, 402, 422, 500]), request=st.sampled_from([FOUR, UPSCALE, VARIATION]))
async def test_odd_bodies_never_raise_anything_else(body: object, status: int, request: DrawRequest) -> None:
    await survives(lambda client: Recraft(KEY, "https://api.example.org/v1", client), body, status, request)


async def test_check(recraft: Recraft, api: RecraftApi, client: httpx.AsyncClient) -> None:
    assert (await recraft.check()).sentence == "Recraft takes the key; 1000 API units left."
    assert not (await recraft.check()).low
    api.units = 999
    low = await recraft.check()
    assert low.ok
    assert low.low
    api.units = 0
    assert not (await recraft.check()).ok
    stranger = await Recraft("wrong", f"{api.base}/v1", client).check()
    assert not stranger.ok
    assert "RECRAFT_API_KEY" in stranger.sentence
    vector = await Recraft(KEY, f"{api.base}/v1", client, model="recraftv4_vector").check()
    assert "IMAGINE_RECRAFT_MODEL" in vector.sentence
    assert api.paid == 0


async def test_check_of_a_broken_service(recraft: Recraft, api: RecraftApi) -> None:
    api.fail("/v1/users/me", Fault(500), times=3)
    assert not (await recraft.check()).ok


def test_old_models_take_short_prompts() -> None:
    assert (capabilities_of("recraftv3").longest_prompt, capabilities_of("recraftv4_1").longest_prompt) == (1_000, 10_000)


async def test_what_it_cannot_do(recraft: Recraft) -> None:
    assert await recraft.cancel("x") is False
    with pytest.raises(BadWebhook):
        recraft.read_webhook({}, b"{}")
    with pytest.raises(ProviderError):
        await recraft.lookup("call-1")


@pytest.mark.parametrize("credits_", [True, -1, 1.5, "40", 10**30, None])
async def test_credits_that_are_none_are_no_cost(recraft: Recraft, api: RecraftApi, credits_: object) -> None:
    entry = {"image_id": "a", "url": "https://example.org/a.webp"}
    api.fail(GENERATIONS, Fault(200, {"created": 1, "credits": credits_, "data": [entry, "odd", {"url": "ftp://x"}]}))
    sent = await recraft.submit(FOUR, "call-1", None)
    assert (sent.cost, [picture.image_id for picture in sent.pictures]) == (None, ["a"])
