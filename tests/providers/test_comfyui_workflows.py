"""ComfyUI workflows of one's own: read at the start, refused in one sentence, filled by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.errors import StartError
from bot.settings_load import load_settings
from bot.wiring import Bot
from providers.base import DrawRequest, Kind, Params, Size
from providers.comfyui import ComfyUI
from providers.comfyui_graph import own, shipped
from tests.fakes.apis.comfyui import PROMPT, ComfyApi

TEXT = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "own.ckpt"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "oil, {{prompt}}, no {{seed}}", "clip": ["1", 1]}},
}


def written(folder: Path, said: Any) -> Path:
    path = folder / "own.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said))
    return path


def node(text: str) -> dict[str, Any]:
    return {"1": {"class_type": "CLIPTextEncode", "inputs": {"text": text}}}


@pytest.mark.parametrize("name", ["comfyui_workflow.json", "comfyui_img2img.json", "comfyui_upscale.json"])
def test_what_ships_is_a_workflow(name: str) -> None:
    assert shipped(name).names


def test_values_keep_their_kind_and_are_filled_once(tmp_path: Path) -> None:
    graph = {"1": {"class_type": "X", "inputs": {"a": "{{seed}}", "b": ["{{count}}", {"c": "{{prompt}}/{{width}}"}]}}}
    workflow = own("S", written(tmp_path, graph), "prompt")
    filled = workflow.filled({"seed": 7, "count": 4, "prompt": "{{seed}}", "width": 64})
    assert filled["1"]["inputs"] == {"a": 7, "b": [4, {"c": "{{seed}}/64"}]}
    assert workflow.nodes["1"]["inputs"]["a"] == "{{seed}}", "the next call fills it anew"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ({}, "Export (API)"),
        ([], "Export (API)"),
        ({"nodes": [], "links": [], "version": 0.4}, "Export (API)"),
        (node("a fox"), "has no {{prompt}}"),
        (node("{{prompt}} {{promt}}"), "{{promt}}"),
        (node("{{prompt}} {{image}}"), "IMAGINE_COMFYUI_IMG2IMG_WORKFLOW"),
    ],
)
async def test_one_that_cannot_be_used_stops_the_start(tmp_path: Path, said: Any, word: str) -> None:
    assert_stops(tmp_path, {"IMAGINE_COMFYUI_WORKFLOW": str(written(tmp_path, said))}, word)


@pytest.mark.parametrize("kind", ["IMG2IMG_WORKFLOW", "UPSCALE_WORKFLOW"])
async def test_those_that_take_a_picture_must_have_a_place_for_it(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, node("{{prompt}}"))
    assert_stops(tmp_path, {f"IMAGINE_COMFYUI_{kind}": str(path)}, f"IMAGINE_COMFYUI_{kind} ({path}) has no {{{{image}}}}")


async def test_what_only_the_workflow_for_words_has_is_lost_with_a_picture(tmp_path: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert ComfyUI("", "http://127.0.0.1:1", client).capabilities.lost_with_picture == frozenset()
        path = written(tmp_path, node("{{prompt}} {{image}} {{seed}}"))
        can = ComfyUI("", "http://127.0.0.1:1", client, img2img_workflow=path).capabilities
        assert can.lost_with_picture == {"ratio", "speed", "negative"}


async def test_one_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    assert_stops(tmp_path, {"IMAGINE_COMFYUI_WORKFLOW": str(tmp_path / "none.json")}, "can't be read: No such file")


def assert_stops(folder: Path, settings: dict[str, str], word: str) -> None:
    more = {"IMAGINE_DATA_DIR": str(folder), "HTTP_PORT": "0", "COMFYUI_URL": "http://127.0.0.1:1"}
    with pytest.raises(StartError) as caught:
        Bot(load_settings(more | settings, None))
    said = str(caught.value)
    assert word in said
    assert said.startswith("comfyui: IMAGINE_COMFYUI_")
    assert "\n" not in said


async def test_an_own_one_says_by_its_placeholders_what_it_can(tmp_path: Path) -> None:
    async with ComfyApi() as api, httpx.AsyncClient(trust_env=False) as client:
        graph = {**shipped("comfyui_workflow.json").nodes, **TEXT}
        size = {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}}
        sampler = {**graph["3"], "inputs": {**graph["3"]["inputs"], "positive": ["2", 0]}}
        path = written(tmp_path, {**graph, "3": sampler, "5": size, "7": TEXT["2"]})
        comfy = ComfyUI("", api.base, client, workflow=path)
        can = comfy.capabilities
        assert (can.per_call, set(can.honours), can.image_input, can.variation) == (1, {"seed"}, False, False)
        sent = await comfy.submit(DrawRequest(Kind.IMAGINE, "a fox", Size(64, 64), 1, Params(seed=5)), "call", None)
        assert api.of(PROMPT)[0].body["prompt"]["2"]["inputs"]["text"] == "oil, a fox, no 5"
        assert len((await comfy.status(sent.ref)).pictures) == 1
        assert (await comfy.check()).ok
        assert api.violations == []


async def test_check_names_what_an_own_one_lacks(tmp_path: Path) -> None:
    async with ComfyApi() as api, httpx.AsyncClient(trust_env=False) as client:
        nodes = shipped("comfyui_workflow.json").nodes
        strange = {**nodes, "20": {"class_type": "No Such Node", "inputs": {}}}
        health = await ComfyUI("", api.base, client, workflow=written(tmp_path, strange)).check()
        assert health.sentence == "ComfyUI has no node No Such Node, which IMAGINE_COMFYUI_WORKFLOW uses."
        gone = {**nodes, "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "gone"}}}
        health = await ComfyUI("", api.base, client, workflow=written(tmp_path, gone)).check()
        assert health.sentence == "ComfyUI has no ckpt_name gone: correct IMAGINE_COMFYUI_WORKFLOW."
