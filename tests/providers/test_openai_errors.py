"""What the OpenAI adapter makes of refusals, lost lines and strange answers."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage, Submitted
from providers.errors import Accepted, Family, ProviderError
from providers.openai import OpenAI
from tests.fakes.apis.openai import EDIT, GENERATE, KEY, FakeOpenAI, error
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import COLOURS, picture

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 4, Params(ratio="3:2"))
TILE = Source(picture(COLOURS[1], 64), "image/jpeg", ref="req_1", index=1)
VARY = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 4, source=TILE)


BUSY = {"retry-after-ms": "1500"}
SERVER = error(None, "The server had an error", "server_error")
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["aGk=", "http://["])
)
NAMES = st.sampled_from(["data", "error", "b64_json", "url", "usage", "code", "type", "message", "id", "output_tokens"])
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)
SHAPED = st.fixed_dictionaries({}, optional={"data": st.lists(JSON, max_size=4), "error": JSON, "usage": JSON})
BODIES = st.one_of(
    st.binary(max_size=40), (JSON | SHAPED).map(lambda value: json.dumps(value).encode()), st.just(b"[" * 200_000)
)


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


async def refusal(provider: OpenAI, request: DrawRequest = FOUR) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(request, "call-1", None)
    return caught.value


@pytest.mark.parametrize(
    "request_",
    [
        DrawRequest(Kind.UPSCALE, "a fox", Size(1024, 1024), 1, source=TILE),
        DrawRequest(Kind.VARIATION, "a fox", Size(1024, 1024), 4),
        DrawRequest(Kind.IMAGINE, "a fox", Size(1024, 1024), 4, image=Source(b"GIF89a", "image/gif")),
    ],
)
async def test_what_it_cannot_do_is_never_sent(openai: OpenAI, api: FakeOpenAI, request_: DrawRequest) -> None:
    refused = await refusal(openai, request_)
    assert (refused.family, refused.accepted) == (Family.BAD_REQUEST, Accepted.NO)
    assert api.seen == []


@pytest.mark.parametrize(
    ("fault", "family", "accepted", "paid"),
    [
        (Fault(400, error("unknown_parameter")), Family.BAD_REQUEST, Accepted.NO, 0),
        (
            Fault(400, error("moderation_blocked", kind="image_generation_user_error")),
            Family.MODERATED,
            Accepted.NO,
            0,
        ),
        (Fault(400, error("billing_hard_limit_reached")), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(402, b""), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(403, error("unsupported_country_region_territory")), Family.BAD_KEY, Accepted.NO, 0),
        (Fault(404, error("model_not_found")), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(429, error("rate_limit_exceeded"), BUSY), Family.BUSY, Accepted.NO, 0),
        (Fault(429, error("insufficient_quota", kind="insufficient_quota")), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(429, error(None, kind="insufficient_quota")), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(429, error("credit_balance_exhausted")), Family.NO_MONEY, Accepted.NO, 0),
        (Fault(503, SERVER), Family.BROKEN, Accepted.NO, 0),
        (Fault(503, {"error": {"message": "busy", "type": "server_error"}}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(503, b"<html>unavailable</html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(500, SERVER), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(500, error("moderation_blocked")), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(502, b"<html>bad gateway</html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(504, SERVER), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, 1),
        (Fault(200, b"<html>log in</html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, {"created": 1}), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, {"created": 1, "data": [{"b64_json": "%%%"}, None]}), Family.BROKEN, Accepted.UNKNOWN, 0),
    ],
)
async def test_a_failed_submit_says_truly_whether_it_may_have_been_taken(
    openai: OpenAI, api: FakeOpenAI, fault: Fault, family: Family, accepted: Accepted, paid: int
) -> None:
    api.fail(GENERATE, fault)
    failed = await refusal(openai)
    assert (failed.family, failed.accepted, api.paid) == (family, accepted, paid)
    assert len(api.seen) <= 1, "a paid request is sent once"
    assert failed.retry_after == (1.5 if fault.headers else None)


async def test_a_refused_edit_is_told_like_a_refused_drawing(openai: OpenAI, api: FakeOpenAI) -> None:
    api.fail(EDIT, Fault(400, error("moderation_blocked")))
    failed = await refusal(openai, VARY)
    assert (failed.family, failed.accepted) == (Family.MODERATED, Accepted.NO)
    assert "moderation_blocked" in failed.text


async def test_a_wrong_key(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    failed = await refusal(OpenAI("wrong", api.base, client, compatible=False))
    assert (failed.family, failed.accepted, api.paid) == (Family.BAD_KEY, Accepted.NO, 0)


async def test_no_answer_in_time_may_have_been_taken(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    api.fail(GENERATE, Fault(hang=True))
    failed = await refusal(OpenAI(KEY, api.base, client, compatible=False, send_seconds=1.2))
    assert (failed.family, failed.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


async def test_no_server_was_never_taken(client: httpx.AsyncClient) -> None:
    failed = await refusal(OpenAI(KEY, "http://127.0.0.1:9/v1", client, compatible=False))
    assert (failed.family, failed.accepted) == (Family.BROKEN, Accepted.NO)


@given(st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503]), BODIES, st.booleans())
def test_no_reply_raises_anything_else(status: int, body: bytes, compatible: bool) -> None:
    async def ask() -> Submitted | ProviderError:
        transport = httpx.MockTransport(lambda _request: httpx.Response(status, content=body))
        async with httpx.AsyncClient(transport=transport) as client:
            try:
                return await OpenAI(KEY, "http://fake/v1", client, compatible=compatible).submit(FOUR, "call-1", None)
            except ProviderError as error:
                return error

    got = asyncio.run(ask())
    if isinstance(got, Submitted):
        assert all(bool(one.url) != bool(one.data) for one in got.pictures)
    else:
        assert status >= 300 or got.accepted is Accepted.UNKNOWN, "a 2xx may have been paid for"


async def test_no_pictures_is_an_end_without_any(openai: OpenAI, api: FakeOpenAI) -> None:
    api.fail(GENERATE, Fault(200, {"created": 1, "data": []}))
    sent = await openai.submit(FOUR, "call-1", None)
    assert sent.pictures == ()
    status = await openai.status(sent.ref)
    assert (status.stage, status.pictures) == (Stage.DONE, ())


async def test_one_bad_entry_does_not_cost_the_good_ones(openai: OpenAI, api: FakeOpenAI) -> None:
    good = {"b64_json": base64.b64encode(b"picture").decode()}
    api.fail(GENERATE, Fault(200, {"data": [good, {"b64_json": 7}, {"url": "http://["}, good], "usage": []}))
    sent = await openai.submit(FOUR, "call-1", None)
    assert [one.data for one in sent.pictures] == [b"picture", b"picture"]
