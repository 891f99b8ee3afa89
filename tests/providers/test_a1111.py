"""The web UI adapter against its API on loopback."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.a1111 import A1111, sides
from providers.a1111_replies import enlarged, envelope, names, pictures
from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from tests.fakes.apis.a1111 import AUTH, EXTRA, IMG, MODELS, TXT, A1111Api, fault
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import COLOURS, picture

FOX = DrawRequest(Kind.IMAGINE, "a red fox", Size(1250, 830), 4, Params(seed=7, negative="people"))
TILE = Source(picture("blue"), "image/jpeg", ref="call", index=2, image_id="seed 9", seed=9)
VARY = DrawRequest(Kind.VARIATION, "a red fox", Size(512, 512), 4, source=TILE)


@pytest.fixture
async def api() -> AsyncIterator[A1111Api]:
    async with A1111Api() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def a1111(api: A1111Api, client: httpx.AsyncClient) -> A1111:
    return A1111(AUTH, api.base.removesuffix("/sdapi/v1"), client, send_seconds=5.0)


@pytest.mark.parametrize(("grid", "told"), [(False, True), (False, False), (True, True), (True, False)])
async def test_four_pictures_with_their_seeds_and_never_the_grid(
    a1111: A1111, api: A1111Api, grid: bool, told: bool
) -> None:
    api.grid, api.told = grid, told
    sent = await a1111.submit(FOX, "call", None)
    assert [one.data for one in sent.pictures] == [picture(colour) for colour in COLOURS]
    assert [(one.seed, one.image_id) for one in sent.pictures] == [(n, f"seed {n}") for n in (7, 8, 9, 10)]
    assert (sent.cost, api.paid) == (0, 1)
    body = api.of(TXT)[0].body
    assert (body["width"], body["height"], body["negative_prompt"]) == (1248, 832, "people")
    assert "override_settings" not in body


async def test_a_checkpoint_may_be_chosen_and_the_url_may_name_the_version(api: A1111Api, client: httpx.AsyncClient) -> None:
    await A1111(AUTH, api.base + "/", client, model="sdxl").submit(FOX, "call", None)
    assert api.of(TXT)[0].body["override_settings"] == {"sd_model_checkpoint": "sdxl"}


async def test_a_tile_that_its_seed_draws_again_is_varied_by_subseed(a1111: A1111, api: A1111Api) -> None:
    sent = await a1111.submit(VARY, "call", None)
    body = api.of(TXT)[0].body
    assert (body["seed"], body["subseed"], body["subseed_strength"]) == (9, -1, 0.3)
    assert [one.image_id for one in sent.pictures] == [""] * 4, "a seed alone does not draw these again"


@pytest.mark.parametrize("tile", [replace(TILE, image_id=""), replace(TILE, seed=None), replace(TILE, image_id="seed 8")])
async def test_any_other_tile_is_varied_from_its_bytes(a1111: A1111, api: A1111Api, tile: Source) -> None:
    sent = await a1111.submit(replace(VARY, source=tile), "call", None)
    body = api.of(IMG)[0].body
    assert base64.b64decode(body["init_images"][0]) == TILE.data
    assert body["denoising_strength"] == 0.6
    assert len(sent.pictures) == 4


async def test_an_input_picture_is_drawn_over(a1111: A1111, api: A1111Api) -> None:
    sent = await a1111.submit(replace(FOX, image=TILE), "call", None)
    assert base64.b64decode(api.of(IMG)[0].body["init_images"][0]) == TILE.data
    assert {one.image_id for one in sent.pictures} == {""}


async def test_an_upscale_takes_any_picture(a1111: A1111, api: A1111Api) -> None:
    stranger = Source(picture("yellow"), "image/jpeg")
    sent = await a1111.submit(DrawRequest(Kind.UPSCALE, "x", Size(64, 64), 1, source=stranger), "call", None)
    body = api.of(EXTRA)[0].body
    assert base64.b64decode(body["image"]) == stranger.data
    assert (body["upscaling_resize"], body["upscaler_1"]) == (2, "R-ESRGAN 4x+")
    assert [one.data for one in sent.pictures] == [picture("red")]
    assert a1111.capabilities.upscale_any


async def test_an_upscale_of_nothing_is_not_sent(a1111: A1111, api: A1111Api) -> None:
    with pytest.raises(ProviderError) as caught:
        await a1111.submit(DrawRequest(Kind.UPSCALE, "x", Size(64, 64), 1), "call", None)
    assert (caught.value.accepted, api.seen) == (Accepted.NO, [])


@pytest.mark.parametrize(("size", "width", "height"), [(Size(0, 9999), 64, 2048), (Size(1003, 515), 1000, 512)])
def test_sides_are_multiples_of_eight(size: Size, width: int, height: int) -> None:
    assert sides(size) == {"width": width, "height": height}


def test_its_requests_come_one_after_the_other(a1111: A1111) -> None:
    assert a1111.capabilities.one_at_a_time, "the server draws one job at a time: our clock starts when it can"


@pytest.mark.parametrize(
    ("failure", "family", "accepted", "paid"),
    [
        (Fault(401, {"detail": "Incorrect username or password"}), Family.BAD_KEY, Accepted.NO, 0),
        (Fault(402), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(403, b"<html>Forbidden</html>"), Family.BAD_KEY, Accepted.NO, 0),
        (Fault(404, {"detail": "Not Found"}), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(422, {"detail": []}), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(429, b"", {"Retry-After": "3"}), Family.BUSY, Accepted.NO, 0),
        (Fault(500, fault("OutOfMemoryError", "CUDA out of memory")), Family.BROKEN, Accepted.NO, 0),
        (Fault(500, b"Internal Server Error"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(504, b"<html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(500, b"[" * 100_000), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, 1),
        (Fault(200, b"<html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, {"images": ["%%%"]}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, {"images": [""]}), Family.BROKEN, Accepted.UNKNOWN, 0),
    ],
)
async def test_a_failed_submit_says_truly_whether_it_may_have_been_taken(
    a1111: A1111, api: A1111Api, failure: Fault, family: Family, accepted: Accepted, paid: int
) -> None:
    api.fail(TXT, failure)
    with pytest.raises(ProviderError) as caught:
        await a1111.submit(FOX, "call", None)
    assert (caught.value.family, caught.value.accepted, api.paid) == (family, accepted, paid)
    if failure.headers:
        assert caught.value.retry_after == 3.0


async def test_no_answer_in_time_may_have_been_taken(api: A1111Api, client: httpx.AsyncClient) -> None:
    api.fail(TXT, Fault(hang=True))
    with pytest.raises(ProviderError) as caught:
        await A1111(AUTH, api.base, client, send_seconds=1.2).submit(FOX, "call", None)
    assert caught.value.accepted is Accepted.UNKNOWN


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    with pytest.raises(ProviderError) as caught:
        await A1111("", f"http://127.0.0.1:{unused_tcp_port}", client).submit(FOX, "call", None)
    assert caught.value.accepted is Accepted.NO


async def test_no_pictures_is_done_without_any(a1111: A1111, api: A1111Api) -> None:
    api.fail(TXT, Fault(200, {"images": [], "info": "{}"}))
    sent = await a1111.submit(FOX, "call", None)
    status = await a1111.status(sent.ref)
    assert (sent.pictures, status.stage, status.pictures) == ((), Stage.DONE, ())


def test_seeds_that_cannot_be_read_cost_no_pictures() -> None:
    image = base64.b64encode(picture()).decode()
    drawn = pictures(json.dumps({"images": ["data:image/png;base64," + image], "info": "?"}).encode(), 4, plain=True)
    assert [(one.data, one.seed, one.image_id) for one in drawn] == [(picture(), None, "")]


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["images", "image", "info", "error", "errors", "name"]), inner)
    ),
    max_leaves=20,
)


@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(), st.text())
def test_whatever_a_body_holds_only_our_error_comes_of_it(body: bytes, info: str) -> None:
    with contextlib.suppress(ProviderError):
        assert len(pictures(body, 4, plain=True)) <= 4
    with contextlib.suppress(ProviderError):
        assert len(enlarged(body)) <= 1
    with contextlib.suppress(ProviderError):
        assert isinstance(names(body, ("name",)), frozenset)
    assert envelope(httpx.Response(500, content=body)) in (True, False)
    assert pictures(json.dumps({"images": [], "info": info}).encode(), 4, plain=True) == ()


async def test_there_is_nothing_to_look_up_cancel_or_be_told(a1111: A1111) -> None:
    assert await a1111.lookup("call") is None
    assert await a1111.cancel("call") is False
    with pytest.raises(BadWebhook):
        a1111.read_webhook({}, b"{}")


async def test_check_finds_all_in_order(a1111: A1111, api: A1111Api) -> None:
    assert (await a1111.check()).ok
    assert api.paid == 0


@pytest.mark.parametrize(
    ("settings", "key", "word"),
    [
        ({"model": "nope"}, AUTH, "IMAGINE_A1111_MODEL"),
        ({"upscaler": "nope"}, AUTH, "IMAGINE_A1111_UPSCALER"),
        ({}, "", "--api-auth"),
    ],
)
async def test_check_says_what_to_mend(
    api: A1111Api, client: httpx.AsyncClient, settings: dict[str, Any], key: str, word: str
) -> None:
    health = await A1111(key, api.base, client, **settings).check()
    assert not health.ok
    assert word in health.sentence


async def test_check_knows_a_server_without_its_api(a1111: A1111, api: A1111Api) -> None:
    api.fail(MODELS, Fault(404, {"detail": "Not Found"}))
    assert "--api" in (await a1111.check()).sentence
