"""Black Forest Labs gone wrong: what each failure of a submit says about the money, and bodies that make no sense."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size
from providers.bfl import Bfl
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from tests.fakes.apis.bfl import KEY, BflApi
from tests.fakes.apis.strict import Fault

DRAW = "/v1/flux-2-pro"
FOX = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 1, Params(ratio="3:2", seed=7))
OWN_ERROR = {"error": "internal", "message": "try again", "details": {}}
SECRET = "whisper"


@pytest.fixture
async def api() -> AsyncIterator[BflApi]:
    async with BflApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def bfl(api: BflApi, client: httpx.AsyncClient) -> Bfl:
    return Bfl(KEY, f"{api.base}/v1", client, webhook_secret=SECRET, send_seconds=2.0)


async def refused(bfl: Bfl, request: DrawRequest = FOX) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await bfl.submit(request, "call-1", None)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "wait"),
    [
        (Fault(401, {"error": "unauthorized"}), Family.BAD_KEY, Accepted.NO, None),
        (Fault(402, {"error": "insufficient_credits"}), Family.NO_MONEY, Accepted.NO, None),
        (Fault(403, {"detail": "Not authenticated"}), Family.BAD_KEY, Accepted.NO, None),
        (Fault(429, {}, {"Retry-After": "7"}), Family.BUSY, Accepted.NO, 7.0),
        (Fault(429, {"retry_after": 9}), Family.BUSY, Accepted.NO, 9.0),
        (Fault(429, {"retry_after": 9}, {"Retry-After": "7"}), Family.BUSY, Accepted.NO, 7.0),
        (Fault(429, b"slow down"), Family.BUSY, Accepted.NO, None),
        (Fault(400, {"error": "bad_request", "message": "no"}), Family.BAD_REQUEST, Accepted.NO, None),
        (
            Fault(422, {"detail": [{"loc": ["body"], "msg": "moderated", "type": "x"}]}),
            Family.BAD_REQUEST,
            Accepted.NO,
            None,
        ),
        (Fault(400, {"error": "content_policy_violation", "message": "no"}), Family.MODERATED, Accepted.NO, None),
        (Fault(403, {"id": "x", "status": "Request Moderated"}), Family.MODERATED, Accepted.NO, None),
        (Fault(500, OWN_ERROR), Family.BROKEN, Accepted.NO, None),
        (Fault(503, OWN_ERROR, {"Retry-After": "3"}), Family.BROKEN, Accepted.NO, 3.0),
        (Fault(502, b"<html>bad gateway</html>"), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(500, {"detail": "Internal Server Error"}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(500, b"[" * 100_000), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, {"polling_url": "https://api.bfl.ai/x"}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(200, {"id": '{"id": "x"}'}), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, None),
        (Fault(302, b"", {"Location": "https://elsewhere.example/"}), Family.BAD_REQUEST, Accepted.UNKNOWN, None),
    ],
)
async def test_failures_of_a_submit(
    api: BflApi, bfl: Bfl, fault: Fault, family: Family, accepted: Accepted, wait: float | None
) -> None:
    api.fail(DRAW, fault)
    error = await refused(bfl)
    assert (error.family, error.accepted, error.retry_after) == (family, accepted, wait)
    assert api.paid == (fault.cut == "after"), "sent once, whatever came back"


async def test_a_submit_that_hangs_may_have_been_paid(api: BflApi, client: httpx.AsyncClient) -> None:
    api.fail(DRAW, Fault(hang=True))
    error = await refused(Bfl(KEY, f"{api.base}/v1", client, send_seconds=1.2))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


async def test_a_line_that_never_opened_cost_nothing(client: httpx.AsyncClient) -> None:
    error = await refused(Bfl(KEY, "http://127.0.0.1:1/v1", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


@pytest.mark.parametrize(
    ("said", "cost"), [(None, None), ("3", None), (True, None), (-1, None), (1e300, None), (4.55, 45_500)]
)
async def test_a_cost_that_makes_no_sense_is_left_out(api: BflApi, bfl: Bfl, said: object, cost: int | None) -> None:
    api.fail(DRAW, Fault(200, {"id": "task-1", "polling_url": "", "cost": said}))
    assert (await bfl.submit(FOX, "call-1", None)).cost == cost


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["Ready", "Error"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "status", "result", "sample", "seed", "cost", "polling_url", "error"]), inner
        )
    ),
    max_leaves=8,
)


@given(
    st.binary(max_size=60) | ODD.map(lambda value: json.dumps(value).encode()), st.sampled_from([200, 404, 422, 429, 500])
)
async def test_no_body_raises_anything_but_our_own_error(body: bytes, code: int) -> None:
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _request: httpx.Response(code, content=body))
    ) as client:
        bfl = Bfl(KEY, "https://api.bfl.ai/v1", client)
        with suppress(ProviderError):
            assert (await bfl.submit(FOX, "call-1", None)).ref.encode()
        if code == 200:
            with suppress(ProviderError):
                assert all(picture.url for picture in (await bfl.status("task-1")).pictures)
            assert (await bfl.check()).sentence
        with suppress(BadWebhook):
            bfl.read_webhook({}, body).encode()
