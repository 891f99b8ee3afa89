"""Partial pictures of OpenAI: one paid request a picture, whatever the stream does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Size, Source, Submitted
from providers.errors import Accepted, Family, ProviderError
from providers.openai import OpenAI
from providers.streaming import Partial, Streaming
from tests.fakes.apis.openai import EDIT, GENERATE, KEY, FakeOpenAI, error
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import COLOURS, picture

ONE = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 1)
TILE = Source(picture(COLOURS[1], 64), "image/jpeg")
VARY = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 1, source=TILE)
GREY, FIRST = picture("grey", 64), picture(COLOURS[1], 64)


@pytest.fixture
async def api() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


def provider(api: FakeOpenAI, client: httpx.AsyncClient, partials: int = 1, **more: float) -> OpenAI:
    return OpenAI(KEY, api.base, client, compatible=False, partials=partials, **more)  # type: ignore[arg-type]


class Eye:
    def __init__(self) -> None:
        self.partials: list[Partial] = []
        self.came = asyncio.Event()

    async def __call__(self, partial: Partial) -> None:
        self.partials.append(partial)
        self.came.set()

    @property
    def fractions(self) -> list[float]:
        return [partial.fraction for partial in self.partials]


async def draw(openai: OpenAI, request: DrawRequest = ONE) -> tuple[Submitted, Eye]:
    eye = Eye()
    return await openai.submit_streaming(request, "call-1", None, eye), eye


async def refusal(openai: OpenAI, request: DrawRequest = ONE) -> tuple[ProviderError, Eye]:
    eye = Eye()
    with pytest.raises(ProviderError) as caught:
        await openai.submit_streaming(request, "call-1", None, eye)
    return caught.value, eye


async def test_partials_then_the_picture_with_its_true_cost(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    openai = provider(api, client, 3)
    assert isinstance(openai, Streaming)
    sent, eye = await draw(openai)
    assert [one.data for one in sent.pictures] == [FIRST]
    assert [partial.data for partial in eye.partials] == [GREY] * 3
    assert eye.fractions == [0.25, 0.5, 0.75]
    assert sent.cost == 20 * 5 + 500 * 30
    assert (api.paid, api.seen[0].body["stream"], api.seen[0].body["partial_images"]) == (1, True, 3)


async def test_a_partial_is_shown_while_it_draws(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    api.gate.clear()
    eye = Eye()
    drawing = asyncio.create_task(provider(api, client).submit_streaming(ONE, "call-1", None, eye))
    await asyncio.wait_for(eye.came.wait(), 5)
    assert not drawing.done()
    api.gate.set()
    assert (await asyncio.wait_for(drawing, 5)).pictures


async def test_an_edit_streams_too(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    sent, eye = await draw(provider(api, client), VARY)
    assert (len(sent.pictures), eye.fractions, sent.cost) == (1, [0.5], 20 * 5 + 1000 * 8 + 300 * 30)
    (seen,) = api.of(EDIT)
    assert (seen.body["stream"], seen.body["partial_images"]) == ("true", "1")


async def test_fewer_partials_than_asked_for_invent_nothing(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    api.short = 2
    sent, eye = await draw(provider(api, client, 3))
    assert (len(sent.pictures), eye.fractions) == (1, [0.25])


async def test_large_pictures_are_decoded_off_the_loop(
    api: FakeOpenAI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    whole = asyncio.to_thread

    async def noted(function: object, *parts: object) -> object:
        threads.append(function)
        return await whole(function, *parts)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "to_thread", noted)
    api.size = 5000
    sent, eye = await draw(provider(api, client))
    assert (len(threads), len(eye.partials), len(sent.pictures)) == (2, 1, 1)


async def test_several_pictures_a_call_are_never_streamed(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    openai = provider(api, client)
    assert (openai.capabilities.per_call, openai.capabilities.progress) == (1, True)
    sent, eye = await draw(openai, replace(ONE, count=4))
    assert (len(sent.pictures), eye.partials, api.paid) == (4, [], 1)
    assert "stream" not in api.seen[0].body


async def test_no_partials_is_plain_json(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    openai = provider(api, client, 0)
    assert (openai.capabilities.per_call, openai.capabilities.progress) == (4, False)
    _, eye = await draw(openai)
    assert (eye.partials, "stream" in api.seen[0].body) == ([], False)


async def test_json_instead_of_events_is_taken(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    api.ends = "json"
    sent, eye = await draw(provider(api, client))
    assert (len(sent.pictures), eye.partials, api.paid) == (1, [], 1)


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("server_error", Family.BROKEN),
        ("moderation_blocked", Family.MODERATED),
        ("insufficient_quota", Family.NO_MONEY),
        ("rate_limit_exceeded", Family.BUSY),
    ],
)
async def test_an_error_event_may_have_been_paid(
    api: FakeOpenAI, client: httpx.AsyncClient, code: str, family: Family
) -> None:
    api.ends, api.code = "error", code
    failed, eye = await refusal(provider(api, client))
    assert (failed.family, failed.accepted, len(api.seen), len(eye.partials)) == (family, Accepted.UNKNOWN, 1, 1)
    assert code in failed.text


async def test_a_cut_stream_may_have_been_paid(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    api.ends = "cut"
    failed, eye = await refusal(provider(api, client))
    assert (failed.family, failed.accepted, len(api.seen), len(eye.partials)) == (Family.BROKEN, Accepted.UNKNOWN, 1, 1)


async def test_a_stream_that_hangs_ends_in_time(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    api.gate.clear()
    failed, eye = await refusal(provider(api, client, send_seconds=1.2))
    api.gate.set()
    assert (failed.family, failed.accepted, len(eye.partials)) == (Family.BROKEN, Accepted.UNKNOWN, 1)


@pytest.mark.parametrize(
    ("fault", "family", "accepted"),
    [
        (Fault(400, error("moderation_blocked")), Family.MODERATED, Accepted.NO),
        (Fault(401, error("invalid_api_key")), Family.BAD_KEY, Accepted.NO),
        (Fault(429, error("rate_limit_exceeded")), Family.BUSY, Accepted.NO),
        (Fault(500, error(None)), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(200, b"<html>"), Family.BROKEN, Accepted.UNKNOWN),
        (Fault(204, b""), Family.BROKEN, Accepted.UNKNOWN),
    ],
)
async def test_refusals_before_the_stream_are_as_always(
    api: FakeOpenAI, client: httpx.AsyncClient, fault: Fault, family: Family, accepted: Accepted
) -> None:
    api.fail(GENERATE, fault)
    failed, eye = await refusal(provider(api, client))
    assert (failed.family, failed.accepted, eye.partials, api.paid) == (family, accepted, [], 0)
    assert len(api.seen) <= 1


async def test_a_refusal_of_streaming_is_sent_again_without_it(api: FakeOpenAI, client: httpx.AsyncClient) -> None:
    said = error("unsupported_value", "Your organization must be verified to stream this model.")
    said["error"]["param"] = "stream"
    api.fail(GENERATE, Fault(400, said))
    sent, _ = await draw(provider(api, client))
    assert (len(sent.pictures), api.paid, ["stream" in seen.body for seen in api.seen]) == (1, 1, [True, False])


NAMES = st.sampled_from(
    ["image_generation.partial_image", "image_edit.completed", "image_generation.completed", "error", ""]
)
VALUES = (
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["aGk=", "%%"]) | st.lists(st.integers(), max_size=2)
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "type": NAMES | VALUES,
        "b64_json": VALUES,
        "usage": VALUES | st.dictionaries(st.just("output_tokens"), VALUES),
        "error": VALUES | st.dictionaries(st.sampled_from(["code", "type", "message"]), VALUES),
        "code": VALUES,
    },
)
PIECES = st.binary(max_size=30) | st.tuples(NAMES, BODIES | VALUES).map(
    lambda pair: f"event: {pair[0]}\ndata: {json.dumps(pair[1])}\n\n".encode()
)


class Pieces(httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


@given(st.lists(PIECES, max_size=6))
def test_no_stream_raises_anything_else(pieces: list[bytes]) -> None:
    async def ask() -> Submitted | ProviderError:
        head = {"content-type": "text/event-stream; charset=utf-8"}
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, headers=head, stream=Pieces(pieces)))
        async with httpx.AsyncClient(transport=transport) as client:
            try:
                return (await draw(OpenAI(KEY, "http://fake/v1", client, compatible=False, partials=2)))[0]
            except ProviderError as failed:
                return failed

    got = asyncio.run(ask())
    if isinstance(got, Submitted):
        assert [bool(one.data) for one in got.pictures] == [True]
    else:
        assert got.accepted is Accepted.UNKNOWN
