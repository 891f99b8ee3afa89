"""Stability AI against a loopback server that holds each form against the OpenAPI file."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.prices import shipped
from providers.stability import Stability
from providers.stability_forms import LONGEST_PROMPT, Upscaler
from tests.fakes.apis.stability import CONSERVATIVE, CORE, FAST, KEY, RESULTS, ROOT, SD3, ULTRA, StabilityApi, error
from tests.fakes.apis.strict import Fault
from tests.fakes.vendor.pictures import jpeg

FOX = DrawRequest(Kind.IMAGINE, "a réd fox", Size(1248, 832), 1, Params(ratio="3:2", seed=7, negative="fog"))
TILE = Source(jpeg(1, 64, 64), "image/jpeg", ref="call-0")
FILE = {"filename": "picture.jpeg", "type": "image/jpeg", "bytes": TILE.data}
VARY = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 1, source=TILE)
ENLARGE = DrawRequest(Kind.UPSCALE, "a red fox", Size(1024, 1024), 1, source=TILE)


@pytest.fixture
async def api() -> AsyncIterator[StabilityApi]:
    async with StabilityApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def stability(api: StabilityApi, client: httpx.AsyncClient) -> Stability:
    return Stability(KEY, f"{api.base}{ROOT}", client, send_seconds=2.0)


async def refused(stability: Stability, request: DrawRequest = FOX) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await stability.submit(request, "call-1", None)
    return caught.value


async def test_draws_one_picture_at_once(api: StabilityApi, stability: Stability) -> None:
    sent = await stability.submit(FOX, "call-1", None)
    assert (sent.ref, sent.cost) == ("call-1", 30_000)
    assert [(picture.seed, picture.url) for picture in sent.pictures] == [(7, "")]
    assert sent.pictures[0].data.startswith(b"\xff\xd8")
    assert api.of(CORE)[0].body == {"prompt": "a réd fox", "aspect_ratio": "3:2", "negative_prompt": "fog", "seed": "7"}
    assert api.of(CORE)[0].headers["Accept"] == "application/json"
    assert api.paid == 1


async def test_four_cells_are_four_calls(api: StabilityApi, stability: Stability) -> None:
    assert stability.capabilities.per_call == 1
    seeds = {(await stability.submit(VARY, f"call-{n}", None)).pictures[0].seed for n in range(4)}
    assert len(seeds) == api.paid == 4


@pytest.mark.parametrize(("model", "path"), [("ultra", ULTRA), ("sd3.5-large", SD3), ("sd3.5-large-turbo", SD3)])
async def test_other_models(api: StabilityApi, client: httpx.AsyncClient, model: str, path: str) -> None:
    stability = Stability(KEY, f"{api.base}{ROOT}/", client, model=model)
    assert (await stability.submit(FOX, "call-1", None)).cost == stability.capabilities.price
    assert api.of(path)[0].body.get("model", "ultra") == model
    assert stability.capabilities.price != 30_000


@pytest.mark.parametrize(
    ("model", "redraws"), [("core", "sd3.5-medium"), ("ultra", "sd3.5-large"), ("sd3.5-large-turbo", "sd3.5-large-turbo")]
)
async def test_a_variation_starts_from_the_tile(
    api: StabilityApi, client: httpx.AsyncClient, model: str, redraws: str
) -> None:
    stability = Stability(KEY, f"{api.base}{ROOT}", client, model=model)
    assert (await stability.submit(VARY, "call-1", None)).cost == shipped().amount("stability", redraws)
    wanted = {"prompt": "a red fox", "mode": "image-to-image", "model": redraws, "strength": "0.6", "image": FILE}
    assert api.of(SD3)[0].body == wanted


async def test_the_heaviest_picture_leaves_room_for_the_longest_words(api: StabilityApi, stability: Stability) -> None:
    weight = stability.capabilities.takes.weight or 0
    heavy = replace(TILE, data=TILE.data + bytes(weight - len(TILE.data)))
    words = "\N{OWL}" * LONGEST_PROMPT
    await stability.submit(replace(VARY, prompt=words, params=Params(negative=words), source=heavy), "call-1", None)
    assert api.paid == 1


async def test_an_input_picture_is_redrawn(api: StabilityApi, stability: Stability) -> None:
    await stability.submit(DrawRequest(Kind.IMAGINE, "a fox", Size(512, 512), 1, Params(ratio="3:2"), image=TILE), "c", None)
    assert api.of(SD3)[0].body["image"] == FILE


@pytest.mark.parametrize(
    ("upscaler", "path", "price", "body"),
    [
        ("conservative", CONSERVATIVE, 400_000, {"prompt": "a red fox", "image": FILE}),
        ("fast", FAST, 20_000, {"output_format": "jpeg", "image": FILE}),
    ],
)
async def test_upscales(
    api: StabilityApi, client: httpx.AsyncClient, upscaler: Upscaler, path: str, price: int, body: object
) -> None:
    stability = Stability(KEY, f"{api.base}{ROOT}", client, upscaler=upscaler)
    assert stability.capabilities.upscale_any
    sent = await stability.submit(ENLARGE, "call-1", None)
    assert sent.cost == stability.capabilities.upscale_price == price
    assert len(sent.pictures) == 1
    assert api.of(path)[0].body == body


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.VARIATION])
async def test_nothing_is_sent_without_the_picture(api: StabilityApi, stability: Stability, kind: Kind) -> None:
    failed = await refused(stability, DrawRequest(kind, "a fox", Size(64, 64), 1))
    assert (failed.family, failed.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


async def test_a_filtered_picture_is_never_shown(api: StabilityApi, stability: Stability) -> None:
    api.finish = "CONTENT_FILTERED"
    failed = await refused(stability)
    assert (failed.family, failed.accepted) == (Family.MODERATED, Accepted.NO)


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "wait"),
    [
        (Fault(401, error("unauthorized")), Family.BAD_KEY, Accepted.NO, None),
        (Fault(402, error("payment_required")), Family.NO_MONEY, Accepted.NO, None),
        (Fault(403, error("content_moderation")), Family.MODERATED, Accepted.NO, None),
        (Fault(403, b"forbidden"), Family.BAD_KEY, Accepted.NO, None),
        (Fault(422, error("public_figure")), Family.MODERATED, Accepted.NO, None),
        (Fault(422, error("invalid_language")), Family.BAD_REQUEST, Accepted.NO, None),
        (Fault(400, error("bad_request")), Family.BAD_REQUEST, Accepted.NO, None),
        (Fault(413, error("payload_too_large")), Family.BAD_REQUEST, Accepted.NO, None),
        (Fault(429, error("rate_limit_exceeded")), Family.BUSY, Accepted.NO, 60.0),
        (Fault(429, b"", {"Retry-After": "12"}), Family.BUSY, Accepted.NO, 12.0),
        (Fault(409, error("conflict")), Family.BUSY, Accepted.NO, None),
        (Fault(500, error("internal_error")), Family.BROKEN, Accepted.NO, None),
        (Fault(500, b"[" * 100_000), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(502, b"<html>bad gateway</html>"), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(504, {"message": "timeout"}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, {"finish_reason": "SUCCESS", "image": ""}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, {"finish_reason": "SUCCESS"}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, {"finish_reason": "SUCCESS", "image": "%%%"}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, {"finish_reason": "SUCCESS", "image": "\ud800"}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, b"\xff\xd8 not asked for as bytes"), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, None),
    ],
)
async def test_failures_of_a_submit(
    api: StabilityApi, stability: Stability, fault: Fault, family: Family, accepted: Accepted, wait: float | None
) -> None:
    api.fail(CORE, fault)
    failed = await refused(stability)
    assert (failed.family, failed.accepted, failed.retry_after) == (family, accepted, wait)
    assert api.paid == (fault.cut == "after"), "sent once, whatever came back"


async def test_a_submit_that_hangs_may_have_been_paid(api: StabilityApi, client: httpx.AsyncClient) -> None:
    api.fail(CORE, Fault(hang=True))
    failed = await refused(Stability(KEY, f"{api.base}{ROOT}", client, send_seconds=1.2))
    assert (failed.family, failed.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


async def test_a_line_that_never_opened_cost_nothing(client: httpx.AsyncClient) -> None:
    failed = await refused(Stability(KEY, "http://127.0.0.1:1/v2beta", client))
    assert (failed.family, failed.accepted) == (Family.BROKEN, Accepted.NO)


@pytest.mark.parametrize("seed", [True, -1, 2**40, "7", None])
async def test_a_seed_that_is_none_is_left_out(api: StabilityApi, stability: Stability, seed: object) -> None:
    api.fail(CORE, Fault(200, {"image": "AAAA", "seed": seed, "finish_reason": "SUCCESS"}))
    assert (await stability.submit(FOX, "call-1", None)).pictures[0].seed is None


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["AAAA", "SUCCESS"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["image", "seed", "finish_reason", "name", "errors", "id"]), inner)
    ),
    max_leaves=8,
)


@given(
    st.binary(max_size=60) | ODD.map(lambda value: json.dumps(value).encode()), st.sampled_from([200, 403, 404, 429, 500])
)
async def test_no_body_raises_anything_but_our_own_error(body: bytes, code: int) -> None:
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _request: httpx.Response(code, content=body))
    ) as client:
        stability = Stability(KEY, "https://api.stability.ai/v2beta", client)
        with suppress(ProviderError):
            assert (await stability.submit(FOX, "call-1", None)).pictures[0].data
        if code in (200, 403, 404):
            assert (await stability.check()).sentence


async def test_check_pays_nothing_and_says_what_is_wrong(
    api: StabilityApi, stability: Stability, client: httpx.AsyncClient
) -> None:
    assert (await stability.check()).ok
    wrong = await Stability("wrong", f"{api.base}{ROOT}", client).check()
    assert not wrong.ok
    assert "STABILITY_API_KEY" in wrong.sentence
    api.fail(RESULTS, Fault(404, b"<html>no such page</html>"))
    elsewhere = await stability.check()
    assert not elsewhere.ok
    assert "STABILITY_BASE_URL" in elsewhere.sentence
    assert api.paid == 0


async def test_there_is_nothing_to_follow(stability: Stability) -> None:
    assert not stability.capabilities.asynchronous
    assert await stability.cancel("call-1") is False
    for ask in (stability.status, stability.lookup):
        with pytest.raises(ProviderError):
            await ask("call-1")
    with pytest.raises(BadWebhook):
        stability.read_webhook({}, b"{}")
