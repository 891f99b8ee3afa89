"""ComfyUI on loopback: its queue and history, and its nodes as far as the shipped workflows use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from tests.fakes.apis.strict import Answer, Seen, StrictApi
from tests.fakes.provider import COLOURS, picture
from tests.support.openapi import spec

PROMPT, QUEUE, HISTORY, INTERRUPT = "/prompt", "/queue", "/history/{prompt_id}", "/interrupt"
UPLOAD, VIEW, INFO = "/upload/image", "/view", "/object_info/{node_class}"
UPSCALER = "RealESRGAN_x4plus.pth"
SAVE, LOAD = "SaveImage", "LoadImage"
METHODS = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]
Input = list[str] | tuple[str, float, float] | str
"""The texts that it may be, or a kind of number with its bounds, or STRING, or the kind of another node's output."""
# Inputs and outputs as in the program's nodes.py and comfy_extras/nodes_upscale_model.py.
NODES: dict[str, tuple[dict[str, Input], list[str]]] = {
    "CheckpointLoaderSimple": ({"ckpt_name": ["sd_xl_base_1.0.safetensors", "own.ckpt"]}, ["MODEL", "CLIP", "VAE"]),
    "EmptyLatentImage": (
        {"width": ("INT", 16, 16384), "height": ("INT", 16, 16384), "batch_size": ("INT", 1, 4096)},
        ["LATENT"],
    ),
    "CLIPTextEncode": ({"text": "STRING", "clip": "CLIP"}, ["CONDITIONING"]),
    "KSampler": (
        {
            "model": "MODEL",
            "seed": ("INT", 0, 2**64 - 1),
            "steps": ("INT", 1, 10000),
            "cfg": ("FLOAT", 0, 100),
            "sampler_name": ["euler", "dpmpp_2m"],
            "scheduler": ["normal", "karras"],
            "positive": "CONDITIONING",
            "negative": "CONDITIONING",
            "latent_image": "LATENT",
            "denoise": ("FLOAT", 0, 1),
        },
        ["LATENT"],
    ),
    "VAEDecode": ({"samples": "LATENT", "vae": "VAE"}, ["IMAGE"]),
    "VAEEncode": ({"pixels": "IMAGE", "vae": "VAE"}, ["LATENT"]),
    "RepeatLatentBatch": ({"samples": "LATENT", "amount": ("INT", 1, 64)}, ["LATENT"]),
    LOAD: ({"image": "STRING"}, ["IMAGE", "MASK"]),
    "ImageScale": (
        {
            "image": "IMAGE",
            "upscale_method": METHODS,
            "width": ("INT", 0, 16384),
            "height": ("INT", 0, 16384),
            "crop": ["disabled", "center"],
        },
        ["IMAGE"],
    ),
    "ImageScaleBy": ({"image": "IMAGE", "upscale_method": METHODS, "scale_by": ("FLOAT", 0.01, 8)}, ["IMAGE"]),
    "UpscaleModelLoader": ({"model_name": [UPSCALER]}, ["UPSCALE_MODEL"]),
    "ImageUpscaleWithModel": ({"upscale_model": "UPSCALE_MODEL", "image": "IMAGE"}, ["IMAGE"]),
    SAVE: ({"images": "IMAGE", "filename_prefix": "STRING"}, []),
}
COMBO = frozenset({"UpscaleModelLoader"})
"""Nodes in the newer form, which describe their lists as COMBO."""


def wrong(text: str, details: str = "") -> dict[str, Any]:
    """The server's form of an error."""
    return {"type": "invalid_prompt", "message": text, "details": details, "extra_info": {}}


