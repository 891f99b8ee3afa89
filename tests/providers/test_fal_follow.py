"""fal.ai's adapter after the submit: status, results, cancel, and bodies that nobody expects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage, Status
from providers.errors import Family, ProviderError
from providers.fal import Fal
from tests.fakes.apis.fal import CANCEL, KEY, RESULT, STATUS, FalApi
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import picture

FOUR = DrawRequest(Kind.IMAGINE, "a red fox", Size(1254, 836), 4, Params(ratio="3:2", seed=7))
TILE = Source(picture(), "image/jpeg", "request-0", 1, seed=7)
RULES = {"detail": [{"loc": ["body", "prompt"], "msg": "flagged", "type": "content_policy_violation"}]}


@pytest.fixture
async def api() -> AsyncIterator[FalApi]:
    async with FalApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def fal(api: FalApi, client: httpx.AsyncClient) -> Fal:
    return Fal(KEY, api.base, client, send_seconds=5.0)


async def drawn(fal: Fal, request: DrawRequest) -> Status:
    return await fal.status((await fal.submit(request, "call-1", None)).ref)


@pytest.mark.parametrize(
    ("word", "fields", "stage", "position"),
    [
        ("IN_QUEUE", {"queue_position": 2}, Stage.QUEUED, 3),
        ("IN_PROGRESS", {"logs": None}, Stage.RUNNING, None),
        ("PERCOLATING", {}, Stage.RUNNING, None),
    ],
)
async def test_an_open_request(
    fal: Fal, api: FalApi, word: str, fields: dict[str, Any], stage: Stage, position: int | None
) -> None:
    api.next = {"word": word, "fields": fields}
    status = await drawn(fal, FOUR)
    assert (status.stage, status.queue_position, status.fraction) == (stage, position, None)


@pytest.mark.parametrize(
    ("fields", "result", "stage", "family"),
    [
        ({}, (422, RULES), Stage.FAILED, Family.MODERATED),
        ({"error": "Invalid status code: 422"}, (422, RULES), Stage.FAILED, Family.MODERATED),
        ({"error": "x", "error_type": "content_policy_violation"}, (200, {}), Stage.FAILED, Family.MODERATED),
        ({}, (422, {"detail": [{"msg": "bad", "type": "value_error"}]}), Stage.FAILED, Family.BAD_REQUEST),
        ({"error": "broke", "error_type": "runner_server_error"}, (200, {}), Stage.FAILED, Family.BROKEN),
        ({}, (500, {"detail": "broke", "error_type": "runner_server_error"}), Stage.FAILED, Family.BROKEN),
        ({"error": "gone", "error_type": "client_cancelled"}, (499, {}), Stage.CANCELLED, None),
        ({}, (200, {"images": [{"url": "https://x/1"}], "has_nsfw_concepts": [True]}), Stage.FAILED, Family.MODERATED),
        ({}, (200, {"images": []}), Stage.DONE, None),
        ({}, (200, {}), Stage.DONE, None),
    ],
)
async def test_a_completed_request_without_pictures(
    fal: Fal, api: FalApi, fields: dict[str, Any], result: tuple[int, Any], stage: Stage, family: Family | None
) -> None:
    api.next = {"fields": fields, "result": result}
    status = await drawn(fal, FOUR)
    assert (status.stage, status.pictures, status.error.family if status.error else None) == (stage, (), family)


async def test_a_blacked_out_picture_is_left_out(fal: Fal, api: FalApi) -> None:
    images = [{"url": "https://x/1"}, {"url": "https://x/2"}, {"url": "data:x"}, 5]
    api.next = {"result": (200, {"images": images, "has_nsfw_concepts": [True, False], "seed": "no"})}
    assert [p.url for p in (await drawn(fal, FOUR)).pictures] == ["https://x/2"]


@pytest.mark.parametrize(("template", "code"), [(STATUS, 404), (RESULT, 404), (RESULT, 401), (STATUS, 502), (RESULT, 502)])
async def test_a_failure_to_ask_is_no_end(fal: Fal, api: FalApi, template: str, code: int) -> None:
    sent = await fal.submit(FOUR, "c", None)
    api.fail(template, Fault(code, {"detail": "no"}), times=3)
    with pytest.raises(ProviderError):
        await fal.status(sent.ref)
    api.faults.clear()
    assert (await fal.status(sent.ref)).stage is Stage.DONE


async def test_the_key_goes_to_the_own_host_alone(fal: Fal, api: FalApi) -> None:
    api.reply = {f"{name}_url": f"http://127.0.0.1:9/{name}" for name in ("status", "response", "cancel")}
    sent = await fal.submit(FOUR, "c", None)
    assert "127.0.0.1:9/" in sent.ref
    assert len((await fal.status(sent.ref)).pictures) == 4


@pytest.mark.parametrize("kind", [Kind.IMAGINE, Kind.UPSCALE])
async def test_the_bare_id_of_a_webhook_is_enough(fal: Fal, kind: Kind) -> None:
    sent = await fal.submit(DrawRequest(kind, "x", Size(1024, 1024), 1, source=TILE), "c", None)
    assert await fal.status(json.loads(sent.ref)["id"]) == await fal.status(sent.ref) or kind is Kind.UPSCALE
    assert (await fal.status(json.loads(sent.ref)["id"])).stage is Stage.DONE


@pytest.mark.parametrize("ref", ["", "no-such-request", "../../x", "{}", "[]", "12.5", '{"id":1,"app":2}', "\ud800"])
async def test_a_strange_reference_fails_in_our_own_family(fal: Fal, ref: str) -> None:
    with pytest.raises(ProviderError):
        await fal.status(ref)


@pytest.mark.parametrize(
    ("word", "answer", "confirmed"),
    [
        ("IN_QUEUE", "CANCELLATION_REQUESTED", True),
        ("IN_QUEUE", "OK", True),
        ("IN_PROGRESS", "CANCELLATION_REQUESTED", False),
        ("COMPLETED", "", False),
    ],
)
async def test_cancel_is_confirmed_only_for_what_still_waited(
    fal: Fal, api: FalApi, word: str, answer: str, confirmed: bool
) -> None:
    api.next, api.cancel_word = {"word": word, "fields": {"queue_position": 1}}, answer
    sent = await fal.submit(FOUR, "c", None)
    assert await fal.cancel(sent.ref) is confirmed


@pytest.mark.parametrize("code", [400, 404])
async def test_cancel_that_comes_too_late(fal: Fal, api: FalApi, code: int) -> None:
    api.next = {"word": "IN_QUEUE"}
    sent = await fal.submit(FOUR, "c", None)
    api.fail(CANCEL, Fault(code, {"status": "ALREADY_COMPLETED"}))
    assert await fal.cancel(sent.ref) is False


async def test_cancel_that_lost_the_race_is_not_confirmed(fal: Fal, api: FalApi) -> None:
    api.next = {"word": "IN_QUEUE"}
    sent = await fal.submit(FOUR, "c", None)
    api.fail(CANCEL, Fault(202, {"status": "CANCELLATION_REQUESTED"}))
    api.requests["request-0"].word = "IN_QUEUE"

    def started(_seen: Any) -> tuple[int, Any]:
        words = ("IN_QUEUE", "IN_PROGRESS")
        return 202, {"status": words[min(len(api.of(STATUS)) - 1, 1)]}

    api.handlers["GET", STATUS] = started
    assert await fal.cancel(sent.ref) is False


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "status",
    "request_id",
    "status_url",
    "error",
    "error_type",
    "images",
    "image",
    "has_nsfw_concepts",
    "seed",
    "detail",
)
BODIES = (
    st.binary(max_size=40)
    | JSONS.map(lambda v: json.dumps(v).encode())
    | st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSONS)).map(lambda v: json.dumps(v).encode())
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(first=BODIES, second=BODIES, code=st.sampled_from([200, 202, 400, 422]))
async def test_no_body_raises_anything_but_our_own_error(first: bytes, second: bytes, code: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/status"):
            return httpx.Response(200, content=first)
        return httpx.Response(code, content=second)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        fal = Fal(KEY, "http://fal.test", client)
        complete = {"id": "x", "app": "fal-ai/flux", "status": "", "response": "", "cancel": ""}
        for ask in (
            fal.submit(FOUR, "c", None),
            fal.status(json.dumps(complete)),
            fal.status("x"),
            fal.cancel("x"),
            fal.check(),
        ):
            try:
                await ask
            except ProviderError:
                continue


@given(output=BODIES, code=st.sampled_from([200, 422]), error=st.none() | st.text())
async def test_no_result_raises_anything_but_our_own_error(output: bytes, code: int, error: str | None) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/status"):
            return httpx.Response(200, json={"status": "COMPLETED", "error": error})
        return httpx.Response(code, content=output)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        try:
            status = await Fal(KEY, "http://fal.test", client).status("x")
        except ProviderError:
            return
        assert status.stage in (Stage.DONE, Stage.FAILED, Stage.CANCELLED)


async def test_look_up_is_not_claimed(fal: Fal) -> None:
    assert not fal.capabilities.lookup
    with pytest.raises(ProviderError):
        await fal.lookup("call-1")
