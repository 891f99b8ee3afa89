"""midapi.ai's refusals: each code as the family and the `accepted` that it proves; odd bodies raise nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Size
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.midapi import Midapi
from tests.fakes.apis.midapi import GENERATE, MidapiServer, coded
from tests.fakes.apis.strict import Fault

REQUEST = DrawRequest(Kind.IMAGINE, "a red fox", Size(1024, 1024), 4)


@pytest.fixture
async def api() -> AsyncIterator[MidapiServer]:
    async with MidapiServer() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def midapi(api: MidapiServer, client: httpx.AsyncClient) -> Midapi:
    return Midapi("good", f"{api.base}/api/v1/mj", client)


async def failure(provider: Midapi, request: DrawRequest = REQUEST) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(request, "call", None)
    return caught.value


@pytest.mark.parametrize(
    ("code", "text", "family", "accepted"),
    [
        (400, "bad", Family.BAD_REQUEST, Accepted.NO),
        (401, "who", Family.BAD_KEY, Accepted.NO),
        (402, "credits insufficient", Family.NO_MONEY, Accepted.NO),
        (404, "no", Family.BAD_REQUEST, Accepted.NO),
        (422, "prompt too long", Family.BAD_REQUEST, Accepted.NO),
        (422, "Banned prompt detected", Family.MODERATED, Accepted.NO),
        (429, "slow down", Family.BUSY, Accepted.NO),
        (429, "limit violated", Family.BUSY, Accepted.NO),
        (455, "maintenance", Family.BUSY, Accepted.NO),
        (500, "server error", Family.BROKEN, Accepted.NO),
        (501, "generation failed", Family.BROKEN, Accepted.UNKNOWN),
        (505, "feature disabled", Family.BAD_KEY, Accepted.NO),
        (777, "new", Family.BROKEN, Accepted.UNKNOWN),
    ],
)
async def test_each_code_behind_a_200(
    api: MidapiServer, midapi: Midapi, code: int, text: str, family: Family, accepted: Accepted
) -> None:
    api.fail(GENERATE, Fault(200, coded(code, text), {"Retry-After": "7"}))
    error = await failure(midapi)
    assert (error.family, error.accepted, error.retry_after) == (family, accepted, 7)
    assert str(code) in error.text
    assert (len(api.seen), api.paid) == (1, 0)


@pytest.mark.parametrize(
    ("status", "body", "family", "accepted"),
    [
        (401, b"", Family.BAD_KEY, Accepted.NO),
        (402, b"<html>", Family.NO_MONEY, Accepted.NO),
        (403, b"<html>Forbidden</html>", Family.BAD_KEY, Accepted.NO),
        (403, coded(403, "no access"), Family.BAD_KEY, Accepted.NO),
        (403, coded(402), Family.NO_MONEY, Accepted.NO),
        (403, coded(403, "Banned prompt detected"), Family.MODERATED, Accepted.NO),
        (413, b"", Family.BAD_REQUEST, Accepted.NO),
        (422, coded(422, "sensitive words"), Family.MODERATED, Accepted.NO),
        (429, coded(429), Family.BUSY, Accepted.NO),
        (429, b"", Family.BUSY, Accepted.NO),
        (455, coded(455), Family.BUSY, Accepted.NO),
        (455, b"", Family.BUSY, Accepted.NO),
        (400, coded(501), Family.BROKEN, Accepted.NO),
        (500, coded(500), Family.BROKEN, Accepted.NO),
        (500, coded(402), Family.NO_MONEY, Accepted.NO),
        (505, coded(505), Family.BAD_KEY, Accepted.NO),
        (505, b"", Family.BROKEN, Accepted.UNKNOWN),
        (500, b"", Family.BROKEN, Accepted.UNKNOWN),
        (502, b"<html>Bad Gateway</html>", Family.BROKEN, Accepted.UNKNOWN),
        (503, coded(200, "ok"), Family.BROKEN, Accepted.UNKNOWN),
        (504, b"[" * 100_000, Family.BROKEN, Accepted.UNKNOWN),
    ],
)
async def test_each_status_of_http(
    api: MidapiServer, midapi: Midapi, status: int, body: Any, family: Family, accepted: Accepted
) -> None:
    api.fail(GENERATE, Fault(status, body))
    error = await failure(midapi)
    assert (error.family, error.accepted, len(api.seen)) == (family, accepted, 1)


async def test_waits_that_were_asked_for(api: MidapiServer, midapi: Midapi) -> None:
    api.fail(GENERATE, Fault(429, coded(429), {"Retry-After": "12"}))
    api.fail(GENERATE, Fault(200, coded(455)))
    assert (await failure(midapi)).retry_after == 12
    assert (await failure(midapi)).retry_after == 120, "maintenance lasts minutes"


@pytest.mark.parametrize(("cut", "paid"), [("before", 0), ("after", 1)])
async def test_a_line_that_breaks_proves_nothing(api: MidapiServer, midapi: Midapi, cut: str, paid: int) -> None:
    api.fail(GENERATE, Fault(cut=cut))
    error = await failure(midapi)
    assert (error.family, error.accepted, api.paid) == (Family.BROKEN, Accepted.UNKNOWN, paid)


async def test_a_hang_and_a_closed_port(api: MidapiServer, client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    api.fail(GENERATE, Fault(hang=True))
    error = await failure(Midapi("good", f"{api.base}/api/v1/mj", client, send_seconds=1.2))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.UNKNOWN)
    error = await failure(Midapi("good", f"http://127.0.0.1:{unused_tcp_port}/api/v1/mj", client))
    assert (error.family, error.accepted) == (Family.BROKEN, Accepted.NO)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["code", "msg", "data", "taskId", "successFlag", "resultInfoJson", "resultUrls", "resultUrl"]),
            inner,
        )
    ),
    max_leaves=12,
)
CODED = JSON.map(lambda data: {"code": 200, "data": data})
DONE = JSON.map(lambda info: {"code": 200, "data": {"successFlag": 1, "resultInfoJson": info}})
BODIES = (JSON | CODED | DONE).map(lambda said: json.dumps(said).encode()) | st.binary(max_size=50)


@given(status=st.sampled_from([200, 200, 200, 201, 302, 400, 403, 404, 422]), body=BODIES)
async def test_odd_bodies_raise_nothing_but_provider_errors(status: int, body: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, content=body))
    async with httpx.AsyncClient(transport=transport) as client:
        midapi = Midapi("good", "http://midapi.test/api/v1/mj", client)
        for ask in (midapi.submit(REQUEST, "call", None), midapi.status("t"), midapi.check()):
            try:
                await ask
            except ProviderError as error:
                error.text.encode()
        with suppress(BadWebhook):
            midapi.read_webhook({}, body).encode()