class ComfyApi(StrictApi):
    """A queued workflow is done at once, unless `hold`: then the first runs and the rest wait, until `finish` is called.

    `queue`: what waits and runs, the running one first, as items [number, prompt_id, graph, extra, outputs].
    """

    def __init__(self) -> None:
        super().__init__(spec("comfyui.reconstructed.openapi.json"), key=("Authorization", ""))
        self.handlers = {
            ("POST", PROMPT): self._prompt,
            ("GET", QUEUE): self._queue,
            ("POST", QUEUE): self._delete,
            ("GET", HISTORY): self._history,
            ("POST", INTERRUPT): self._interrupt,
            ("POST", UPLOAD): self._upload,
            ("GET", VIEW): self._view,
            ("GET", INFO): self._info,
        }
        self.free = frozenset(template for _, template in self.handlers)
        self.hold = False
        self.kind = "output"
        self.queue: list[list[Any]] = []
        self.history: dict[str, Any] = {}
        self.uploads: dict[str, bytes] = {}

    def finish(self, ref: str) -> None:
        """The workflow ran to its end."""
        item = next(item for item in self.queue if item[1] == ref)
        count = next(_batches(item[2]), 1)
        files = [{"filename": f"{ref} {n}.png", "subfolder": "a/b" if n else "", "type": self.kind} for n in range(count)]
        for n, file in enumerate(files):
            self.files[file["filename"]] = (picture(COLOURS[n % 4], self.size), "image/png")
        self.end(ref, "success", [["execution_success", {"prompt_id": ref}]], {"9": {"images": files}})

    def end(self, ref: str, word: str, messages: list[Any], outputs: dict[str, Any] | None = None) -> None:
        """Out of the queue, into the history."""
        item = next(item for item in self.queue if item[1] == ref)
        self.queue.remove(item)
        status = {"status_str": word, "completed": word == "success", "messages": messages}
        self.history[ref] = {"prompt": item, "outputs": outputs or {}, "status": status, "meta": {}}

    def _prompt(self, seen: Seen) -> Answer:
        graph = seen.body["prompt"]
        if graph and not any(node["class_type"] == SAVE for node in graph.values()):
            return 400, {"error": wrong("Prompt has no outputs"), "node_errors": {}}
        missing = [node["class_type"] for node in graph.values() if node["class_type"] not in NODES]
        if missing:
            return 400, {"error": wrong(f"Cannot execute because node {missing[0]} does not exist."), "node_errors": {}}
        errors = {number: list(self._errors(graph, node)) for number, node in graph.items()}
        bad = {
            number: {"errors": found, "dependent_outputs": ["9"], "class_type": graph[number]["class_type"]}
            for number, found in errors.items()
            if found
        }
        if bad:
            return 400, {"error": wrong("Prompt outputs failed validation"), "node_errors": bad}
        self.paid += 1
        ref = seen.body.get("prompt_id", f"theirs-{self.paid}")
        self.queue.append([self.paid, ref, graph, seen.body.get("extra_data", {}), ["9"]])
        if not self.hold:
            self.finish(ref)
        return 200, {"prompt_id": ref, "number": self.paid, "node_errors": {}}

    def _errors(self, graph: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        wanted, inputs = NODES[node["class_type"]][0], node["inputs"]
        self.violations += [f"{node['class_type']} has no input {name}" for name in inputs if name not in wanted]
        for name, kind in wanted.items():
            if name not in inputs:
                yield wrong("Required input is missing", name)
            elif not _fits(graph, kind, inputs[name]):
                yield wrong("Value not in list" if isinstance(kind, list) else "Bad value", f"{name}: {inputs[name]!r}")
        if node["class_type"] == LOAD and inputs.get("image") not in self.uploads:
            yield wrong("Custom validation failed for node", f"image - Invalid image file: {inputs.get('image')}")

    def _queue(self, _seen: Seen) -> Answer:
        waiting = sorted(self.queue[1:], key=lambda item: -item[0])  # any order: the server answers its heap
        return 200, {"queue_running": self.queue[:1], "queue_pending": waiting}

    def _delete(self, seen: Seen) -> Answer:
        self.queue = self.queue[:1] + [item for item in self.queue[1:] if item[1] not in seen.body["delete"]]
        return web.Response()

    def _history(self, seen: Seen) -> Answer:
        ref = seen.path.rpartition("/")[2]
        return 200, {ref: self.history[ref]} if ref in self.history else {}

    def _interrupt(self, seen: Seen) -> Answer:
        if self.queue and self.queue[0][1] == seen.body["prompt_id"]:
            self.end(self.queue[0][1], "error", [["execution_interrupted", {"prompt_id": self.queue[0][1]}]])
        return web.Response()

    def _upload(self, seen: Seen) -> Answer:
        file, folder = seen.body["image"], seen.body.get("subfolder", "")
        self.uploads[f"{folder}/{file['filename']}" if folder else file["filename"]] = file["bytes"]
        return 200, {"name": file["filename"], "subfolder": folder, "type": seen.body.get("type", "input")}

    def _view(self, seen: Seen) -> Answer:
        data, kind = self.files.get(seen.query["filename"], (b"", ""))
        return web.Response(body=data, content_type=kind) if kind else web.Response(status=404)

    def _info(self, seen: Seen) -> Answer:
        name = seen.path.rpartition("/")[2]
        if name not in NODES:
            return 200, {}
        inputs, outputs = NODES[name]
        required = {one: _described(kind, new=name in COMBO) for one, kind in inputs.items()}
        return 200, {name: {"input": {"required": required}, "output": outputs, "name": name, "output_node": name == SAVE}}


def _fits(graph: Mapping[str, Any], kind: Input, value: Any) -> bool:
    if isinstance(kind, list):
        return value in kind
    if isinstance(kind, tuple):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return (whole or (kind[0] == "FLOAT" and isinstance(value, float))) and kind[1] <= value <= kind[2]
    if kind == "STRING":
        return isinstance(value, str)
    number, output = value
    return bool(NODES[graph[number]["class_type"]][1][output] == kind)


def _described(kind: Input, *, new: bool) -> list[Any]:
    if isinstance(kind, list):
        return ["COMBO", {"options": kind}] if new else [kind, {"tooltip": "..."}]
    return [kind[0], {"min": kind[1], "max": kind[2]}] if isinstance(kind, tuple) else [kind]


def _batches(graph: Mapping[str, Any]) -> Iterator[int]:
    for node in graph.values():
        for name in ("batch_size", "amount"):
            if name in node["inputs"]:
                yield node["inputs"][name]
