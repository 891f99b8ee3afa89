"""midapi.ai: each request as its pages describe it, each record as what it means."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.midapi import RATIOS, Midapi, nearest_ratio
from tests.fakes.apis.midapi import CREDIT, RECORD, UPSCALE, VARY, MidapiServer, coded
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


def cell(ref: str, index: int, image_id: str = "") -> Source:
    return Source(b"jpeg", "image/jpeg", ref=ref, index=index, image_id=image_id)


async def failure(provider: Midapi, request: DrawRequest = REQUEST) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await provider.submit(request, "call", None)
    return caught.value


async def test_a_grid_of_four(api: MidapiServer, midapi: Midapi) -> None:
    taken = await midapi.submit(REQUEST, "call", "https://bot.example/webhooks/midapi/call/token")
    assert (taken.ref, taken.pictures, api.paid) == ("mj_task_1", (), 1)
    assert api.seen[0].body == {
        "taskType": "mj_txt2img",
        "prompt": "a red fox",
        "speed": "fast",
        "aspectRatio": "1:1",
        "version": "7",
        "enableTranslation": False,
        "callBackUrl": "https://bot.example/webhooks/midapi/call/token",
    }
    assert (await midapi.status(taken.ref)).stage is Stage.RUNNING
    urls = api.finish(taken.ref)
    done = await midapi.status(taken.ref)
    assert done.stage is Stage.DONE
    assert [picture.url for picture in done.pictures] == urls
    assert [picture.image_id for picture in done.pictures] == ["0", "1", "2", "3"]
    assert api.violations == []


async def test_parameters_go_into_their_fields(api: MidapiServer, midapi: Midapi) -> None:
    params = Params(ratio="21:9", stylize=250, chaos=13, weird=700, niji="6", speed="relax", seed=5, negative="cars")
    await midapi.submit(replace(REQUEST, prompt="ein Füchslein", params=params), "call", None)
    body = api.seen[0].body
    assert (body["aspectRatio"], body["stylization"], body["variety"], body["weirdness"]) == ("2:1", 250, 15, 700)
    assert (body["version"], body["speed"], body["enableTranslation"]) == ("niji6", "relaxed", True)
    assert "callBackUrl" not in body
    assert "seed" not in midapi.capabilities.honours
    assert api.violations == []


@pytest.mark.parametrize(("speed", "theirs"), [("", "fast"), ("fast", "fast"), ("turbo", "turbo"), ("draft", "fast")])
async def test_speeds(api: MidapiServer, midapi: Midapi, speed: str, theirs: str) -> None:
    await midapi.submit(replace(REQUEST, params=Params(speed=speed, chaos=100, version="6.1")), "call", None)
    assert (api.seen[0].body["speed"], api.seen[0].body["variety"], api.seen[0].body["version"]) == (theirs, 100, "6.1")
    assert api.violations == []


async def test_the_words_of_a_prompt_cannot_order_more_tasks(api: MidapiServer, midapi: Midapi) -> None:
    await midapi.submit(replace(REQUEST, prompt="fox --repeat 40 —r 9 {red, blue} well-known"), "call", None)
    assert api.seen[0].body["prompt"] == "fox -repeat 40 -r 9 (red, blue) well-known"


async def test_an_unknown_version_is_refused_before_it_is_sent(
    api: MidapiServer, midapi: Midapi, client: httpx.AsyncClient
) -> None:
    error = await failure(midapi, replace(REQUEST, params=Params(version="8.1")))
    assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])
    assert (await failure(midapi, replace(REQUEST, params=Params(niji="7")))).family is Family.BAD_REQUEST
    await Midapi("good", f"{api.base}/api/v1/mj", client, model="6").submit(REQUEST, "call", None)
    assert api.seen[0].body["version"] == "6"


@pytest.mark.parametrize(
    ("ratio", "size", "nearest"),
    [("21:9", Size(1, 1), "2:1"), ("1:4", Size(1, 1), "1:2"), ("4:5", Size(1, 1), "5:6"), ("", Size(1216, 832), "3:2")],
)
def test_the_nearest_ratio(ratio: str, size: Size, nearest: str) -> None:
    assert nearest_ratio(ratio, size) == nearest
    assert all(nearest_ratio(allowed, size) == allowed for allowed in RATIOS)


async def test_upscale_and_variation_by_task_and_cell(api: MidapiServer, midapi: Midapi) -> None:
    grid = await midapi.submit(REQUEST, "call", None)
    up = await midapi.submit(
        replace(REQUEST, kind=Kind.UPSCALE, count=1, source=cell(grid.ref, 2)), "c2", "https://b.example/w"
    )
    vary = await midapi.submit(replace(REQUEST, kind=Kind.VARIATION, source=cell(grid.ref, 0, "3")), "c3", None)
    assert api.of(UPSCALE)[0].body == {"taskId": grid.ref, "imageIndex": 2, "callBackUrl": "https://b.example/w"}
    assert api.of(VARY)[0].body == {"taskId": grid.ref, "imageIndex": 3}, "its place in the task's own list counts"
    for ref, count in ((up.ref, 1), (vary.ref, 4)):
        api.finish(ref)
        assert len((await midapi.status(ref)).pictures) == count
    assert (api.paid, api.violations) == (3, [])


async def test_index_base_and_paths_are_settings(api: MidapiServer, client: httpx.AsyncClient) -> None:
    midapi = Midapi(
        "good", f"{api.base}/api/v1/mj/", client, index_base=1, upscale_path="generateVary", vary_path="/generateUpscale"
    )
    grid = await midapi.submit(REQUEST, "call", None)
    for kind in (Kind.UPSCALE, Kind.VARIATION):
        await midapi.submit(replace(REQUEST, kind=kind, source=cell(grid.ref, 1)), "c", None)
    assert [(seen.path, seen.body["imageIndex"]) for seen in api.seen[1:]] == [(VARY, 2), (UPSCALE, 2)]


async def test_a_picture_of_another_provider_is_not_sent(api: MidapiServer, midapi: Midapi) -> None:
    for source in (None, cell("", 0)):
        error = await failure(midapi, replace(REQUEST, kind=Kind.UPSCALE, source=source))
        assert (error.family, error.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


@pytest.mark.parametrize("flag", [2, 3])
async def test_failed_and_moderated_tasks(api: MidapiServer, midapi: Midapi, flag: int) -> None:
    ref = (await midapi.submit(REQUEST, "call", None)).ref
    for message, family in (("worker died", Family.BROKEN), ("Prompt rejected by our AI moderator", Family.MODERATED)):
        api.break_(ref, message, flag)
        status = await midapi.status(ref)
        assert status.stage is Stage.FAILED
        assert status.error is not None
        assert (status.error.family, status.error.text) == (family, message)
    assert api.violations == []


@pytest.mark.parametrize("flag", [0, 4, -1, None, True, "1", [1]])
async def test_an_unknown_flag_is_still_running(api: MidapiServer, midapi: Midapi, flag: Any) -> None:
    api.fail(RECORD, Fault(200, coded(200, taskId="t", successFlag=flag)))
    assert (await midapi.status("t")).stage is Stage.RUNNING


@pytest.mark.parametrize("info", [None, {}, {"resultUrls": []}, {"resultUrls": [{}, None, 3, {"resultUrl": "x"}]}, "{}"])
async def test_done_without_pictures(api: MidapiServer, midapi: Midapi, info: Any) -> None:
    api.fail(RECORD, Fault(200, coded(200, successFlag=1, resultInfoJson=info)))
    status = await midapi.status("t")
    assert (status.stage, status.pictures) == (Stage.DONE, ())


async def test_urls_as_strings_and_as_json_text(api: MidapiServer, midapi: Midapi) -> None:
    urls = [None, "https://a.example/1.png"]
    for info in ({"resultUrls": urls}, json.dumps({"resultUrls": urls})):
        api.fail(RECORD, Fault(200, coded(200, successFlag=1, resultInfoJson=info)))
        (picture,) = (await midapi.status("t")).pictures
        assert (picture.url, picture.image_id) == ("https://a.example/1.png", "1")


async def test_failures_to_ask(api: MidapiServer, midapi: Midapi) -> None:
    with pytest.raises(ProviderError, match="404"):
        await midapi.status("unknown")
    api.fail(RECORD, Fault(200, {"code": 200, "msg": "success", "data": None}))
    with pytest.raises(ProviderError, match="no record"):
        await midapi.status("t")
    api.fail(RECORD, Fault(200, coded(501, "nsfw")))
    status = await midapi.status("t")
    assert status.stage is Stage.FAILED
    assert status.error is not None
    assert status.error.family is Family.MODERATED


def test_the_callback_names_a_task_and_nothing_else(midapi: Midapi) -> None:
    named = {"taskId": "mj_task_1", "promptJson": "{}", "resultUrls": ["https://evil.example/1.png"]}
    assert midapi.read_webhook({}, json.dumps({"code": 200, "msg": "success", "data": named}).encode()) == "mj_task_1"
    failed = {"code": 500, "msg": "no", "data": {"task_id": "t2", "resultUrls": []}}
    assert midapi.read_webhook({}, json.dumps(failed).encode()) == "t2"
    for body in (b"{}", b'{"data": []}', b'{"data": {"taskId": 3}}', b'{"data": {"taskId": "a\\u0000b"}}'):
        assert midapi.read_webhook({}, body) == ""
    for body in (b"", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(BadWebhook):
            midapi.read_webhook({}, body)


async def test_no_cancel_and_no_lookup(api: MidapiServer, midapi: Midapi) -> None:
    assert await midapi.cancel("t") is False
    assert await midapi.lookup("call") is None
    assert api.seen == []


async def test_check(api: MidapiServer, midapi: Midapi, client: httpx.AsyncClient) -> None:
    health = await midapi.check()
    assert health.ok
    assert "120" in health.sentence
    assert not health.low
    api.credits = 99
    assert (await midapi.check()).low
    api.credits = 0
    assert not (await midapi.check()).ok
    api.fail(CREDIT, Fault(404))
    assert (await midapi.check()).ok, "midapi may lack its sibling's route; the record route shows that the key is good"
    health = await Midapi("bad", f"{api.base}/api/v1/mj", client).check()
    assert not health.ok
    assert "MIDAPI_API_KEY" in health.sentence
    api.fail(CREDIT, Fault(200, coded(455, "maintenance")))
    assert not (await midapi.check()).ok
    assert (api.paid, api.violations) == (0, [])


def test_what_it_says_of_itself(midapi: Midapi) -> None:
    told = midapi.capabilities
    assert (told.name, told.official, told.per_call, told.upscale, told.variation) == ("midapi", False, 4, True, True)
    assert "unofficial" in told.label
    assert {told.image_input, told.upscale_any, told.cancel, told.lookup} == {False}
