"""ComfyUI's failures: each told truly, whatever the server answers."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.comfyui import ComfyUI, prompt_id
from providers.comfyui_replies import place, refusal, told, uploaded
from providers.errors import Accepted, Family, ProviderError
from tests.fakes.apis.comfyui import HISTORY, PROMPT, QUEUE, UPLOAD, UPSCALER, ComfyApi
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import picture

FOX = DrawRequest(Kind.IMAGINE, "a {{seed}} fox", Size(1250, 830), 4, Params(seed=7, negative="people"))
TILE = Source(picture("blue"), "image/jpeg", ref="call", index=2, seed=9)
ENLARGE = DrawRequest(Kind.UPSCALE, "a fox", Size(512, 512), 1, source=TILE)


@pytest.fixture
async def api() -> AsyncIterator[ComfyApi]:
    async with ComfyApi() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def comfy(api: ComfyApi, client: httpx.AsyncClient) -> ComfyUI:
    return ComfyUI("", api.base + "/", client, upscaler=UPSCALER, send_seconds=5.0)


async def test_a_workflow_that_breaks_says_where(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    ref = (await comfy.submit(FOX, "call", None)).ref
    data = {"node_type": "KSampler", "exception_type": "torch.OutOfMemoryError", "exception_message": "CUDA is full\n"}
    api.end(ref, "error", [["execution_start", {}], ["execution_error", data]])
    status = await comfy.status(ref)
    assert status.stage is Stage.FAILED
    assert status.error is not None
    assert (status.error.family, status.error.text) == (
        Family.BROKEN,
        "KSampler: torch.OutOfMemoryError: CUDA is full",
    )


async def test_what_a_restart_forgot_has_failed(comfy: ComfyUI, api: ComfyApi) -> None:
    ref = (await comfy.submit(FOX, "call", None)).ref
    api.history.clear()
    status = await comfy.status(ref)
    assert (status.stage, status.error is not None) == (Stage.FAILED, True)


@pytest.mark.parametrize(
    ("entry", "stage"),
    [
        ({"status": {"status_str": "pondering"}, "outputs": {}}, Stage.RUNNING),
        ({"status": {"status_str": "success"}, "outputs": {}}, Stage.DONE),
        ({"status": None, "outputs": {"9": {"images": []}}}, Stage.DONE),
        ({}, Stage.RUNNING),
    ],
)
def test_unknown_words_run_on_and_done_without_pictures_is_done(entry: dict[str, Any], stage: Stage) -> None:
    status = told(entry, "http://a")
    assert (status.stage, status.pictures) == (stage, ())


async def test_a_workflow_that_the_server_refuses_is_a_bad_request(api: ComfyApi, client: httpx.AsyncClient) -> None:
    with pytest.raises(ProviderError) as caught:
        await ComfyUI("", api.base, client, model="none").submit(FOX, "call", None)
    error = caught.value
    assert (error.family, error.accepted, api.paid) == (Family.BAD_REQUEST, Accepted.NO, 0)
    assert error.text == "Prompt outputs failed validation; CheckpointLoaderSimple: Value not in list: ckpt_name: 'none'"


@pytest.mark.parametrize(
    ("failure", "family", "accepted", "paid"),
    [
        (Fault(400, b"no JSON"), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(401), Family.BAD_KEY, Accepted.NO, 0),
        (Fault(403, b"<html>Forbidden</html>"), Family.BAD_KEY, Accepted.NO, 0),
        (Fault(413), Family.BAD_REQUEST, Accepted.NO, 0),
        (Fault(429, b"", {"Retry-After": "3"}), Family.BUSY, Accepted.NO, 0),
        (Fault(500, b"500 Internal Server Error"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(502, b"<html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="before"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(cut="after"), Family.BROKEN, Accepted.UNKNOWN, 1),
        (Fault(200, b"<html>"), Family.BROKEN, Accepted.UNKNOWN, 0),
        (Fault(200, {"number": 1}), Family.BROKEN, Accepted.UNKNOWN, 0),
    ],
)
async def test_a_failed_submit_says_truly_whether_it_may_have_been_taken(
    comfy: ComfyUI, api: ComfyApi, failure: Fault, family: Family, accepted: Accepted, paid: int
) -> None:
    api.fail(PROMPT, failure)
    with pytest.raises(ProviderError) as caught:
        await comfy.submit(FOX, "call", None)
    assert (caught.value.family, caught.value.accepted, api.paid) == (family, accepted, paid)
    if failure.headers:
        assert caught.value.retry_after == 3.0


@pytest.mark.parametrize("failure", [Fault(500), Fault(cut="after"), Fault(200, b"<"), Fault(200, {"name": 7})])
async def test_a_failed_upload_has_queued_nothing(comfy: ComfyUI, api: ComfyApi, failure: Fault) -> None:
    api.fail(UPLOAD, failure, times=3)
    with pytest.raises(ProviderError) as caught:
        await comfy.submit(ENLARGE, "call", None)
    assert (caught.value.accepted, api.of(PROMPT)) == (Accepted.NO, [])


async def test_no_answer_in_time_may_have_been_taken(api: ComfyApi, client: httpx.AsyncClient) -> None:
    api.fail(PROMPT, Fault(hang=True))
    with pytest.raises(ProviderError) as caught:
        await ComfyUI("", api.base, client, send_seconds=1.2).submit(FOX, "call", None)
    assert caught.value.accepted is Accepted.UNKNOWN


async def test_nobody_at_home_was_certainly_not_taken(client: httpx.AsyncClient, unused_tcp_port: int) -> None:
    nobody = ComfyUI("", f"http://127.0.0.1:{unused_tcp_port}", client)
    with pytest.raises(ProviderError) as caught:
        await nobody.submit(FOX, "call", None)
    assert caught.value.accepted is Accepted.NO
    assert "COMFYUI_URL" in (await nobody.check()).sentence


@pytest.mark.parametrize("template", [QUEUE, HISTORY])
async def test_a_status_that_cannot_be_read_is_an_error_to_ask(comfy: ComfyUI, api: ComfyApi, template: str) -> None:
    api.fail(template, Fault(200, b"[]"), times=3)
    with pytest.raises(ProviderError):
        await comfy.status(prompt_id("call"))


WORDS = ["queue_running", "queue_pending", "status", "status_str", "messages", "outputs", "9", "images", "filename", "type"]
WORDS += ["subfolder", "prompt", "error", "node_errors", "errors", "message", "name", "success"]
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text() | st.sampled_from(["ref", "success", "error", "execution_error"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=25,
)


@given(JSON)
def test_whatever_a_body_holds_only_our_error_comes_of_it(found: Any) -> None:
    reply = httpx.Response(400, content=json.dumps(found).encode())
    assert isinstance(refusal(reply), str)
    with contextlib.suppress(ProviderError):
        assert uploaded(reply)
    if isinstance(found, dict):
        assert told(found, "http://a").stage in Stage
        with contextlib.suppress(ProviderError):
            place(found, "ref")
    item = [found, "ref", found, found]
    assert place({"queue_running": [found], "queue_pending": [found, item]}, "ref") in {0, 1, 2}
    entry = {"status": {"status_str": "success"}, "outputs": {"9": {"images": [found, {"filename": "\ud800"}]}}}
    assert told({**entry, "prompt": item}, "http://a").pictures
