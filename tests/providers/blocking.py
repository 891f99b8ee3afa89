"""What the tests of blocking vendors share: each failure of a submit and what it must be called."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Provider, Size, Source, Submitted
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import picture

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(1024, 1024), 4, Params(seed=7))
TILE = Source(picture(size=256), "image/jpeg", ref="r", index=1, image_id="i", seed=3)
UPSCALE = DrawRequest(Kind.UPSCALE, "a red fox", Size(1024, 1024), 1, source=TILE)
VARIATION = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 4, Params(ratio="16:9", seed=7), source=TILE)
FROM_PICTURE = DrawRequest(Kind.IMAGINE, "a red fox", Size(1024, 1024), 2, Params(seed=7), image=TILE)

COMMON = [
    pytest.param(Fault(401), Family.BAD_KEY, Accepted.NO, 0, id="401"),
    pytest.param(Fault(402), Family.NO_MONEY, Accepted.NO, 0, id="402"),
    pytest.param(Fault(403), Family.BAD_KEY, Accepted.NO, 0, id="403"),
    pytest.param(Fault(404, b"404 page not found"), Family.BAD_REQUEST, Accepted.NO, 0, id="404"),
    pytest.param(Fault(413), Family.BAD_REQUEST, Accepted.NO, 0, id="413"),
    pytest.param(Fault(429, headers={"Retry-After": "7"}), Family.BUSY, Accepted.NO, 0, id="429"),
    pytest.param(Fault(409), Family.BUSY, Accepted.NO, 0, id="409"),
    pytest.param(Fault(500, {"code": "internal", "message": "?"}), Family.BROKEN, Accepted.UNKNOWN, 0, id="500 JSON"),
    pytest.param(Fault(502, b"<html>"), Family.BROKEN, Accepted.UNKNOWN, 0, id="502"),
    pytest.param(Fault(503), Family.BROKEN, Accepted.UNKNOWN, 0, id="503"),
    pytest.param(Fault(504), Family.BROKEN, Accepted.UNKNOWN, 0, id="504"),
    pytest.param(Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, 0, id="cut before"),
    pytest.param(Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, 1, id="cut after"),
    pytest.param(Fault(hang=True), Family.BROKEN, Accepted.UNKNOWN, 0, id="hang"),
    pytest.param(Fault(200, b"<html>"), Family.BROKEN, Accepted.UNKNOWN, 0, id="200 HTML"),
    pytest.param(Fault(200, b"[" * 100_000), Family.BROKEN, Accepted.UNKNOWN, 0, id="200 deep"),
    pytest.param(Fault(200, {}), Family.BROKEN, Accepted.UNKNOWN, 0, id="200 empty"),
]


async def failure(provider: Provider, request: DrawRequest = FOUR) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(request, "call-1", None)
    return caught.value


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
NAMES = ("data", "image", "credits", "created", "url", "image_id", "seed", "is_image_safe", "code", "error")
ODD: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.just("https://example.org/x.png"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)
"""Bodies with the vendors' own names and anything under them."""


async def survives(make: Callable[[httpx.AsyncClient], Provider], body: object, status: int, request: DrawRequest) -> None:
    """Whatever the body: pictures that can be fetched or a ProviderError, and a 2xx is never called not accepted."""

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=json.dumps(body).encode())

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        outcome = await _outcome(make(client), request)
    if isinstance(outcome, ProviderError):
        assert status >= 300 or outcome.accepted is Accepted.UNKNOWN
        return
    assert status < 300
    assert outcome.ref
    assert all(picture.url and not picture.data for picture in outcome.pictures)


async def _outcome(provider: Provider, request: DrawRequest) -> Submitted | ProviderError:
    try:
        return await provider.submit(request, "call-1", None)
    except ProviderError as error:
        return error
