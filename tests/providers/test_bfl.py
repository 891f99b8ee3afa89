"""Black Forest Labs against a loopback server that holds each request against the vendor's own OpenAPI file."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage, Status, Submitted
from providers.bfl import Bfl
from providers.errors import Accepted, Family, ProviderError
from providers.prices import shipped
from tests.fakes.apis.bfl import CREDITS, KEY, STATUS, BflApi
from tests.fakes.apis.strict import Fault
from tests.fakes.vendor.pictures import jpeg

DRAW = "/v1/flux-2-pro"
FOX = DrawRequest(Kind.IMAGINE, "a red fox", Size(1248, 832), 1, Params(ratio="3:2", seed=7))
TILE = Source(jpeg(1, 64, 64), "image/jpeg", ref="task-1")
HOOK = "https://bot.example/webhooks/bfl/call-1/token"
SECRET = "whisper"


@pytest.fixture
async def api() -> AsyncIterator[BflApi]:
    async with BflApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as made:
        yield made


@pytest.fixture
def bfl(api: BflApi, client: httpx.AsyncClient) -> Bfl:
    return Bfl(KEY, f"{api.base}/v1", client, webhook_secret=SECRET, send_seconds=2.0)


async def ended(bfl: Bfl, sent: Submitted) -> Status:
    for _ in range(5):
        status = await bfl.status(sent.ref)
        if status.stage not in (Stage.QUEUED, Stage.RUNNING):
            return status
    raise AssertionError("it did not end")


async def refused(bfl: Bfl, request: DrawRequest = FOX) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await bfl.submit(request, "call-1", None)
    return caught.value


async def test_draws_one_picture_and_says_what_it_cost(api: BflApi, bfl: Bfl) -> None:
    sent = await bfl.submit(FOX, "call-1", None)
    assert sent.cost == 30_000
    assert not sent.pictures
    assert (await bfl.status(sent.ref)).stage is Stage.QUEUED
    done = await ended(bfl, sent)
    assert done.stage is Stage.DONE
    assert [picture.seed for picture in done.pictures] == [7]
    assert done.pictures[0].url.startswith("http")
    assert api.paid == 1
    assert api.of(DRAW)[0].body == {"prompt": "a red fox", "width": 1248, "height": 832, "seed": 7}
    assert await bfl.status(sent.ref) == done, "the same for ever"


async def test_four_cells_are_four_tasks(api: BflApi, bfl: Bfl) -> None:
    assert bfl.capabilities.per_call == 1
    refs = {(await bfl.submit(FOX, f"call-{n}", None)).ref for n in range(4)}
    assert len(refs) == api.paid == 4


async def test_a_variation_sends_the_tile(api: BflApi, bfl: Bfl) -> None:
    request = DrawRequest(Kind.VARIATION, "a red fox", Size(1024, 1024), 1, source=TILE)
    assert (await ended(bfl, await bfl.submit(request, "call-1", None))).stage is Stage.DONE
    body = api.of(DRAW)[0].body
    assert base64.b64decode(body["input_image"]) == TILE.data
    assert "seed" not in body, "a new one every time"


async def test_an_input_picture_goes_along(api: BflApi, bfl: Bfl) -> None:
    await bfl.submit(DrawRequest(Kind.IMAGINE, "a fox", Size(512, 512), 1, image=TILE), "call-1", None)
    assert base64.b64decode(api.of(DRAW)[0].body["input_image"]) == TILE.data


async def test_it_never_pays_for_an_upscale(api: BflApi, bfl: Bfl) -> None:
    assert not bfl.capabilities.upscale
    error = await refused(bfl, DrawRequest(Kind.UPSCALE, "a fox", Size(512, 512), 1, source=TILE))
    assert (error.family, error.accepted, api.paid) == (Family.BAD_REQUEST, Accepted.NO, 0)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("flux-2-klein-9b", {"width": 1248, "height": 832, "input_image": ...}),
        ("flux-pro-1.1", {"width": 1248, "height": 832, "image_prompt": ...}),
        ("flux-pro-1.1-ultra", {"aspect_ratio": "3:2", "image_prompt": ..., "raw": True}),
        ("flux-kontext-pro", {"aspect_ratio": "3:2", "input_image": ...}),
    ],
)
async def test_each_family_gets_its_own_fields(
    api: BflApi, client: httpx.AsyncClient, model: str, fields: dict[str, Any]
) -> None:
    bfl = Bfl(KEY, f"{api.base}/v1/", client, model=model)
    request = DrawRequest(Kind.IMAGINE, "a fox", Size(1248, 832), 1, Params(ratio="3:2", raw=True), image=TILE)
    await bfl.submit(request, "call-1", None)
    picture = base64.b64encode(TILE.data).decode()
    wanted = {name: picture if value is ... else value for name, value in fields.items()}
    assert api.of(f"/v1/{model}")[0].body == {"prompt": "a fox"} | wanted
    assert ("raw" in bfl.capabilities.honours) == ("raw" in fields)
    assert bfl.capabilities.price == shipped().amount("bfl", model)


async def test_a_task_with_a_webhook_is_asked_for_by_its_id(api: BflApi, bfl: Bfl) -> None:
    sent = await bfl.submit(FOX, "call-1", HOOK)
    assert sent.ref == "task-1"
    assert (await ended(bfl, sent)).stage is Stage.DONE
    body = api.of(DRAW)[0].body
    assert (body["webhook_url"], body["webhook_secret"]) == (HOOK, SECRET)


async def test_a_strange_polling_url_never_gets_the_key(api: BflApi, bfl: Bfl) -> None:
    api.region = "http://evil.example"
    assert (await ended(bfl, await bfl.submit(FOX, "call-1", None))).stage is Stage.DONE


@pytest.mark.parametrize("word", ["Reasoning", "Generating", "Something New", ""])
async def test_an_unknown_status_is_running(api: BflApi, bfl: Bfl, word: str) -> None:
    sent = await bfl.submit(FOX, "call-1", None)
    api.fail(STATUS, Fault(200, {"id": "task-1", "status": word, "progress": 0.4}))
    assert await bfl.status(sent.ref) == Status(Stage.RUNNING, fraction=0.4)


@pytest.mark.parametrize("progress", [True, -1, 40, "0.5", [], None])
async def test_progress_that_is_no_part_of_one_is_not_shown(api: BflApi, bfl: Bfl, progress: object) -> None:
    sent = await bfl.submit(FOX, "call-1", None)
    api.fail(STATUS, Fault(200, {"id": "task-1", "status": "Pending", "progress": progress}))
    assert (await bfl.status(sent.ref)).fraction is None


@pytest.mark.parametrize(
    ("word", "family"),
    [("Request Moderated", Family.MODERATED), ("Content Moderated", Family.MODERATED), ("Error", Family.BROKEN)],
)
async def test_failed_tasks(api: BflApi, bfl: Bfl, word: str, family: Family) -> None:
    api.words, api.told = [word], {"details": {"Moderation Reasons": ["x"]}}
    status = await ended(bfl, await bfl.submit(FOX, "call-1", None))
    assert status.stage is Stage.FAILED
    assert status.error is not None
    assert status.error.family is family
    assert "Moderation Reasons" in status.error.text


async def test_a_task_that_is_not_found_is_no_news(bfl: Bfl) -> None:
    with pytest.raises(ProviderError) as caught:
        await bfl.status("no-such-task")
    assert (caught.value.family, caught.value.accepted) == (Family.BROKEN, Accepted.UNKNOWN)


@pytest.mark.parametrize("result", [None, {}, {"sample": ""}, {"sample": 5}, [], "x", {"sample": "https://\ud800"}])
async def test_ready_without_a_picture_is_done_with_none(api: BflApi, bfl: Bfl, result: object) -> None:
    sent = await bfl.submit(FOX, "call-1", None)
    api.fail(STATUS, Fault(200, {"id": "task-1", "status": "Ready", "result": result}))
    assert await bfl.status(sent.ref) == Status(Stage.DONE)


@pytest.mark.parametrize("seed", [True, -1, 2**70, "7", None])
async def test_a_seed_that_is_none_is_left_out(api: BflApi, bfl: Bfl, seed: object) -> None:
    sent = await bfl.submit(FOX, "call-1", None)
    api.fail(STATUS, Fault(200, {"status": "Ready", "result": {"sample": "https://x.example/1.jpg", "seed": seed}}))
    assert [picture.seed for picture in (await bfl.status(sent.ref)).pictures] == [None]


async def test_check_pays_nothing_and_says_what_is_wrong(api: BflApi, bfl: Bfl, client: httpx.AsyncClient) -> None:
    good = await bfl.check()
    assert good.ok
    assert "12.5 credits" in good.sentence
    assert good.low, "0.125 USD"
    api.credits = 100
    assert not (await bfl.check()).low
    api.credits = 0
    assert "no credits" in (await bfl.check()).sentence
    assert "BFL_API_KEY" in (await Bfl("wrong", f"{api.base}/v1", client).check()).sentence
    api.fail(CREDITS, Fault(200, {"credits": "many"}))
    assert not (await bfl.check()).ok
    assert api.paid == 0


async def test_it_cannot_look_up_or_cancel(bfl: Bfl) -> None:
    assert not bfl.capabilities.lookup
    assert await bfl.cancel("task-1") is False
    with pytest.raises(ProviderError):
        await bfl.lookup("call-1")
