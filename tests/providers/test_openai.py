"""OpenAI's images against a server that holds every request against OpenAI's own description."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source
from providers.errors import BadWebhook
from providers.openai import DEFAULT_URL, OpenAI, quality_of
from providers.openai_size import nearest
from tests.fakes.apis.openai import EDIT, GENERATE, KEY, MODEL, FakeOpenAI, error
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import COLOURS, picture

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 4, Params(ratio="3:2"))
TILE = Source(picture(COLOURS[1], 64), "image/jpeg", ref="req_1", index=1)
VARY = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 4, source=TILE)


@pytest.fixture
async def api() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def openai(api: FakeOpenAI, client: httpx.AsyncClient) -> OpenAI:
    return OpenAI(KEY, api.base, client, compatible=False)


async def test_one_call_draws_the_grid(openai: OpenAI, api: FakeOpenAI) -> None:
    sent = await openai.submit(FOUR, "call-1", None)
    assert [one.data for one in sent.pictures] == [picture(colour, 64) for colour in COLOURS[:4]]
    assert sent.ref == "call-1"
    assert sent.cost == 20 * 5 + 800 * 30
    assert api.paid == 1
    assert api.seen[0].body == {
        "model": "gpt-image-2",
        "prompt": "a red fox",
        "n": 4,
        "size": "1248x832",
        "quality": "medium",
        "output_format": "jpeg",
    }


async def test_a_large_reply_is_decoded_off_the_loop(
    openai: OpenAI, api: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    whole = asyncio.to_thread

    async def noted(*parts: Any) -> Any:
        threads.append(parts[0].__name__)
        return await whole(*parts)

    monkeypatch.setattr(asyncio, "to_thread", noted)
    large = base64.b64encode(b"\xff" * 300_000).decode()
    api.fail(GENERATE, Fault(200, {"created": 1, "data": [{"b64_json": large}] * 4}, {"x-request-id": "req_7"}))
    sent = await openai.submit(FOUR, "call-1", None)
    assert threads == ["pictures"]
    assert (sent.ref, [len(one.data) for one in sent.pictures], sent.cost) == ("req_7", [300_000] * 4, None)


async def test_a_variation_is_an_edit_of_the_cell(openai: OpenAI, api: FakeOpenAI) -> None:
    sent = await openai.submit(VARY, "call-1", None)
    assert len(sent.pictures) == 4
    assert sent.cost == 20 * 5 + 1000 * 8 + 800 * 30
    (seen,) = api.of(EDIT)
    assert seen.body["image"] == {"filename": "image.jpg", "type": "image/jpeg", "bytes": TILE.data}
    assert (seen.body["n"], seen.body["prompt"]) == ("4", "a red fox")


async def test_an_input_picture_is_an_edit(openai: OpenAI, api: FakeOpenAI) -> None:
    image = Source(b"\x89PNG", "image/png")
    await openai.submit(DrawRequest(Kind.IMAGINE, "a fox", Size(1024, 1024), 2, image=image), "call-1", None)
    (seen,) = api.of(EDIT)
    assert seen.body["image"] == {"filename": "image.png", "type": "image/png", "bytes": b"\x89PNG"}
    assert api.paid == 1


async def test_nothing_can_be_followed_or_called_back(openai: OpenAI) -> None:
    assert await openai.lookup("call-1") is None
    assert await openai.cancel("req_1") is False
    with pytest.raises(BadWebhook):
        openai.read_webhook({}, b"{}")


@pytest.mark.parametrize(
    ("model", "price"),
    [("gpt-image-2", 53_000), ("gpt-image-2.6-flare", 53_000), ("gpt-image-1.5", 34_000), ("gpt-image-other", 211_000)],
)
async def test_capabilities_at_home(client: httpx.AsyncClient, model: str, price: int) -> None:
    can = OpenAI(KEY, DEFAULT_URL, client, model=model).capabilities
    assert (can.name, can.price, can.variation, can.image_input, can.upscale) == ("openai", price, True, True, False)
    assert can.honours == {"ratio", "quality", "speed"}


@pytest.mark.parametrize(
    ("params", "quality"),
    [
        (Params(), "medium"),
        (Params(speed="draft"), "low"),
        (Params(speed="draft", quality=4), "low"),
        (Params(speed="turbo"), "medium"),
        (Params(quality=0.5), "low"),
        (Params(quality=1), "medium"),
        (Params(quality=2), "high"),
    ],
)
def test_quality(params: Params, quality: str) -> None:
    assert quality_of(params) == quality


@pytest.mark.parametrize(
    ("model", "size", "wanted"),
    [
        ("gpt-image-2", Size(1024, 1024), "1024x1024"),
        ("gpt-image-2-2026-04-21", Size(1365, 768), "1360x768"),
        ("gpt-image-2.5-flare", Size(2048, 512), "1776x592"),
        ("gpt-image-2", Size(512, 2048), "592x1776"),
        ("gpt-image-2.6-flare", Size(1365, 768), "1536x1024"),
        ("gpt-image-1.5", Size(768, 1365), "1024x1536"),
        ("gpt-image-1-mini", Size(1000, 1100), "1024x1024"),
        ("chatgpt-image-latest", Size(1100, 1000), "1024x1024"),
    ],
)
def test_size(model: str, size: Size, wanted: str) -> None:
    assert nearest(size, model) == wanted


@given(st.integers(16, 5000), st.integers(16, 5000))
def test_every_size_is_one_that_the_api_takes(width: int, height: int) -> None:
    wide, high = (int(side) for side in nearest(Size(width, height), "gpt-image-2").split("x"))
    assert not wide % 16
    assert not high % 16
    assert 1 / 3 <= wide / high <= 3
    assert wide * high <= 2560 * 1440 * 1.05


async def test_check_pays_nothing(openai: OpenAI, api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    assert (await openai.check()).ok
    api.fail(MODEL, Fault(403, error("no_access")))
    refused = await openai.check()
    unknown = await OpenAI(KEY, api.base, client, compatible=False, model="gpt-image-9").check()
    wrong = await OpenAI("wrong", api.base, client, compatible=False).check()
    for health, name in ((refused, "OPENAI_API_KEY"), (unknown, "IMAGINE_OPENAI_MODEL"), (wrong, "OPENAI_API_KEY")):
        assert not health.ok
        assert name in health.sentence
        assert health.sentence.endswith(".")
    assert api.paid == 0
