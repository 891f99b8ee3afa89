"""What Replicate's models are run by: official ones by name, all others by a version that is asked for once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from providers.base import DrawRequest, Kind, Size, Source
from providers.errors import Accepted, Family, ProviderError
from providers.replicate import Replicate
from providers.replicate_models import MODELS
from tests.fakes.apis.replicate import BY_NAME, BY_VERSION, FILES, MODEL, TOKEN, ReplicateApi
from tests.fakes.apis.strict import Fault

FOX = DrawRequest(Kind.IMAGINE, "a red fox", Size(1024, 1024), 1)
LARGE = Source(b"\x89PNG" + bytes(300_000), "image/png")
ENLARGE = DrawRequest(Kind.UPSCALE, "a red fox", Size(1024, 1024), 1, source=LARGE)
PROBLEM = {"title": "x", "detail": "y"}


@pytest.fixture
async def api() -> AsyncIterator[ReplicateApi]:
    async with ReplicateApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


async def refused(replicate: Replicate, request: DrawRequest) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await replicate.submit(request, "call-1", None)
    return caught.value


async def test_a_community_model_is_run_by_its_latest_version(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    replicate = Replicate(TOKEN, api.base, client, model="acme/fox")
    for call in ("call-1", "call-2"):
        await replicate.submit(FOX, call, None)
    assert [seen.body["version"] for seen in api.of(BY_VERSION)] == ["acme/fox:" + "d" * 64] * 2
    assert [seen.path for seen in api.of(MODEL)] == ["/models/acme/fox"], "asked once"
    assert (api.paid, api.of(BY_NAME)) == (2, [])


async def test_an_official_model_that_is_new_to_us_goes_by_its_name(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    replicate = Replicate(TOKEN, api.base, client, model="google/imagen-4")
    for call in ("call-1", "call-2"):
        await replicate.submit(FOX, call, None)
    assert [seen.path for seen in api.of(BY_NAME)] == ["/models/google/imagen-4/predictions"] * 2
    assert len(api.of(MODEL)) == 1


@pytest.mark.parametrize("model", [*MODELS, "acme/fox:" + "d" * 64])
async def test_what_is_known_is_not_asked_for(api: ReplicateApi, client: httpx.AsyncClient, model: str) -> None:
    await Replicate(TOKEN, api.base, client, model=model).submit(FOX, "call-1", None)
    assert (api.paid, api.of(MODEL)) == (1, [])


def test_prices_go_by_the_name(client: httpx.AsyncClient) -> None:
    can = Replicate(TOKEN, "http://127.0.0.1", client, model="acme/fox").capabilities
    assert (can.price, can.draft_price, can.upscale_price) == (40_000, 3_000, 2_000)


@pytest.mark.parametrize(
    ("fault", "family", "says"),
    [
        (Fault(200, {"is_official": False, "latest_version": None}), Family.BAD_REQUEST, "no version"),
        (Fault(200, {}), Family.BAD_REQUEST, "no version"),
        (Fault(200, {"is_official": "yes", "latest_version": {}}), Family.BROKEN, "names no version"),
        (Fault(200, {"latest_version": {"id": "../account"}}), Family.BROKEN, "names no version"),
        (Fault(200, {"latest_version": ["e" * 64]}), Family.BROKEN, "names no version"),
        (Fault(200, b"<html>"), Family.BROKEN, "no JSON"),
        (Fault(401, PROBLEM), Family.BAD_KEY, "401"),
        (Fault(403, PROBLEM), Family.BAD_KEY, "403"),
        (Fault(429, PROBLEM, {"Retry-After": "17"}), Family.BUSY, "429"),
        (Fault(503, PROBLEM), Family.BROKEN, "503"),
        (Fault(cut="before"), Family.BROKEN, ""),
    ],
)
async def test_a_version_that_is_not_found_pays_nothing(
    api: ReplicateApi, client: httpx.AsyncClient, fault: Fault, family: Family, says: str
) -> None:
    replicate = Replicate(TOKEN, api.base, client)
    api.fail(MODEL, fault, times=3)
    error = await refused(replicate, ENLARGE)
    assert (error.family, error.accepted, api.paid, api.of(FILES)) == (family, Accepted.NO, 0, [])
    assert "nightmareai/real-esrgan" in error.text
    assert says in error.text
    assert error.retry_after == (17.0 if fault.status == 429 else None)


async def test_of_what_has_no_record_the_route_by_name_has_the_last_word(
    api: ReplicateApi, client: httpx.AsyncClient
) -> None:
    error = await refused(Replicate(TOKEN, api.base, client, model="acme/cat"), FOX)
    assert (error.family, error.accepted, api.paid) == (Family.BAD_REQUEST, Accepted.NO, 0)
    assert [seen.path for seen in api.of(BY_NAME)] == ["/models/acme/cat/predictions"]


async def test_a_failure_is_not_remembered(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    replicate = Replicate(TOKEN, api.base, client)
    api.fail(MODEL, Fault(404, PROBLEM))
    await refused(replicate, ENLARGE)
    await replicate.submit(ENLARGE, "call-2", None)
    assert api.paid == 1


async def test_a_version_that_is_gone_is_a_bad_request(api: ReplicateApi, client: httpx.AsyncClient) -> None:
    error = await refused(Replicate(TOKEN, api.base, client, model="acme/fox:" + "0" * 64), FOX)
    assert (error.family, error.accepted, api.paid) == (Family.BAD_REQUEST, Accepted.NO, 0)


@pytest.mark.parametrize(
    ("path", "more", "status"),
    [
        ("/models/acme/fox/predictions", {}, 404),
        ("/predictions", {"version": "acme/fox"}, 422),
        ("/models/acme/cat/predictions", {}, 404),
    ],
)
async def test_the_server_here_refuses_what_replicate_refuses(
    api: ReplicateApi, client: httpx.AsyncClient, path: str, more: dict[str, Any], status: int
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Cancel-After": "5m"}
    order = more | {"input": {"prompt": "a red fox", "aspect_ratio": "1:1"}}
    assert (await client.post(api.base + path, headers=headers, json=order)).status_code == status
    assert api.paid == 0
