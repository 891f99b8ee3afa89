"""OpenAI's moderation: requests held against its description, answers read with suspicion, texts asked about once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.imaging.imaging import PillowImaging
from bot.imaging.pool import PixelPool
from providers.errors import BadPicture, Family, ProviderError
from providers.moderation_openai import KEPT, KEPT_SECONDS, SENT_BYTES, OpenAIModeration
from tests.fakes.apis.openai_moderation import CATEGORIES, KEY, MODERATIONS, FakeModerationApi
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import picture

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["results", "category_scores", "sexual"]) | st.text(max_size=3), inner, max_size=3
    ),
    max_leaves=8,
)  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def no_shrink(data: bytes, limit: int) -> bytes:
    raise AssertionError("nothing to shrink")


@pytest.fixture
async def api() -> AsyncIterator[FakeModerationApi]:
    async with FakeModerationApi() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(api: FakeModerationApi, client: httpx.AsyncClient, clock: Clock) -> OpenAIModeration:
    return OpenAIModeration(KEY, api.base, client, no_shrink, clock=clock)


async def refused(service: OpenAIModeration, text: str = "a fox") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await service.text(text)
    return caught.value


async def test_a_text_is_scored_in_every_category(service: OpenAIModeration, api: FakeModerationApi) -> None:
    api.scores = {"sexual": 0.91}
    scores = await service.text("a fox")
    assert set(scores) == set(CATEGORIES)
    assert (scores["sexual"], scores["violence"]) == (0.91, 0.01)
    assert api.seen[0].body == {"model": "omni-moderation-latest", "input": "a fox"}


async def test_a_picture_goes_as_it_is(service: OpenAIModeration, api: FakeModerationApi) -> None:
    api.scores = {"violence/graphic": 1}
    assert (await service.picture(picture(), "image/jpeg"))["violence/graphic"] == 1.0
    assert api.pictures == [picture()]
    assert api.seen[0].body["input"][0]["image_url"]["url"].startswith("data:image/jpeg;base64,")


async def test_a_large_picture_is_sent_small(api: FakeModerationApi, client: httpx.AsyncClient) -> None:
    import io
    import os

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (1200, 1200), os.urandom(1200 * 1200 * 3)).save(out, "PNG")
    pool = PixelPool(1)
    imaging = PillowImaging(pool)

    async def shrink(data: bytes, limit: int) -> bytes:
        return (await imaging.fit(data, limit, frozenset({"image/jpeg"}))).data

    await OpenAIModeration(KEY, api.base, client, shrink).picture(out.getvalue(), "image/png")
    pool.close()
    (sent,) = api.pictures
    assert sent.startswith(b"\xff\xd8\xff")
    assert 100_000 < len(sent) <= SENT_BYTES < len(out.getvalue())
    assert api.seen[0].body["input"][0]["image_url"]["url"].startswith("data:image/jpeg;base64,")


async def test_a_picture_that_cannot_be_made_smaller_is_not_waved_through(
    api: FakeModerationApi, client: httpx.AsyncClient
) -> None:
    async def shrink(data: bytes, limit: int) -> bytes:
        raise BadPicture("odd")

    with pytest.raises(ProviderError) as caught:
        await OpenAIModeration(KEY, api.base, client, shrink).picture(bytes(SENT_BYTES + 1), "image/png")
    assert caught.value.family is Family.BROKEN
    assert api.seen == []


async def test_a_text_is_asked_about_once_in_ten_minutes(
    service: OpenAIModeration, api: FakeModerationApi, clock: Clock
) -> None:
    first = await service.text("a fox")
    assert await service.text("a fox") == first
    await service.text("a wolf")
    assert len(api.seen) == 2
    clock.now = KEPT_SECONDS
    await service.text("a fox")
    assert len(api.seen) == 3


async def test_only_the_last_texts_are_kept(service: OpenAIModeration, api: FakeModerationApi) -> None:
    for n in range(KEPT + 1):
        await service.text(f"fox {n}")
    await service.text("fox 1")
    assert len(api.seen) == KEPT + 1
    await service.text("fox 0")
    assert len(api.seen) == KEPT + 2


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_one_failure_is_repeated_and_a_second_one_is_told(
    service: OpenAIModeration, api: FakeModerationApi, status: int
) -> None:
    api.fail(MODERATIONS, Fault(status))
    await service.text("a fox")
    assert len(api.seen) == 2
    api.fail(MODERATIONS, Fault(status), times=2)
    error = await refused(service, "a wolf")
    assert error.family is (Family.BUSY if status == 429 else Family.BROKEN)
    assert len(api.seen) == 4
    await service.text("a wolf")  # a failure is not kept
    assert not api.faults[MODERATIONS]


async def test_a_silent_service_is_given_up_in_time(api: FakeModerationApi, client: httpx.AsyncClient) -> None:
    api.fail(MODERATIONS, Fault(hang=True))
    error = await refused(OpenAIModeration(KEY, api.base, client, no_shrink, seconds=1.0))
    assert error.family is Family.BROKEN
    assert "1 s" in error.text


async def test_check_says_what_to_mend(api: FakeModerationApi, client: httpx.AsyncClient, service: OpenAIModeration) -> None:
    assert (await service.check()).ok
    bad = await OpenAIModeration("wrong", api.base, client, no_shrink).check()
    assert not bad.ok
    assert "OPENAI_API_KEY" in bad.sentence
    api.fail(MODERATIONS, Fault(500), times=2)
    assert "OPENAI_BASE_URL" in (await service.check()).sentence


def answering(body: bytes) -> OpenAIModeration:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body)))
    return OpenAIModeration("", "http://moderation", client, no_shrink)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[]", b"null", b'{"results": []}', b'{"results": {}}', b'{"results": [{}]}',
        b'{"results": [{"category_scores": {}}]}', b'{"results": [{"category_scores": {"sexual": true}}]}',
        b'{"results": [{"category_scores": {"sexual": "0.9"}}]}', b'{"results": [{"category_scores": {"sexual": NaN}}]}',
        b'{"results": [{"category_scores": {"sexual": 1.5}}]}', b'{"results": [{"category_scores": {"sexual": -0.1}}]}',
        b'{"results": [{"category_scores": {"sexual": null}}]}', b"[" * 100_000,
    ],
)  # fmt: skip
async def test_an_odd_answer_is_no_answer(body: bytes) -> None:
    error = await refused(answering(body))
    assert error.family is Family.BROKEN
    assert len(error.text) <= 300


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
async def test_whatever_comes_is_scores_or_an_error(body: Any) -> None:
    (answer,) = await asyncio.gather(answering(json.dumps(body).encode()).text("a fox"), return_exceptions=True)
    if isinstance(answer, ProviderError):
        assert answer.family is Family.BROKEN
    else:
        assert not isinstance(answer, BaseException), answer
        assert answer
        assert all(0.0 <= score <= 1.0 for score in answer.values())


async def test_the_highest_of_several_results_counts() -> None:
    body = {"results": [{"category_scores": {"sexual": 0.2}}, {"category_scores": {"sexual": 0.9, "hate": 0.1}}]}
    assert await answering(json.dumps(body).encode()).text("a fox") == {"sexual": 0.9, "hate": 0.1}
