"""Google's Gemini image models through generateContent: one blocking call, one picture.

A reply with HTTP 200 was taken and may be charged even if it refuses to draw (Google waives 400 and 500 alone). So a refusal
is an accepted call that failed: `submit` returns its reason inside `ref`, and `status` tells it, after a restart as well.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import Any, Final

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Size, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import BadWebhook, Family, ProviderError
from providers.gemini_replies import Outcome, envelope, outcome, refined
from providers.http import AnswerError, call
from providers.inline import worded
from providers.prices import Prices, shipped, wants_draft

DEFAULT_MODEL: Final = "gemini-3.1-flash-image"
DRAFTER: Final = "gemini-3.1-flash-lite-image"
"""The cheapest model."""
RATIOS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
"""`imageConfig.aspectRatio` of every image model; 1:4, 4:1, 1:8 and 8:1 are not in all of them."""
LONG_RATIOS: Final = ("1:4", "4:1", "1:8", "8:1")
ENLARGERS: Final = frozenset({"gemini-3.1-flash-image", "gemini-3-pro-image"})
"""The models that take imageSize 2K."""
SEEDS: Final = 2**31
"""`generationConfig.seed` is an int32."""
SEND_SECONDS: Final = 180.0
READ_SECONDS: Final = 15.0
VARY: Final = (
    "\n\nDraw a new picture of this with the given picture as the model: keep subject and style, vary the composition."
)
ENLARGE: Final = (
    "\n\nReproduce the given picture at a higher resolution. Change neither content, composition, colours nor style."
)


def nearest_ratio(ratio: str, size: Size, allowed: tuple[str, ...] = RATIOS) -> str:
    """The allowed ratio nearest to `ratio` ("3:2"), or to that of `size` where none was given."""
    wide, _, high = ratio.partition(":")
    try:
        wanted = float(wide) / float(high)
    except (ValueError, ZeroDivisionError):
        wanted = size.width / max(size.height, 1)
    return min(allowed, key=lambda name: _distance(name, max(wanted, 1e-6)))


def _distance(name: str, wanted: float) -> float:
    """How many times too wide or too narrow, so that 2:3 is as far from 1:1 as 3:2."""
    wide, _, high = name.partition(":")
    offered = int(wide) / int(high)
    return max(offered / wanted, wanted / offered)


def capabilities_of(model: str) -> Capabilities:
    """U only where the model takes imageSize 2K; it draws anew, and the label says so."""
    enlarges = model in ENLARGERS
    return Capabilities(
        name="gemini",
        label="Google Gemini (U redraws the picture)" if enlarges else "Google Gemini",
        asynchronous=False,
        per_call=1,
        upscale=enlarges,
        variation=True,
        image_input=True,
        honours=frozenset({"ratio", "seed"}),
        deadline=300.0,
    )


class Gemini:
    """Implements `providers.base.Provider`."""

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
        """The client is the caller's: it closes it. `send_seconds`: how long one picture may take."""
        self._models_url = f"{base_url.rstrip('/')}/models"
        self._model_url = f"{self._models_url}/{model}"
        self._model = model
        self._client = client
        self._headers = {"x-goog-api-key": key}
        self._send_seconds = send_seconds
        self._capabilities = (prices or shipped()).tag(capabilities_of(model), model, drafter=DRAFTER)

    @property
    def capabilities(self) -> Capabilities:
        """By model."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """One picture, or a ref that holds why there is none."""
        del webhook_url
        draft = self._capabilities.draft_price and wants_draft(request)
        try:
            reply = await call(
                self._client,
                "POST",
                f"{self._models_url}/{DRAFTER}:generateContent" if draft else f"{self._model_url}:generateContent",
                timeout=self._send_seconds,
                submit=True,
                envelope=envelope,
                headers=self._headers,
                json=await asyncio.to_thread(self._order, request),
            )
        except AnswerError as error:
            raise refined(error) from error
        came = await asyncio.to_thread(outcome, reply.content)  # megabytes of base64
        if not came.data:
            return Submitted(_ref(came, key))
        return Submitted(_ref(came, key), (Drawn(data=came.data, seed=_seed(request)),))

    def _order(self, request: DrawRequest) -> dict[str, Any]:
        long = self._model == DEFAULT_MODEL and not wants_draft(request)
        ratios = RATIOS + LONG_RATIOS if long else RATIOS
        image: dict[str, str] = {"aspectRatio": nearest_ratio(request.params.ratio, request.size, ratios)}
        if request.kind is Kind.UPSCALE:
            image["imageSize"] = "2K"
        config: dict[str, Any] = {"responseModalities": ["IMAGE"], "imageConfig": image}
        if (seed := _seed(request)) is not None:
            config["seed"] = seed
        return {"contents": [{"role": "user", "parts": _parts(request)}], "generationConfig": config}

    async def lookup(self, key: str) -> Submitted | None:
        """Google keeps no list of calls."""
        del key
        return None

    async def status(self, ref: str) -> Status:
        """What the ref of a call without a picture says; pictures came with the answer to `submit`, or not at all."""
        try:
            told = json.loads(ref)
            family, text = Family(told["family"]), str(told["text"])
        except (ValueError, LookupError, TypeError):
            return Status(Stage.FAILED, error=ProviderError(Family.BROKEN, "Gemini keeps no pictures to ask for"))
        if family is Family.BROKEN:
            return Status(Stage.DONE)
        return Status(Stage.FAILED, error=ProviderError(family, text))

    async def cancel(self, ref: str) -> bool:
        """There is no way to."""
        del ref
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none."""
        del headers, body
        raise BadWebhook("Gemini sends no webhooks for generateContent")

    async def check(self) -> Health:
        """Ask for the model: proves key and model name, pays nothing. Whether billing is on shows only when drawing."""
        try:
            await call(self._client, "GET", self._model_url, timeout=READ_SECONDS, submit=False, headers=self._headers)
        except AnswerError as error:
            return Health(ok=False, sentence=self._complaint(error))
        except ProviderError as error:
            return Health(ok=False, sentence=f"Gemini can't be reached at GEMINI_BASE_URL: {error.text}.")
        return Health(ok=True, sentence=f"Gemini knows the key and the model {self._model}.")

    def _complaint(self, error: AnswerError) -> str:
        if error.response.status_code == 404:
            return f"Gemini has no model {self._model}: set IMAGINE_GEMINI_MODEL to one that it lists."
        found = refined(error)
        if found.family is Family.BAD_KEY:
            return "Gemini refuses the key: set GEMINI_API_KEY to one from Google AI Studio."
        if found.family is Family.NO_MONEY:
            return "Gemini wants billing: turn it on for the key's project in Google AI Studio."
        return f"Gemini does not answer as it should: {found.text}."


def _parts(request: DrawRequest) -> list[dict[str, Any]]:
    from_tile = request.kind is not Kind.IMAGINE
    picture = request.source if from_tile and request.source is not None else request.image
    text = request.prompt + ({Kind.VARIATION: VARY, Kind.UPSCALE: ENLARGE}.get(request.kind, "") if picture else "")
    parts: list[dict[str, Any]] = [{"text": worded(text)}]  # Google takes an empty text for a part without data
    if picture is not None:
        parts.append({"inlineData": {"mimeType": picture.mime, "data": base64.b64encode(picture.data).decode()}})
    return parts


def _seed(request: DrawRequest) -> int | None:
    """Ours go to 2^32-1: folded, and told as folded, so that the seed shown draws the same again."""
    return None if request.params.seed is None else request.params.seed % SEEDS


def _ref(came: Outcome, key: str) -> str:
    """Google's id of the reply; with family and reason if there is no picture."""
    name = came.id or key
    return name if came.data else json.dumps({"id": name, "family": came.family.value, "text": came.text})
