"""The Gemini adapter against generateContent on loopback."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.gemini import LONG_RATIOS, RATIOS, Gemini, nearest_ratio
from tests.fakes.apis.gemini import GENERATE, KEY, MODEL, GeminiApi, blocked, fault, finished
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import picture

FOX = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 1, Params(seed=7))
TILE = Source(picture("blue"), "image/jpeg", ref="answer-1")


@pytest.fixture
async def api() -> AsyncIterator[GeminiApi]:
    async with GeminiApi() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def gemini(api: GeminiApi, client: httpx.AsyncClient) -> Gemini:
    return Gemini(KEY, api.base, client, send_seconds=5.0)


async def test_a_grid_is_four_calls_of_one_picture(gemini: Gemini, api: GeminiApi) -> None:
    sent = await asyncio.gather(*(gemini.submit(FOX, f"call-{n}", None) for n in range(4)))
    assert [len(one.pictures) for one in sent] == [1, 1, 1, 1]
    assert len({one.ref for one in sent}) == api.paid == 4
    assert all(one.pictures[0].data.startswith(b"\xff\xd8") for one in sent), "the draft is not the picture"
    assert sent[0].pictures[0].seed == 7
    body = api.of(GENERATE)[0].body
    assert body["contents"] == [{"role": "user", "parts": [{"text": "a red fox"}]}]
    assert body["generationConfig"] == {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "3:2"}, "seed": 7}


async def test_a_variation_sends_the_tile_and_asks_for_another_composition(gemini: Gemini, api: GeminiApi) -> None:
    sent = await gemini.submit(DrawRequest(Kind.VARIATION, "a fox", Size(64, 64), 1, source=TILE), "call", None)
    text, tile = api.of(GENERATE)[0].body["contents"][0]["parts"]
    assert text["text"].startswith("a fox\n")
    assert "vary the composition" in text["text"]
    assert base64.b64decode(tile["inlineData"]["data"]) == TILE.data
    assert tile["inlineData"]["mimeType"] == "image/jpeg"
    assert sent.pictures[0].seed is None


async def test_an_upscale_draws_the_tile_anew_at_2k(gemini: Gemini, api: GeminiApi) -> None:
    await gemini.submit(DrawRequest(Kind.UPSCALE, "a fox", Size(64, 64), 1, source=TILE), "call", None)
    body = api.of(GENERATE)[0].body
    assert body["generationConfig"]["imageConfig"] == {"aspectRatio": "1:1", "imageSize": "2K"}
    assert base64.b64decode(body["contents"][0]["parts"][1]["inlineData"]["data"]) == TILE.data
    assert "redraws" in gemini.capabilities.label
    assert not gemini.capabilities.upscale_any


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "of-tomorrow"])
def test_a_model_without_2k_offers_no_upscale(client: httpx.AsyncClient, model: str) -> None:
    can = Gemini(KEY, "http://x", client, model=model).capabilities
    assert (can.upscale, can.upscale_price, can.label) == (False, 0, "Google Gemini")
    assert can.price > 0


async def test_an_input_picture_goes_along_with_the_plain_prompt(gemini: Gemini, api: GeminiApi) -> None:
    await gemini.submit(DrawRequest(Kind.IMAGINE, "a fox", Size(64, 64), 1, image=TILE), "call", None)
    text, image = api.of(GENERATE)[0].body["contents"][0]["parts"]
    assert text == {"text": "a fox"}
    assert base64.b64decode(image["inlineData"]["data"]) == TILE.data


async def test_a_seed_that_google_cannot_hold_is_folded_and_told_so(gemini: Gemini, api: GeminiApi) -> None:
    sent = await gemini.submit(DrawRequest(Kind.IMAGINE, "x", Size(64, 64), 1, Params(seed=2**32 - 1)), "call", None)
    assert sent.pictures[0].seed == api.of(GENERATE)[0].body["generationConfig"]["seed"] == 2**31 - 1


@pytest.mark.parametrize(
    ("ratio", "size", "expected"),
    [
        ("", Size(1024, 1024), "1:1"),
        ("3:2", Size(1, 1), "3:2"),
        ("16:10", Size(1, 1), "3:2"),
        ("1:10", Size(1, 1), "9:16"),
        ("100:1", Size(1, 1), "21:9"),
        ("0:0", Size(832, 1248), "2:3"),
        ("nonsense", Size(0, 0), "9:16"),
    ],
)
def test_the_nearest_ratio(ratio: str, size: Size, expected: str) -> None:
    assert nearest_ratio(ratio, size) == expected


def test_the_default_model_has_long_ratios() -> None:
    assert nearest_ratio("1:10", Size(1, 1), RATIOS + LONG_RATIOS) == "1:8"


@pytest.mark.parametrize(
    ("reply", "family", "said"),
    [
        (blocked("PROHIBITED_CONTENT"), Family.MODERATED, "PROHIBITED_CONTENT"),
        (blocked("OTHER"), Family.MODERATED, "OTHER"),
        (finished("IMAGE_SAFETY"), Family.MODERATED, "IMAGE_SAFETY"),
        (finished("SAFETY", "No."), Family.MODERATED, "SAFETY"),
        (finished("IMAGE_RECITATION"), Family.MODERATED, "IMAGE_RECITATION"),
        (finished("STOP", "I can't", "draw that."), Family.REFUSED, "I can't draw that."),
        (finished("NO_IMAGE"), Family.REFUSED, "NO_IMAGE"),
        (finished("IMAGE_OTHER"), Family.REFUSED, "IMAGE_OTHER"),
    ],
)
async def test_a_refusal_with_http_200_was_taken_and_its_reason_outlives_us(
    gemini: Gemini, api: GeminiApi, client: httpx.AsyncClient, reply: Any, family: Family, said: str
) -> None:
    api.reply = reply
    sent = await gemini.submit(FOX, "call", None)
    assert sent.pictures == ()
    later = await Gemini(KEY, "http://127.0.0.1:1", client).status(sent.ref)
    assert later.stage is Stage.FAILED
    assert later.error is not None
    assert (later.error.family, later.error.text) == (family, said)


@pytest.mark.parametrize("reply", [{}, {"candidates": []}, finished("MAX_TOKENS"), finished("STOP"), finished("STOP", " ")])
async def test_nothing_and_no_reason_is_done_without_a_picture(gemini: Gemini, api: GeminiApi, reply: Any) -> None:
    api.reply = reply
    status = await gemini.status((await gemini.submit(FOX, "call", None)).ref)
    assert (status.stage, status.pictures) == (Stage.DONE, ())


INVALID_KEY = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
SOON = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "12.5s"}


@pytest.mark.parametrize(
    ("failure", "family", "accepted", "wait", "paid"),
    [
        (Fault(401, fault(401, "UNAUTHENTICATED")), Family.BAD_KEY, Accepted.NO, None, 0),
        (Fault(403, fault(403, "PERMISSION_DENIED")), Family.BAD_KEY, Accepted.NO, None, 0),
        (Fault(400, fault(400, "INVALID_ARGUMENT", INVALID_KEY)), Family.BAD_KEY, Accepted.NO, None, 0),
        (Fault(400, fault(400, "INVALID_ARGUMENT")), Family.BAD_REQUEST, Accepted.NO, None, 0),
        (Fault(400, b"<html>"), Family.BAD_REQUEST, Accepted.NO, None, 0),
        (Fault(400, fault(400, "FAILED_PRECONDITION")), Family.NO_MONEY, Accepted.NO, None, 0),
        (Fault(402), Family.NO_MONEY, Accepted.NO, None, 0),
        (Fault(404, fault(404, "NOT_FOUND")), Family.BAD_REQUEST, Accepted.NO, None, 0),
        (Fault(429, fault(429, "RESOURCE_EXHAUSTED"), {"Retry-After": "7"}), Family.BUSY, Accepted.NO, 7.0, 0),
        (Fault(429, fault(429, "RESOURCE_EXHAUSTED", SOON)), Family.BUSY, Accepted.NO, 12.5, 0),
        (Fault(429, fault(429, "RESOURCE_EXHAUSTED", {"retryDelay": "nans"})), Family.BUSY, Accepted.NO, None, 0),
        (Fault(500, fault(500, "INTERNAL")), Family.BROKEN, Accepted.NO, None, 0),
        (Fault(503, fault(503, "UNAVAILABLE")), Family.BROKEN, Accepted.NO, None, 0),
        (Fault(504, fault(504, "DEADLINE_EXCEEDED")), Family.BROKEN, Accepted.UNKNOWN, None, 0),
        (Fault(500, b"oops"), Family.BROKEN, Accepted.UNKNOWN, None, 0),
        (Fault(502, b"<html>bad gateway</html>"), Family.BROKEN, Accepted.UNKNOWN, None, 0),
        (Fault(500, b"[" * 100_000), Family.BROKEN, Accepted.UNKNOWN, None, 0),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, None, 0),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, None, 1),
    ],
)
async def test_a_failed_submit_says_truly_whether_it_may_have_been_taken(
    gemini: Gemini, api: GeminiApi, failure: Fault, family: Family, accepted: Accepted, wait: float | None, paid: int
) -> None:
    api.fail(GENERATE, failure)
    with pytest.raises(ProviderError) as caught:
        await gemini.submit(FOX, "call", None)
    assert (caught.value.family, caught.value.accepted, caught.value.retry_after) == (family, accepted, wait)
    assert api.paid == paid
    assert len(api.of(GENERATE)) == (0 if failure.cut == "before" else 1), "sent once, never repeated"


async def test_no_answer_in_time_may_have_been_taken(api: GeminiApi, client: httpx.AsyncClient) -> None:
    api.fail(GENERATE, Fault(hang=True))
    with pytest.raises(ProviderError) as caught:
        await Gemini(KEY, api.base, client, send_seconds=1.2).submit(FOX, "call", None)
    assert (caught.value.family, caught.value.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    with pytest.raises(ProviderError) as caught:
        await Gemini(KEY, f"http://127.0.0.1:{unused_tcp_port}", client).submit(FOX, "call", None)
    assert caught.value.accepted is Accepted.NO


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"candidates":[{"content":{"parts":[{"inlineData":{"data":"%%%"}}]}}]}',
     b'{"candidates":[{"content":{"parts":[{"text":"\\ud800"}]}}]}'],
)  # fmt: skip
async def test_a_reply_that_is_none_may_have_been_paid(gemini: Gemini, api: GeminiApi, body: bytes) -> None:
    api.fail(GENERATE, Fault(200, body))
    with pytest.raises(ProviderError) as caught:
        await gemini.submit(FOX, "call", None)
    assert (caught.value.family, caught.value.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


@given(st.text())
async def test_any_ref_has_a_status(ref: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await Gemini(KEY, "http://x", client).status(ref)).stage in (Stage.FAILED, Stage.DONE)


async def test_there_is_nothing_to_look_up_cancel_or_be_told(gemini: Gemini) -> None:
    assert await gemini.lookup("call") is None
    assert await gemini.cancel("answer-1") is False
    assert (await gemini.status("answer-1")).stage is Stage.FAILED
    with pytest.raises(BadWebhook):
        gemini.read_webhook({}, b"{}")


async def test_check_asks_for_the_model_and_pays_nothing(gemini: Gemini, api: GeminiApi) -> None:
    health = await gemini.check()
    assert health.ok
    assert api.of(MODEL)[0].path == "/models/gemini-3.1-flash-image"
    assert api.paid == 0


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (Fault(400, fault(400, "INVALID_ARGUMENT", INVALID_KEY)), "GEMINI_API_KEY"),
        (Fault(403, fault(403, "PERMISSION_DENIED")), "GEMINI_API_KEY"),
        (Fault(404, fault(404, "NOT_FOUND")), "IMAGINE_GEMINI_MODEL"),
        (Fault(400, fault(400, "FAILED_PRECONDITION")), "billing"),
        (Fault(418, b"tea"), "418"),
    ],
)
async def test_check_says_what_to_mend(gemini: Gemini, api: GeminiApi, failure: Fault, word: str) -> None:
    api.fail(MODEL, failure)
    health = await gemini.check()
    assert not health.ok
    assert word in health.sentence
    assert health.sentence.endswith(".")
