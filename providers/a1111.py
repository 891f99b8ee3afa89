"""AUTOMATIC1111's and Forge's web UI, started with --api: one's own server, a blocking call for up to four pictures."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, Final

import httpx

from providers.a1111_replies import enlarged, envelope, names, pictures
from providers.base import DrawRequest, Health, Kind, Size, Source, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import AnswerError, call, forbidden
from providers.prices import wants_draft

DEFAULT_UPSCALER: Final = "R-ESRGAN 4x+"
"""Comes with both programs; the weights are loaded on first use."""
SUBSEED_STRENGTH: Final = 0.3
"""How far a variation goes from its seed, 0.0-1.0."""
DENOISING: Final = 0.6
"""How much of a given picture is drawn anew, 0.0-1.0."""
ENLARGEMENT: Final = 2
LEAST_SIDE: Final = 64
MOST_SIDE: Final = 2048
SEND_SECONDS: Final = 300.0
READ_SECONDS: Final = 15.0
CAPABILITIES: Final = Capabilities(
    name="a1111",
    label="Stable Diffusion web UI",
    asynchronous=False,
    per_call=4,
    upscale=True,
    upscale_any=True,
    variation=True,
    image_input=True,
    honours=frozenset({"ratio", "seed", "negative", "speed"}),
    deadline=900.0,
    one_at_a_time=True,
)


def sides(size: Size) -> dict[str, int]:
    """Width and height as the latent space wants them: multiples of 8 px."""
    return {"width": _side(size.width), "height": _side(size.height)}


def drawn_size(request: DrawRequest) -> Size:
    """Half the sides for a draft: a quarter of the work."""
    half = wants_draft(request)
    return Size(request.size.width // 2, request.size.height // 2) if half else request.size


def _side(length: int) -> int:
    return min(max(round(length / 8) * 8, LEAST_SIDE), MOST_SIDE)


class A1111:
    """Implements `providers.base.Provider`."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = "",
        upscaler: str = DEFAULT_UPSCALER,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """The client is the caller's. `key`: "user:password" of --api-auth or ""; `model`: a checkpoint, "": as loaded."""
        self._api = base_url.rstrip("/").removesuffix("/sdapi/v1") + "/sdapi/v1"
        self._client = client
        self._headers = {"Authorization": f"Basic {base64.b64encode(key.encode()).decode()}"} if key else {}
        self._model = model
        self._upscaler = upscaler
        self._send_seconds = send_seconds

    @property
    def capabilities(self) -> Capabilities:
        """Constant."""
        return CAPABILITIES

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Draw, vary or enlarge, at once."""
        del webhook_url
        if request.kind is Kind.UPSCALE:
            reply = await self._send("extra-single-image", await asyncio.to_thread(self._enlargement, request))
            return Submitted(key, await asyncio.to_thread(enlarged, reply.content), cost=0)
        route, order = await asyncio.to_thread(self._order, request)
        reply = await self._send(route, order)
        plain = route == "txt2img" and not order["subseed_strength"]
        return Submitted(key, await asyncio.to_thread(pictures, reply.content, request.count, plain=plain), cost=0)

    async def _send(self, route: str, order: dict[str, Any]) -> httpx.Response:
        """A 403 is a proxy's before the program: no prompt is wrong, and the operator can mend it."""
        try:
            return await call(
                self._client,
                "POST",
                f"{self._api}/{route}",
                timeout=self._send_seconds,
                submit=True,
                envelope=envelope,
                headers=self._headers,
                json=order,
            )
        except AnswerError as error:
            raise forbidden(error) from error

    def _order(self, request: DrawRequest) -> tuple[str, dict[str, Any]]:
        """Route and body. A tile that a seed alone can draw again is varied by subseed, any other picture by img2img."""
        order: dict[str, Any] = {
            "prompt": request.prompt,
            "negative_prompt": request.params.negative,
            "seed": -1 if request.params.seed is None else request.params.seed,
            "subseed_strength": 0.0,
            "batch_size": request.count,
            "n_iter": 1,
            "do_not_save_grid": True,
            "save_images": False,
            **sides(drawn_size(request)),
        }
        if self._model:
            order["override_settings"] = {"sd_model_checkpoint": self._model}
        source = request.source if request.kind is Kind.VARIATION else None
        if source is not None and source.seed is not None and source.image_id == f"seed {source.seed}" and not request.image:
            return "txt2img", order | {"seed": source.seed, "subseed": -1, "subseed_strength": SUBSEED_STRENGTH}
        picture = request.image or source
        if picture is None:
            return "txt2img", order
        return "img2img", order | {"init_images": [_encoded(picture)], "denoising_strength": DENOISING}

    def _enlargement(self, request: DrawRequest) -> dict[str, Any]:
        if request.source is None:
            raise ProviderError(Family.BAD_REQUEST, "no picture to enlarge", accepted=Accepted.NO)
        return {"image": _encoded(request.source), "upscaling_resize": ENLARGEMENT, "upscaler_1": self._upscaler}

    async def lookup(self, key: str) -> Submitted | None:
        """The server keeps no list of calls."""
        del key
        return None

    async def status(self, ref: str) -> Status:
        """Asked only of a call that ended without pictures: they come with the answer to `submit`, or not at all."""
        del ref
        return Status(Stage.DONE)

    async def cancel(self, ref: str) -> bool:
        """/interrupt stops whatever is drawn just now, also another's picture: not used."""
        del ref
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none."""
        del headers, body
        raise BadWebhook("the web UI sends no webhooks")

    async def check(self) -> Health:
        """Whether the server answers and has the checkpoint and the upscaler that are set."""
        try:
            models = await self._names("sd-models", ("title", "model_name"))
            upscalers = await self._names("upscalers", ("name",))
        except AnswerError as error:
            return Health(ok=False, sentence=_complaint(error))
        except ProviderError as error:
            return Health(ok=False, sentence=f"Nothing useful answers at A1111_URL: {error.text}.")
        if self._model and self._model not in models:
            return Health(ok=False, sentence=f"The web UI has no checkpoint {self._model}: correct IMAGINE_A1111_MODEL.")
        if self._upscaler not in upscalers:
            return Health(ok=False, sentence=f"The web UI has no upscaler {self._upscaler}: correct IMAGINE_A1111_UPSCALER.")
        return Health(ok=True, sentence="The web UI answers and has the checkpoint and the upscaler.")

    async def _names(self, route: str, fields: tuple[str, ...]) -> frozenset[str]:
        url = f"{self._api}/{route}"
        reply = await call(self._client, "GET", url, timeout=READ_SECONDS, submit=False, headers=self._headers)
        return names(reply.content, fields)


def _encoded(picture: Source) -> str:
    return base64.b64encode(picture.data).decode()


def _complaint(error: AnswerError) -> str:
    if error.response.status_code == 404:
        return "The web UI at A1111_URL has no API: start it with --api."
    if error.family is Family.BAD_KEY:
        return "The web UI wants the user and password of its --api-auth."
    return f"The web UI does not answer as it should: {error.text}."
