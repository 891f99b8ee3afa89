"""xAI: blocking, edits for V and input pictures, no upscaler. Specification: tests/specs/xai.openapi.yaml."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Source, Submitted
from providers.blocking import Blocking
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError, call
from providers.inline import entries, json_object, nearest_ratio, parent_of, url_of, whole, worded
from providers.prices import Prices, shipped, wants_draft

DEFAULT_MODEL = "grok-imagine-image"
EDIT_RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "2:1", "1:2")
RATIOS = (*EDIT_RATIOS, "20:9", "9:20")
"""`nearest_ratio` knows whole numbers only, so 19.5:9 and 9:19.5 are left out."""
MOST_PICTURES = 4
"""The API draws up to 10 in one call; more than a grid is never wanted."""
SEND_SECONDS = 180.0
READ_SECONDS = 15.0

TICKS = 10_000
"""Ticks of one micro-USD: a US dollar has 10^10 (`cost_in_usd_ticks`, as public clients read it; seen 2026-11-21)."""
MOST_TICKS = 10**13
NO_MONEY_WORDS = ("available credits", "spending limit")
"""A 429 of an empty account says so in its text (github.com/continuedev/continue/issues/10373)."""
MODERATED_WORDS = ("content moderation",)
BAD_KEY_WORDS = ("incorrect api key",)
ASKABLE = frozenset({Family.BAD_REQUEST, Family.BUSY})


class Xai(Blocking):
    """Implements `Provider`. `base_url` ends in the version (`/v1`); `send_seconds`: how long one drawing may take."""

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
        """The client is the caller's: it closes it."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"}
        self._model = model
        self._send_seconds = send_seconds
        can = Capabilities(
            "xai",
            "xAI",
            asynchronous=False,
            per_call=MOST_PICTURES,
            variation=True,
            image_input=True,
            honours=frozenset({"ratio"}),
            deadline=300.0,
        )
        self._capabilities = (prices or shipped()).tag(can, model, drafter=DEFAULT_MODEL)

    @property
    def capabilities(self) -> Capabilities:
        """By model."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Send one paid request and wait for its pictures. xAI gives a call no id, so `ref` says nothing."""
        del key, webhook_url
        if request.kind is Kind.UPSCALE:
            raise ProviderError(Family.BAD_REQUEST, "xAI has no upscaler", accepted=Accepted.NO)
        picture = parent_of(request) if request.kind is Kind.VARIATION else request.image
        if picture is None:
            return _submitted(await self._paid("generations", self._order(request, RATIOS)))
        order = self._order(request, EDIT_RATIOS)
        return _submitted(await self._paid("edits", order | {"image": _image(picture)}))

    async def check(self) -> Health:
        """Ask for the model, which needs the key. Nothing there says how much credit is left."""
        url = f"{self._base}/image-generation-models/{quote(self._model, safe='')}"
        try:
            json_object(await call(self._client, "GET", url, timeout=READ_SECONDS, submit=False, headers=self._headers))
        except ProviderError as error:
            if _refined(error).family is Family.BAD_KEY:
                return Health(ok=False, sentence="xAI does not take the key; set XAI_API_KEY to a good one.")
            if isinstance(error, AnswerError) and error.response.status_code == 404:
                return Health(ok=False, sentence=f"xAI does not know IMAGINE_XAI_MODEL={self._model}; choose another model.")
            return Health(ok=False, sentence=f"xAI does not answer as it should: {error.text}.")
        return Health(ok=True, sentence=f"xAI takes the key and has {self._model}.")

    def _order(self, request: DrawRequest, ratios: tuple[str, ...]) -> dict[str, Any]:
        """`n` of edits is not in the description; public clients send it. A server that ignores it draws fewer."""
        return {
            "model": DEFAULT_MODEL if self._capabilities.draft_price and wants_draft(request) else self._model,
            "prompt": worded(request.prompt),
            "n": request.count,
            "aspect_ratio": nearest_ratio(request, ratios),
            "response_format": "url",
        }

    async def _paid(self, route: str, order: dict[str, Any]) -> dict[str, Any]:
        """Error bodies are not documented: no 5xx is known to be safe."""
        url = f"{self._base}/images/{route}"
        try:
            reply = await call(
                self._client, "POST", url, timeout=self._send_seconds, submit=True, headers=self._headers, json=order
            )
        except AnswerError as error:
            raise _refined(error) from error
        return json_object(reply)


def _image(picture: Source) -> dict[str, str]:
    data = base64.b64encode(picture.data).decode()
    return {"type": "image_url", "url": f"data:{picture.mime or 'image/png'};base64,{data}"}


def _refined(error: ProviderError) -> ProviderError:
    """What a 4xx is about, by the words of its body; 403 is else the key's. None of them was accepted."""
    if not isinstance(error, AnswerError) or error.family not in ASKABLE or error.accepted is not Accepted.NO:
        return error
    said = error.response.text[:2000].lower()
    family = Family.BAD_KEY if error.response.status_code == 403 else error.family
    for words, meant in (
        (NO_MONEY_WORDS, Family.NO_MONEY),
        (MODERATED_WORDS, Family.MODERATED),
        (BAD_KEY_WORDS, Family.BAD_KEY),
    ):
        if any(word in said for word in words):
            family = meant
            break
    return ProviderError(family, error.text, accepted=Accepted.NO, retry_after=error.retry_after)


def _submitted(said: dict[str, Any]) -> Submitted:
    """A picture with `respect_moderation` false is withheld; all of them withheld is a refusal, perhaps a paid one."""
    images = entries(said, "data")
    allowed = [image for image in images if image.get("respect_moderation") is not False]
    if images and not allowed:
        raise ProviderError(Family.MODERATED, "moderation withheld every picture")
    usage = said.get("usage")
    ticks = whole(usage.get("cost_in_usd_ticks"), MOST_TICKS) if isinstance(usage, dict) else None
    pictures = tuple(Drawn(url=url_of(image)) for image in allowed if url_of(image))
    return Submitted("xai", pictures, None if ticks is None else -(-ticks // TICKS))
