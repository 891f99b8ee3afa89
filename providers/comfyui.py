"""ComfyUI: one's own server, which runs one's own workflows; results, queue position and failures by polling.

https://docs.comfy.org/development/comfyui-server/comms_routes and the program's server.py. Its websocket is not used: no
connection outlives a step.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx

from providers.base import DrawRequest, Health, Kind, Size, Source, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.comfyui_check import lacking
from providers.comfyui_graph import Workflow, own, shipped
from providers.comfyui_replies import RUNNING, entry_of, place, refusal, told, unknown, uploaded
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import AnswerError, call, forbidden
from providers.inline import ENDINGS, json_object
from providers.prices import wants_draft

DEFAULT_MODEL: Final = "sd_xl_base_1.0.safetensors"
"""The file's name as its publisher has it; it must lie in ComfyUI's models/checkpoints."""
OURS: Final = uuid.UUID("5f0c1d3e-7b52-4f0e-9d7c-0a7b5b8f2c11")
FOLDER: Final = "imagine-bot"
STEP: Final = 16
"""Sides are multiples of this many px: newer models want 16, older ones 8."""
LEAST_SIDE: Final = 256
MOST_SIDE: Final = 2048
PER_CALL: Final = 4
SEND_SECONDS: Final = 60.0
READ_SECONDS: Final = 15.0


def sides(size: Size) -> dict[str, int]:
    """Width and height as latent spaces want them."""
    return {"width": _side(size.width), "height": _side(size.height)}


def drawn_size(request: DrawRequest) -> Size:
    """Half the sides for a draft: a quarter of the work."""
    half = wants_draft(request)
    return Size(request.size.width // 2, request.size.height // 2) if half else request.size


def _side(length: int) -> int:
    return min(max(round(length / STEP) * STEP, LEAST_SIDE), MOST_SIDE)


def prompt_id(key: str) -> str:
    """ComfyUI takes an id of our choice: the same key always has the same, so that a call can be looked up."""
    return str(uuid.uuid5(OURS, key))


class ComfyUI:
    """Implements `providers.base.Provider`."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        upscaler: str = "",
        workflow: Path | None = None,
        img2img_workflow: Path | None = None,
        upscale_workflow: Path | None = None,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """The client is the caller's. A server has no `key`. Raises ValueError for a workflow that cannot be used.

        Pictures are drawn from pictures by `img2img_workflow`, else by the shipped one if `workflow` is the shipped one.
        They are enlarged by `upscale_workflow`, else by the shipped one if an `upscaler` (an upscale model) is named.
        """
        del key
        self._root, self._client, self._send_seconds = base_url.rstrip("/"), client, send_seconds
        self._models = {"model": model, "upscaler": upscaler}
        self._draw = own("IMAGINE_COMFYUI_WORKFLOW", workflow, "prompt") if workflow else shipped("comfyui_workflow.json")
        if "image" in self._draw.names:
            raise ValueError("IMAGINE_COMFYUI_WORKFLOW has {{image}}: that belongs in IMAGINE_COMFYUI_IMG2IMG_WORKFLOW.")
        self._redraw: Workflow | None = None
        if img2img_workflow:
            self._redraw = own("IMAGINE_COMFYUI_IMG2IMG_WORKFLOW", img2img_workflow, "prompt", "image")
        elif not workflow:
            self._redraw = shipped("comfyui_img2img.json")
        self._enlarge: Workflow | None = None
        if upscale_workflow:
            self._enlarge = own("IMAGINE_COMFYUI_UPSCALE_WORKFLOW", upscale_workflow, "image")
        elif upscaler:
            self._enlarge = shipped("comfyui_upscale.json")
        self._capabilities = self._able()

    def _able(self) -> Capabilities:
        drawing = [workflow for workflow in (self._draw, self._redraw) if workflow]
        honours = _honoured(self._draw)
        return Capabilities(
            "comfyui",
            "ComfyUI",
            asynchronous=True,
            per_call=PER_CALL if all("count" in workflow.names for workflow in drawing) else 1,
            upscale=self._enlarge is not None,
            upscale_any=self._enlarge is not None,
            variation=self._redraw is not None,
            image_input=self._redraw is not None,
            cancel=True,
            lookup=True,
            honours=honours,
            lost_with_picture=honours - _honoured(self._redraw) if self._redraw else frozenset(),
            deadline=1800.0,
            poll_cap=5.0,
        )

    @property
    def capabilities(self) -> Capabilities:
        """By what the workflows have placeholders for."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Upload the picture that it starts from, if any; then queue one workflow under an id made from `key`."""
        del webhook_url
        workflow, picture = self._chosen(request)
        ours = prompt_id(key)
        image = await self._upload(ours, picture) if picture else ""
        seed = _seed(request, ours)
        texts = {"prompt": request.prompt, "negative": request.params.negative, "image": image, **self._models}
        graph = workflow.filled({**texts, "seed": seed, "count": request.count, **sides(drawn_size(request))})
        order = {"prompt": graph, "prompt_id": ours, "extra_data": {"seed": seed}}
        try:
            reply = await self._call("POST", "prompt", timeout=self._send_seconds, submit=True, json=order)
        except AnswerError as error:
            text = refusal(error.response) or error.text
            raise ProviderError(error.family, text, accepted=error.accepted, retry_after=error.retry_after) from error
        named = json_object(reply).get("prompt_id")
        if not isinstance(named, str) or not named:
            raise ProviderError(Family.BROKEN, "the answer has no prompt_id")
        return Submitted(named, cost=0)

    def _chosen(self, request: DrawRequest) -> tuple[Workflow, Source | None]:
        """What to run, and the picture that it loads."""
        if request.kind is Kind.IMAGINE and request.image is None:
            return self._draw, None
        workflow = self._enlarge if request.kind is Kind.UPSCALE else self._redraw
        picture = request.image if request.kind is Kind.IMAGINE else request.source
        if workflow is None or picture is None:
            text = f"no workflow or no picture for {request.kind}"
            raise ProviderError(Family.BAD_REQUEST, text, accepted=Accepted.NO)
        return workflow, picture

    async def _upload(self, name: str, picture: Source) -> str:
        file = (f"{name}.{ENDINGS.get(picture.mime, 'png')}", picture.data, picture.mime or "image/png")
        form = {"subfolder": FOLDER, "type": "input", "overwrite": "true"}
        try:
            reply = await self._call("POST", "upload/image", timeout=self._send_seconds, data=form, files={"image": file})
        except ProviderError as error:  # nothing is queued before the upload
            raise ProviderError(error.family, error.text, accepted=Accepted.NO, retry_after=error.retry_after) from error
        return uploaded(reply)

    async def lookup(self, key: str) -> Submitted | None:
        """By the id that was made from the key."""
        ref = prompt_id(key)
        known = await self._place(ref) is not None or await self._entry(ref) is not None
        return Submitted(ref, cost=0) if known else None

    async def status(self, ref: str) -> Status:
        """The queue first: a draw leaves it for the history in one move, so that none is missed in between."""
        waiting = await self._place(ref)
        if waiting is not None:
            return Status(Stage.RUNNING) if waiting == RUNNING else Status(Stage.QUEUED, queue_position=waiting)
        entry = await self._entry(ref)
        return unknown() if entry is None else told(entry, self._root)

    async def cancel(self, ref: str) -> bool:
        """Out of the queue, or interrupted if it is this one that runs. Not confirmed if it ended well all the same."""
        waiting = await self._place(ref)
        if waiting is None:
            return False
        if waiting != RUNNING:
            await self._call("POST", "queue", json={"delete": [ref]})
            waiting = await self._place(ref)
        if waiting == RUNNING:  # sent once: older servers read no prompt_id and stop whatever runs
            await self._call("POST", "interrupt", submit=True, json={"prompt_id": ref})
        return (await self.status(ref)).stage not in (Stage.DONE, Stage.QUEUED)

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none."""
        del headers, body
        raise BadWebhook("ComfyUI sends no webhooks")

    async def check(self) -> Health:
        """Whether the server answers and has all nodes and models that the workflows name. Draws nothing."""
        workflows = [workflow for workflow in (self._draw, self._redraw, self._enlarge) if workflow]
        try:
            missing = await lacking(self._read, workflows, self._models)
        except ProviderError as error:
            return Health(ok=False, sentence=f"Nothing useful answers at COMFYUI_URL: {error.text}.")
        return Health(ok=not missing, sentence=missing or "ComfyUI answers and has the workflows' nodes and models.")

    async def _place(self, ref: str) -> int | None:
        return place(await self._read("queue"), ref)

    async def _entry(self, ref: str) -> dict[str, Any] | None:
        return entry_of(await self._read(f"history/{quote(ref, safe='', errors='replace')}"), ref)

    async def _read(self, path: str) -> dict[str, Any]:
        return json_object(await self._call("GET", path))

    async def _call(
        self,
        method: str,
        path: str,
        *,
        timeout: float = READ_SECONDS,  # noqa: ASYNC109 - handed on
        submit: bool = False,
        **parts: Any,  # noqa: ANN401 - handed on
    ) -> httpx.Response:
        """A 403 is a proxy's before the program: no prompt is wrong, and the operator can mend it."""
        try:
            return await call(self._client, method, f"{self._root}/{path}", timeout=timeout, submit=submit, **parts)
        except AnswerError as error:
            raise forbidden(error) from error


def _honoured(workflow: Workflow) -> frozenset[str]:
    """The parameters that it has placeholders for."""
    sized = {"ratio", "speed"} if {"width", "height"} <= workflow.names else set()
    return frozenset(sized | ({"seed", "negative"} & workflow.names))


def _seed(request: DrawRequest, ours: str) -> int:
    """The user's for a prompt; else one of this call alone: ComfyUI draws no seeds, and a repeated V must differ."""
    given = request.params.seed
    return uuid.UUID(ours).int % 2**32 if given is None or request.kind is not Kind.IMAGINE else given
