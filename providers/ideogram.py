"""Ideogram 3.0: blocking, remix for V and input pictures, an upscaler. Specification: tests/specs/ideogram.openapi.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Source, Submitted
from providers.blocking import Blocking
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, call
from providers.inline import entries, file_part, id_of, json_object, nearest_ratio, parent_of, url_of, whole, worded
from providers.limits import Limits
from providers.prices import Prices, shipped

DEFAULT_MODEL = "default"
MODELS = ("FLASH", "TURBO", "BALANCED", "DEFAULT", "QUALITY")
"""`rendering_speed` of Ideogram 3.0; the price list has them in small letters."""
SPEEDS = {"turbo": "TURBO", "draft": "FLASH"}
RATIOS = ("1:3", "3:1", "1:2", "2:1", "9:16", "16:9", "10:16", "16:10", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "1:1")
HONOURS = frozenset({"ratio", "seed", "negative", "speed", "raw"})
SEEDS = 2**31
MOST_PICTURES = 8
IMAGE_WEIGHT = 50
RESEMBLANCE = 80
"""Of the upscaler, 1-100: above the vendor's 50, because an upscale should keep the picture."""
TAKES = Limits(weight=10_000_000)
""""max size 10MB" of remix and upscale alike (tests/specs/ideogram.openapi.json)."""
SEND_SECONDS = 180.0
READ_SECONDS = 15.0


def rendering_speed(model: str) -> str:
    """IMAGINE_IDEOGRAM_MODEL as the API's `rendering_speed`; raises ValueError with what was expected."""
    name = model.strip().lower().removeprefix("ideogram-").removeprefix("v3-").upper() or DEFAULT_MODEL.upper()
    if name not in MODELS:
        raise ValueError(f"IMAGINE_IDEOGRAM_MODEL is one of {', '.join(MODELS).lower()}, not {model!r}")
    return name


CAPABILITIES = Capabilities(
    "ideogram",
    "Ideogram",
    asynchronous=False,
    per_call=MOST_PICTURES,
    upscale=True,
    upscale_any=True,
    variation=True,
    image_input=True,
    honours=HONOURS,
    deadline=300.0,
    takes=TAKES,
    enlarges=TAKES,
)
"""The same at every rendering speed but for the price."""


class Ideogram(Blocking):
    """Implements `Provider`. `model` is the rendering speed; `send_seconds`: how long one drawing may take."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """The client is the caller's: it closes it. Raises ValueError for a model that is none."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Api-Key": key}
        self._speed = rendering_speed(model)
        self._send_seconds = send_seconds
        self._prices = prices or shipped()
        self._capabilities = self._prices.tag(CAPABILITIES, self._speed.lower())

    @property
    def capabilities(self) -> Capabilities:
        """By rendering speed."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Send one paid request and wait for its pictures. `ref` is when it was made."""
        del key, webhook_url
        if request.kind is Kind.UPSCALE:
            form = {"image_request": json.dumps({"prompt": request.prompt, "resemblance": RESEMBLANCE, "num_images": 1})}
            said = await self._paid("/upscale", data=form, files={"image_file": file_part(parent_of(request))})
            return _submitted(said, self._capabilities.upscale_price, per_request=True)
        order = self._order(request)
        price = self._prices.amount("ideogram", order["rendering_speed"].lower())
        picture = parent_of(request) if request.kind is Kind.VARIATION else request.image
        if picture is None:
            return _submitted(await self._paid("/v1/ideogram-v3/generate", json=order), price)
        return _submitted(await self._remix(order, picture), price)

    async def check(self) -> Health:
        """No route tells about the account. A drawing without a prompt is refused by what is wrong first, and costs nothing.

        developer.ideogram.ai/ideogram-api/errors (read 2026-11-21): 400, 401, 402 and 403 do not run and are not billed.
        """
        try:
            url = f"{self._base}/v1/ideogram-v3/generate"
            await call(self._client, "POST", url, timeout=READ_SECONDS, submit=False, headers=self._headers, json={})
        except ProviderError as error:
            return _health(_refined(error))
        return Health(ok=True, sentence="Ideogram takes the key.")

    def _order(self, request: DrawRequest) -> dict[str, Any]:
        """A V goes without seed: pressed twice it shall not bring the same pictures twice."""
        params = request.params
        order: dict[str, Any] = {
            "prompt": worded(request.prompt),
            "aspect_ratio": nearest_ratio(request, RATIOS).replace(":", "x"),
            "rendering_speed": SPEEDS.get(params.speed, self._speed),
            "num_images": request.count,
        }
        if params.seed is not None and request.kind is not Kind.VARIATION:
            order["seed"] = params.seed % SEEDS
        if params.negative:
            order["negative_prompt"] = params.negative
        if params.raw:
            order["magic_prompt"] = "OFF"
        return order

    async def _remix(self, order: Mapping[str, Any], picture: Source) -> dict[str, Any]:
        form = {name: str(value) for name, value in order.items()} | {"image_weight": str(IMAGE_WEIGHT)}
        return await self._paid("/v1/ideogram-v3/remix", data=form, files={"image": file_part(picture)})

    async def _paid(self, path: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx types them
        """The API describes no 5xx, so none is known to be safe."""
        url = self._base + path
        try:
            reply = await call(
                self._client, "POST", url, timeout=self._send_seconds, submit=True, headers=self._headers, **parts
            )
        except AnswerError as error:
            raise _refined(error) from error
        return json_object(reply)


def _refined(error: ProviderError) -> ProviderError:
    """422 is the safety check's, 403 a key without access (tests/specs/ideogram.openapi.json). Neither ran."""
    status = error.response.status_code if isinstance(error, AnswerError) else 0
    if status == 403:
        return ProviderError(Family.BAD_KEY, error.text, accepted=Accepted.NO)
    if status == 422:
        return ProviderError(Family.MODERATED, error.text, accepted=Accepted.NO)
    return error


def _health(error: ProviderError) -> Health:
    if error.family in {Family.BAD_REQUEST, Family.MODERATED} and error.accepted is Accepted.NO:
        return Health(ok=True, sentence="Ideogram takes the key.")
    if error.family is Family.BAD_KEY:
        return Health(ok=False, sentence="Ideogram does not take the key; set IDEOGRAM_API_KEY to a good one.")
    if error.family is Family.NO_MONEY:
        return Health(ok=False, sentence="The Ideogram account has no credit left; add some in its API settings.")
    return Health(ok=False, sentence=f"Ideogram does not answer as it should: {error.text}.")


def _submitted(said: dict[str, Any], price: int, *, per_request: bool = False) -> Submitted:
    """A picture that its safety check withholds has no URL, and is billed all the same (developer.ideogram.ai, errors).

    All withheld is MODERATED, with `accepted` unknown: the request was taken and is charged.
    """
    images = entries(said, "data")
    pictures = tuple(Drawn(url=url_of(image), seed=whole(image.get("seed"), SEEDS - 1)) for image in images if _shown(image))
    if not pictures and any(image.get("is_image_safe") is False for image in images):
        raise ProviderError(Family.MODERATED, "the safety check withheld every picture", accepted=Accepted.UNKNOWN)
    cost = price if per_request else price * len(images)
    return Submitted(id_of(said, "created") or "ideogram", pictures, cost)


def _shown(image: dict[str, Any]) -> bool:
    return image.get("is_image_safe") is not False and bool(url_of(image))
