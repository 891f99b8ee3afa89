"""OpenAI's image API: one blocking call draws a grid. Also speaks the small common part that compatible servers know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from providers.base import Capabilities, DrawRequest, Health, Kind, Params, Source, Stage, Status, Submitted
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import AnswerError, call
from providers.openai_reply import cost, failure, listed, overloaded, pictures, reference
from providers.openai_size import grid_of_64, nearest

DEFAULT_MODEL: Final = "gpt-image-2"
DEFAULT_URL: Final = "https://api.openai.com/v1"
OWN_MODELS: Final = ("gpt-image", "chatgpt-image")
"""Names of OpenAI's own image models begin so; any other model is a compatible server's."""
SEND_SECONDS: Final = 300.0
"""High quality takes minutes."""
READ_SECONDS: Final = 20.0
OFF_LOOP_BYTES: Final = 100_000
"""Replies longer than this are parsed and decoded in a thread."""
LONGEST_PROMPT: Final = 32_000
"""Characters, by the API description."""
FILES: Final = {"image/jpeg": "image.jpg", "image/png": "image.png", "image/webp": "image.webp"}
"""What edits take, each under 50 MB."""
PRICES: Final = (
    ("gpt-image-1-mini", 11_000),
    ("gpt-image-1.5", 34_000),
    ("gpt-image-2.", 53_000),  # 2.5 and 2.6: the price of high, as medium is not listed
    ("gpt-image-2", 53_000),  # an estimate: low is 6,000 and high 211,000, medium is not listed
)
"""Model prefix -> micro-USD of a medium 1024x1024 picture. Public price table, 2026-11-21; `usage` brings the true cost."""
DEAREST: Final = 211_000
"""Micro-USD for a model with no known price: a high picture of gpt-image-2."""


class OpenAI:
    """Implements `Provider`. Models that are not OpenAI's own get only the five fields that all such servers know."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        compatible: bool | None = None,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """`compatible`: not OpenAI's own API; None: told by the model's name. The client is the caller's: it closes it."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._compatible = not model.startswith(OWN_MODELS) if compatible is None else compatible
        self._send_seconds = send_seconds
        self._capabilities = (
            _compatible_capabilities(send_seconds) if self._compatible else _capabilities(model, send_seconds)
        )

    @property
    def capabilities(self) -> Capabilities:
        """Fewer on a compatible server: no edits, so no V of its own and no input picture."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """One paid request, answered with the pictures. A V or an input picture is an edit of that picture."""
        del webhook_url
        start = request.source or request.image
        if request.kind is Kind.UPSCALE or (start is not None and self._compatible):
            raise _bad("this server has no such operation")
        if request.kind is Kind.VARIATION and start is None:
            raise _bad("no picture to vary")
        path, parts = ("edits", self._edit(request, start)) if start else ("generations", {"json": self._order(request)})
        try:
            reply = await call(
                self._client,
                "POST",
                f"{self._base}/images/{path}",
                timeout=self._send_seconds,
                submit=True,
                envelope=self._safe,
                headers=self._headers,
                **parts,
            )
        except AnswerError as error:
            raise failure(error) from error
        return await self._submitted(reply, request.count, key)

    async def _submitted(self, reply: httpx.Response, count: int, key: str) -> Submitted:
        large = len(reply.content) > OFF_LOOP_BYTES
        drawn, usage = await asyncio.to_thread(pictures, reply) if large else pictures(reply)
        return Submitted(reference(reply, key), drawn[:count], None if self._compatible else cost(usage, self._model))

    def _safe(self, reply: httpx.Response) -> bool:
        return not self._compatible and overloaded(reply)

    def _order(self, request: DrawRequest) -> dict[str, Any]:
        order: dict[str, Any] = {"model": self._model, "prompt": request.prompt, "n": request.count}
        if self._compatible:
            return order | {"size": grid_of_64(request.size), "response_format": "b64_json"}
        size, quality = nearest(request.size, self._model), quality_of(request.params)
        return order | {"size": size, "quality": quality, "output_format": "jpeg"}

    def _edit(self, request: DrawRequest, start: Source) -> dict[str, Any]:
        """A form. No `input_fidelity`: gpt-image-2 refuses it, and `low` is the default of the others."""
        mime = start.mime or "image/jpeg"
        if mime not in FILES:
            raise _bad(f"an input picture must be JPEG, PNG or WebP, not {mime}")
        form = {name: str(value) for name, value in self._order(request).items()}
        return {"data": form, "files": {"image": (FILES[mime], start.data, mime)}}

    async def lookup(self, key: str) -> Submitted | None:
        """There is no such route; an answer that is lost is lost."""
        del key
        return None

    async def status(self, ref: str) -> Status:
        """Everything came with the answer to `submit`; nothing is hosted, so nothing more is to be had."""
        del ref
        return Status(Stage.DONE)

    async def cancel(self, ref: str) -> bool:
        """Nothing can be called back."""
        del ref
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """There are none for images."""
        del headers, body
        raise BadWebhook("OpenAI sends no webhooks for images")

    async def check(self) -> Health:
        """Ask for the model. Credit cannot be asked for with this key."""
        path = "/models" if self._compatible else f"/models/{quote(self._model, safe='')}"
        try:
            reply = await call(
                self._client, "GET", self._base + path, timeout=READ_SECONDS, submit=False, headers=self._headers
            )
        except AnswerError as error:
            return Health(ok=False, sentence=self._wrong(failure(error), error.response.status_code))
        except ProviderError as error:
            return Health(ok=False, sentence=f"{self._base} does not answer ({error.text}): check OPENAI_BASE_URL.")
        models = listed(reply) if self._compatible else [self._model]
        if models and self._model not in models:
            some = ", ".join(models[:5])
            return Health(
                ok=False, sentence=f"The server has no model {self._model}: set IMAGINE_OPENAI_MODEL, e.g. {some}."
            )
        return Health(ok=True, sentence=f"{self._capabilities.label} answers; it draws with {self._model}.")

    def _wrong(self, error: ProviderError, status: int) -> str:
        if error.family is Family.BAD_KEY:
            return f"OPENAI_API_KEY is refused, or may not use {self._model} ({error.text[:200]})."
        if status == 404:
            return f"{self._base} does not know the model {self._model}: check IMAGINE_OPENAI_MODEL and OPENAI_BASE_URL."
        return f"{self._base} does not answer as it should ({error.text[:200]})."


def quality_of(params: Params) -> str:
    """--draft, or --quality below 1: low; above 1: high; else medium, so that the price is known (`auto` has none)."""
    wanted = 1.0 if params.quality is None else params.quality
    if params.speed == "draft" or wanted < 1:
        return "low"
    return "high" if wanted > 1 else "medium"


def _capabilities(model: str, deadline: float) -> Capabilities:
    return Capabilities(
        name="openai",
        label="OpenAI",
        asynchronous=False,
        per_call=4,
        variation=True,
        image_input=True,
        honours=frozenset({"ratio", "quality", "speed"}),
        price=next((price for prefix, price in PRICES if model.startswith(prefix)), DEAREST),
        deadline=deadline,
        longest_prompt=LONGEST_PROMPT,
    )


def _compatible_capabilities(deadline: float) -> Capabilities:
    """Its price is the operator's own matter."""
    return Capabilities(
        name="openai",
        label="OpenAI-compatible server",
        asynchronous=False,
        per_call=4,
        official=False,
        honours=frozenset({"ratio"}),
        deadline=deadline,
    )


def _bad(text: str) -> ProviderError:
    """Never sent."""
    return ProviderError(Family.BAD_REQUEST, text, accepted=Accepted.NO)
