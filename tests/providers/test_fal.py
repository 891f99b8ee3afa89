"""fal.ai's adapter against its queue on loopback: what is sent, what comes back, and each way to fail."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage, Status
from providers.errors import Accepted, Family, ProviderError
from providers.fal import Fal
from providers.fal_models import MODELS, UPSCALER, VARIER, nearest_ratio, nearest_size
from tests.fakes.apis.fal import ENDPOINTS, KEY, SUBMIT, FalApi
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import picture

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(1254, 836), 4, Params(ratio="3:2", seed=7))
TILE = Source(picture(), "image/jpeg", "request-0", 1, seed=7)
BROKEN_RUNNER = {"detail": "No runner", "error_type": "runner_scheduling_failure"}
RULES = {"detail": [{"loc": ["body", "prompt"], "msg": "flagged", "type": "content_policy_violation"}]}
LOCKED = {"detail": "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}


@pytest.fixture
async def api() -> AsyncIterator[FalApi]:
    async with FalApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def fal(api: FalApi, client: httpx.AsyncClient) -> Fal:
    return Fal(KEY, api.base, client, send_seconds=2.0)


async def drawn(fal: Fal, request: DrawRequest) -> Status:
    return await fal.status((await fal.submit(request, "call-1", None)).ref)


async def failed_submit(fal: Fal, request: DrawRequest = FOUR) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await fal.submit(request, "call-1", None)
    return caught.value


async def test_a_grid_is_one_paid_request(fal: Fal, api: FalApi) -> None:
    status = await drawn(fal, FOUR)
    assert (status.stage, len(status.pictures), api.paid) == (Stage.DONE, 4, 1)
    assert {p.seed for p in status.pictures} == {7}
    [sent] = api.of(SUBMIT)
    assert sent.path == "/fal-ai/flux/schnell"
    assert sent.body == {"prompt": "a red fox", "image_size": {"width": 1248, "height": 832}, "num_images": 4, "seed": 7}


async def test_an_upscale_sends_the_picture_itself(fal: Fal, api: FalApi) -> None:
    sent = await fal.submit(DrawRequest(Kind.UPSCALE, "a fox", Size(1024, 1024), 1, source=TILE), "c", None)
    status = await fal.status(sent.ref)
    assert (status.stage, len(status.pictures), sent.cost) == (Stage.DONE, 1, None)
    [request] = api.of(SUBMIT)
    assert request.path == f"/{UPSCALER}"
    assert base64.b64decode(request.body["image_url"].removeprefix("data:image/jpeg;base64,")) == TILE.data


async def test_a_variation_goes_by_image_to_image(fal: Fal, api: FalApi) -> None:
    sent = await fal.submit(DrawRequest(Kind.VARIATION, "a fox", Size(1024, 1024), 4, source=TILE), "c", None)
    assert len((await fal.status(sent.ref)).pictures) == 4
    assert sent.cost == 100_000
    [request] = api.of(SUBMIT)
    assert (request.path, request.body["strength"], request.body["num_images"]) == (f"/{VARIER}", 0.7, 4)
    assert "seed" not in request.body


async def test_an_input_picture_leaves_the_lead_to_the_prompt(fal: Fal, api: FalApi) -> None:
    request = DrawRequest(Kind.IMAGINE, "a fox", Size(1024, 1024), 2, Params(seed=3), image=TILE)
    assert len((await drawn(fal, request)).pictures) == 2
    assert (api.of(SUBMIT)[0].path, api.of(SUBMIT)[0].body["strength"]) == (f"/{VARIER}", 0.85)


@pytest.mark.parametrize("model", MODELS)
async def test_every_known_model_gets_an_input_of_its_own(api: FalApi, client: httpx.AsyncClient, model: str) -> None:
    fal = Fal(KEY, api.base, client, model=model)
    assert model in ENDPOINTS
    count = fal.capabilities.per_call
    params = Params(ratio="3:2", seed=7, negative="fog")
    assert len((await drawn(fal, DrawRequest(Kind.IMAGINE, "x", Size(1254, 836), count, params))).pictures) == count
    body = api.of(SUBMIT)[0].body
    assert ("seed" in body) is ("seed" in fal.capabilities.honours)
    assert ("negative_prompt" in body) is ("negative" in fal.capabilities.honours)
    assert fal.capabilities.price > 0


def test_a_picture_from_another_costs_what_the_varier_costs(api: FalApi, client: httpx.AsyncClient) -> None:
    for model in ("fal-ai/flux/schnell", "fal-ai/nano-banana-pro"):
        assert Fal(KEY, api.base, client, model=model).capabilities.redraw_price == 25_000


async def test_an_unknown_model_is_priced_as_the_dearest(api: FalApi, client: httpx.AsyncClient) -> None:
    fal = Fal(KEY, api.base, client, model="fal-ai/brand-new")
    assert fal.capabilities.price == max(Fal(KEY, api.base, client, model=model).capabilities.price for model in MODELS)
    error = await failed_submit(fal)
    assert (error.family, error.accepted, api.paid) == (Family.BAD_REQUEST, Accepted.NO, 0)


@given(st.integers(1, 6000), st.integers(1, 6000))
def test_sizes_fit_the_grid(width: int, height: int) -> None:
    size = nearest_size(Size(width, height))
    assert all(512 <= side <= 2048 and side % 16 == 0 for side in (size.width, size.height))


def test_ratios_by_shape() -> None:
    ratios = ("1:1", "16:9", "9:16", "4:3", "3:4")
    assert nearest_ratio(Size(1254, 836), ratios) == "4:3"
    assert nearest_ratio(Size(836, 1254), ratios) == "3:4"
    assert nearest_ratio(Size(2048, 512), ratios) == "16:9"


@pytest.mark.parametrize("count", [0, 5])
async def test_what_cannot_be_drawn_is_not_sent(fal: Fal, api: FalApi, count: int) -> None:
    for request in (DrawRequest(Kind.IMAGINE, "x", Size(1024, 1024), count), DrawRequest(Kind.UPSCALE, "x", Size(8, 8), 1)):
        error = await failed_submit(fal, request)
        assert (error.family, error.accepted) == (Family.BAD_REQUEST, Accepted.NO)
    assert api.seen == []


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "paid"),
    [
        (Fault(402, {"detail": "pay"}), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(403, LOCKED), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(403, {"detail": "no access"}), Family.BAD_KEY, Accepted.NO, 0),
        (Fault(429, {"detail": "slow"}, {"Retry-After": "7"}), Family.BUSY, Accepted.NO, 0),
        (Fault(404, {"detail": "no such app"}), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(422, {"detail": [{"msg": "bad", "type": "value_error"}]}), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(422, RULES), Family.MODERATED, Accepted.NO, 0),
        (Fault(503, BROKEN_RUNNER), Family.BROKEN, Accepted.NO, 0),
        (Fault(503, BROKEN_RUNNER, {"x-fal-request-id": "r"}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(504, {"detail": "late", "error_type": "request_timeout"}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(500, {"detail": "oops"}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(502, b"<html>nginx</html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, b"{"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, {"request_id": "../x"}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, 1),
        (Fault(hang=True), Family.BROKEN, Accepted.UNKNOWN, 0),
    ],
)
async def test_a_failed_submit_says_truly_whether_it_may_have_been_taken(
    fal: Fal, api: FalApi, fault: Fault, family: Family, accepted: Accepted, paid: int
) -> None:
    api.fail(SUBMIT, fault)
    error = await failed_submit(fal)
    assert (error.family, error.accepted, api.paid) == (family, accepted, paid)
    assert error.retry_after == (7.0 if fault.status == 429 else None)
    assert len(api.of(SUBMIT)) == (0 if fault.cut == "before" else 1), "sent once"


async def test_a_wrong_key_and_nobody_at_home(api: FalApi, client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    stranger, away = Fal("wrong", api.base, client), Fal(KEY, f"http://127.0.0.1:{unused_tcp_port}", client)
    error = await failed_submit(stranger)
    assert (error.family, error.accepted) == (Family.BAD_KEY, Accepted.NO)
    assert (await failed_submit(away)).accepted is Accepted.NO
    assert not (await stranger.check()).ok
    assert not (await away.check()).ok


async def test_check_pays_nothing(fal: Fal, api: FalApi) -> None:
    health = await fal.check()
    assert health.ok
    assert api.paid == 0
    assert api.of(SUBMIT) == []
