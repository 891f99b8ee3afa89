"""The OpenAI adapter against a server that knows the common fields only, and how strict the fakes are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from providers.base import DrawRequest, Kind, Params, Size, Source
from providers.errors import Accepted, Family, ProviderError
from providers.openai import OpenAI
from tests.fakes.apis.openai import GENERATE, KEY, FakeCompatible, FakeOpenAI, error
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import COLOURS, picture

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 4, Params(ratio="3:2"))
TILE = Source(picture(COLOURS[1], 64), "image/jpeg", ref="req_1", index=1)
VARY = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 4, source=TILE)
SERVER = error(None, "The server had an error", "server_error")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


async def refusal(provider: OpenAI, request: DrawRequest = FOUR) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(request, "call-1", None)
    return caught.value


@pytest.mark.parametrize("answers", ["b64", "url", "relative"])
async def test_a_compatible_server_gets_the_common_fields_only(client: httpx.AsyncClient, answers: Any) -> None:
    async with FakeCompatible(answers) as api:
        provider = OpenAI(KEY, f"{api.base}/", client, model="dreamshaper")
        sent = await provider.submit(FOUR, "call-1", None)
        assert api.seen[0].body == {
            "model": "dreamshaper",
            "prompt": "a red fox",
            "n": 4,
            "size": "1280x832",
            "response_format": "b64_json",
        }
        got = [one.data or (await client.get(one.url)).content for one in sent.pictures]
        assert got == [picture(colour, 64) for colour in COLOURS[:4]]
        assert all(bool(one.data) != bool(one.url) for one in sent.pictures)
        assert (sent.cost, api.paid, api.violations) == (None, 1, [])


async def test_a_compatible_server_claims_less(client: httpx.AsyncClient) -> None:
    async with FakeCompatible() as api:
        provider = OpenAI("", api.base, client, model="sdxl")
        can = provider.capabilities
        assert (can.variation, can.image_input, can.price, can.official) == (False, False, 0, False)
        failed = await refusal(provider, VARY)
        assert (failed.family, failed.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])
        api.fail(GENERATE, Fault(503, SERVER))
        assert (await refusal(OpenAI(KEY, api.base, client, model="sdxl"))).accepted is Accepted.UNKNOWN


async def test_check_of_a_compatible_server(client: httpx.AsyncClient) -> None:
    async with FakeCompatible() as api:
        assert (await OpenAI(KEY, api.base, client, model="dreamshaper").check()).ok
        other = await OpenAI(KEY, api.base, client, model="sdxl").check()
        assert not other.ok
        assert "dreamshaper" in other.sentence
    gone = await OpenAI(KEY, api.base, client, model="sdxl").check()
    assert not gone.ok
    assert "OPENAI_BASE_URL" in gone.sentence


async def test_a_server_without_a_key_is_sent_none(client: httpx.AsyncClient) -> None:
    async with FakeCompatible() as api:
        api.free = frozenset({GENERATE})
        await OpenAI("", api.base, client, model="sdxl").submit(FOUR, "call-1", None)
        assert "Authorization" not in api.seen[0].headers


@pytest.mark.parametrize(
    "extra",
    [
        {"seed": 7},
        {"response_format": "b64_json"},
        {"size": "1000x1000"},
        {"size": "1600x512"},
        {"quality": "ultra"},
        {"n": 11},
    ]
    + [{"model": model} for model in ("dall-e-3", "gpt-image-1")],
)
async def test_the_fake_refuses_what_openai_refuses(client: httpx.AsyncClient, extra: dict[str, Any]) -> None:
    body = {"model": "gpt-image-2", "prompt": "a", "n": 1, "size": "1024x1024", "quality": "xhigh", "output_format": "jpeg"}
    async with FakeOpenAI() as api:
        url, headers = f"{api.base}{GENERATE}", {"Authorization": f"Bearer {KEY}"}
        assert (await client.post(url, json=body, headers=headers)).status_code == 200
        assert api.violations == [], "newer than the description, but in the SDK"
        assert (await client.post(url, json=body | extra, headers=headers)).status_code >= 400
        assert len(api.violations) == 1
        assert api.paid == 1
