"""The ComfyUI adapter against its server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from providers.base import DrawRequest, Kind, Params, Size, Source, Stage
from providers.comfyui import ComfyUI, prompt_id, sides
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from tests.fakes.apis.comfyui import INFO, INTERRUPT, NODES, PROMPT, QUEUE, UPSCALER, ComfyApi
from tests.fakes.apis.strict import Fault
from tests.fakes.provider import COLOURS, picture

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


def inputs(api: ComfyApi, kind: str) -> list[dict[str, Any]]:
    """Those of all nodes of one class in the last workflow that was queued."""
    graph = api.of(PROMPT)[-1].body["prompt"]
    return [node["inputs"] for node in graph.values() if node["class_type"] == kind]


async def test_a_grid_with_every_value_in_its_place(comfy: ComfyUI, api: ComfyApi, client: httpx.AsyncClient) -> None:
    sent = await comfy.submit(FOX, "call", "https://a.b/hook")
    assert (sent.ref, sent.cost, sent.pictures, api.paid) == (prompt_id("call"), 0, (), 1)
    assert [one["text"] for one in inputs(api, "CLIPTextEncode")] == ["a {{seed}} fox", "people"], "a prompt stays as it is"
    assert inputs(api, "EmptyLatentImage") == [{"width": 1248, "height": 832, "batch_size": 4}]
    assert [one["seed"] for one in inputs(api, "KSampler")] == [7]
    assert inputs(api, "CheckpointLoaderSimple") == [{"ckpt_name": "sd_xl_base_1.0.safetensors"}]
    status = await comfy.status(sent.ref)
    assert status.stage is Stage.DONE
    assert [one.seed for one in status.pictures] == [7] * 4
    loaded = [(await client.get(one.url)).content for one in status.pictures]
    assert loaded == [picture(colour) for colour in COLOURS]


async def test_previews_count_where_nothing_is_saved(comfy: ComfyUI, api: ComfyApi) -> None:
    api.kind = "temp"
    sent = await comfy.submit(FOX, "call", None)
    assert len((await comfy.status(sent.ref)).pictures) == 4
    saved = {"images": [{"filename": "x", "subfolder": "", "type": "output"}]}
    api.history[sent.ref]["outputs"]["12"] = saved
    (one,) = (await comfy.status(sent.ref)).pictures
    assert one.url.endswith("/view?filename=x&subfolder=&type=output")


async def test_without_a_seed_each_call_has_its_own(comfy: ComfyUI, api: ComfyApi) -> None:
    for key in ("one", "two"):
        await comfy.submit(replace(FOX, params=Params()), key, None)
    first, second = (seen.body["prompt"]["3"]["inputs"]["seed"] for seen in api.of(PROMPT))
    assert first != second


async def test_a_variation_starts_from_the_tile_with_a_fresh_seed(comfy: ComfyUI, api: ComfyApi) -> None:
    vary = replace(FOX, kind=Kind.VARIATION, source=TILE, image=Source(picture("red"), "image/png"))
    sent = await comfy.submit(vary, "call", None)
    name = f"imagine-bot/{prompt_id('call')}.jpg"
    assert api.uploads == {name: TILE.data}
    assert inputs(api, "LoadImage") == [{"image": name}]
    assert inputs(api, "RepeatLatentBatch")[0]["amount"] == 4
    assert inputs(api, "KSampler")[0]["seed"] != 7, "the same V again must not bring the same pictures"
    assert len((await comfy.status(sent.ref)).pictures) == 4


async def test_an_input_picture_is_drawn_over_with_the_seed_given(comfy: ComfyUI, api: ComfyApi) -> None:
    await comfy.submit(replace(FOX, image=TILE), "call", None)
    assert list(api.uploads.values()) == [TILE.data]
    assert (inputs(api, "KSampler")[0]["seed"], inputs(api, "KSampler")[0]["denoise"]) == (7, 0.6)


async def test_an_upscale_takes_any_picture(comfy: ComfyUI, api: ComfyApi) -> None:
    sent = await comfy.submit(ENLARGE, "call", None)
    assert list(api.uploads.values()) == [TILE.data]
    assert inputs(api, "UpscaleModelLoader") == [{"model_name": UPSCALER}]
    assert len((await comfy.status(sent.ref)).pictures) == 1
    assert (comfy.capabilities.upscale, comfy.capabilities.upscale_any) == (True, True)


async def test_without_an_upscale_model_there_is_no_u(api: ComfyApi, client: httpx.AsyncClient) -> None:
    plain = ComfyUI("", api.base, client)
    assert not plain.capabilities.upscale
    for request in (ENLARGE, DrawRequest(Kind.VARIATION, "x", Size(64, 64), 4)):
        with pytest.raises(ProviderError) as caught:
            await plain.submit(request, "call", None)
        assert (caught.value.family, caught.value.accepted, api.seen) == (Family.BAD_REQUEST, Accepted.NO, [])


def test_sides_are_multiples_of_sixteen() -> None:
    assert sides(Size(1003, 9999)) == {"width": 1008, "height": 2048}
    assert sides(Size(0, 500)) == {"width": 256, "height": 496}


async def test_the_queue_tells_the_place_and_then_that_it_runs(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    refs = [(await comfy.submit(FOX, f"call-{n}", None)).ref for n in range(4)]
    told_now = [await comfy.status(ref) for ref in refs]
    assert [one.stage for one in told_now] == [Stage.RUNNING, *[Stage.QUEUED] * 3]
    assert [one.queue_position for one in told_now] == [None, 1, 2, 3]
    api.finish(refs[0])
    assert (await comfy.status(refs[1])).stage is Stage.RUNNING


async def test_a_lost_call_is_found_by_our_key_wherever_it_is(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    api.fail(PROMPT, Fault(cut="after"))
    with pytest.raises(ProviderError) as caught:
        await comfy.submit(FOX, "call", None)
    assert caught.value.accepted is Accepted.UNKNOWN
    found = await comfy.lookup("call")
    assert found is not None
    api.finish(found.ref)
    assert await comfy.lookup("call") == found
    assert (await comfy.lookup("other"), api.paid) == (None, 1)


async def test_what_waits_is_taken_out_of_the_queue(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    first, second = [(await comfy.submit(FOX, key, None)).ref for key in "ab"]
    assert await comfy.cancel(second) is True
    assert [item[1] for item in api.queue] == [first]
    assert api.of(INTERRUPT) == [], "what runs is another's"


async def test_what_runs_is_interrupted_and_stays_cancelled(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    ref = (await comfy.submit(FOX, "call", None)).ref
    assert await comfy.cancel(ref) is True
    assert (await comfy.status(ref)).stage is Stage.CANCELLED
    assert await comfy.cancel(ref) is False


async def test_what_began_to_run_meanwhile_is_interrupted_too(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    first, second = [(await comfy.submit(FOX, key, None)).ref for key in "ab"]
    delete = api.handlers["POST", QUEUE]

    def overtaken(seen: Any) -> Any:
        api.finish(first)
        return delete(seen)

    api.handlers["POST", QUEUE] = overtaken
    assert await comfy.cancel(second) is True
    assert [seen.body for seen in api.of(INTERRUPT)] == [{"prompt_id": second}]


async def test_what_ended_before_the_interrupt_is_not_cancelled(comfy: ComfyUI, api: ComfyApi) -> None:
    api.hold = True
    ref = (await comfy.submit(FOX, "call", None)).ref

    def late(_seen: Any) -> Any:
        api.finish(ref)
        return 200, None

    api.handlers["POST", INTERRUPT] = late
    assert await comfy.cancel(ref) is False
    assert len((await comfy.status(ref)).pictures) == 4


async def test_check_finds_all_in_order(comfy: ComfyUI, api: ComfyApi) -> None:
    health = await comfy.check()
    assert (health.ok, api.paid, len(api.of(INFO))) == (True, 0, len(NODES)), "each node is asked for once"


@pytest.mark.parametrize(
    ("settings", "word"),
    [({"model": "none"}, "IMAGINE_COMFYUI_MODEL"), ({"upscaler": "none"}, "IMAGINE_COMFYUI_UPSCALER")],
)
async def test_check_says_what_to_mend(
    api: ComfyApi, client: httpx.AsyncClient, settings: dict[str, Any], word: str
) -> None:
    health = await ComfyUI("", api.base, client, **settings).check()
    assert not health.ok
    assert word in health.sentence


def test_there_are_no_webhooks(comfy: ComfyUI) -> None:
    with pytest.raises(BadWebhook):
        comfy.read_webhook({}, b"{}")
