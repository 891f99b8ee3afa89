"""OpenAI's image API: one blocking call draws a grid. Also speaks the small common part that compatible servers know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from providers.base import DrawRequest, Health, Kind, Params, Source, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import BODY_LIMIT, AnswerError, Feed, call
from providers.inline import worded
from providers.limits import Limits
from providers.openai_reply import cannot_stream, cost, failure, listed, overloaded, pictures, reference
from providers.openai_size import grid_of_64, nearest
from providers.openai_stream import OFF_LOOP_BYTES, PictureStream
from providers.prices import Prices, shipped
from providers.streaming import Seen

DEFAULT_MODEL: Final = "gpt-image-2"
DEFAULT_URL: Final = "https://api.openai.com/v1"
OWN_MODELS: Final = ("gpt-image", "chatgpt-image")
"""Names of OpenAI's own image models begin so; any other model is a compatible server's."""
SEND_SECONDS: Final = 300.0
"""High quality takes minutes."""
READ_SECONDS: Final = 20.0
LONGEST_PROMPT: Final = 32_000
"""Characters, by the API description."""
TAKES: Final = Limits(weight=49_999_999)
"""A file "less than 50MB" (tests/specs/openai-images-moderations.openapi.json, `image` of an edit)."""
FILES: Final = {"image/jpeg": "image.jpg", "image/png": "image.png", "image/webp": "image.webp"}
"""What edits take, each under 50 MB."""


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
        partials: int = 0,
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """`compatible`: not OpenAI's own API; None: told by the model's name. The client is the caller's: it closes it.

        `partials`: partial pictures per picture, 0-3. With any, a call draws one picture: more are not streamed.
        """
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._compatible = not model.startswith(OWN_MODELS) if compatible is None else compatible
        self._send_seconds = send_seconds
        self._partials = 0 if self._compatible else partials
        self._capabilities = (
            _compatible_capabilities(send_seconds)
            if self._compatible
            else (prices or shipped()).tag(_capabilities(send_seconds, streams=self._partials > 0), model)
        )
        priced = None if self._compatible else (prices or shipped()).find("openai", model, "tokens")
        self._tokens = priced.tokens if priced else None

    @property
    def capabilities(self) -> Capabilities:
        """Fewer on a compatible server: no edits, so no V of its own and no input picture."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """One paid request, answered with the pictures. A V or an input picture is an edit of that picture."""
        del webhook_url
        try:
            return await self._submitted(await self._send(request), request.count, key)
        except AnswerError as error:
            raise failure(error) from error

    async def submit_streaming(self, request: DrawRequest, key: str, webhook_url: str | None, seen: Seen) -> Submitted:
        """With partial pictures where they are asked for. A refusal of streaming itself is sent again without it."""
        if not self._partials or request.count != 1:
            return await self.submit(request, key, webhook_url)
        stream = PictureStream(self._partials, seen)
        try:
            reply = await self._send(request, self._partials, stream.feed)
        except AnswerError as error:
            if cannot_stream(error.response):
                return await self.submit(request, key, webhook_url)
            raise failure(error) from error
        if not stream.opened and reply.content:  # plain JSON all the same
            return await self._submitted(reply, request.count, key)
        drawn = await stream.end()
        return Submitted(reference(reply, key), (drawn,), cost(stream.usage, self._tokens))

    async def _send(self, request: DrawRequest, partials: int = 0, feed: Feed | None = None) -> httpx.Response:
        start = request.source or request.image
        if request.kind is Kind.UPSCALE or (start is not None and self._compatible):
            raise _bad("this server has no such operation")
        if request.kind is Kind.VARIATION and start is None:
            raise _bad("no picture to vary")
        order = self._order(request) | ({"stream": True, "partial_images": partials} if partials else {})
        path, parts = ("edits", _form(order, start)) if start else ("generations", {"json": order})
        return await call(
            self._client,
            "POST",
            f"{self._base}/images/{path}",
            timeout=self._send_seconds,
            submit=True,
            envelope=self._safe,
            limit=BODY_LIMIT * (1 + partials),
            feed=feed,
            headers=self._headers,
            **parts,
        )

    async def _submitted(self, reply: httpx.Response, count: int, key: str) -> Submitted:
        large = len(reply.content) > OFF_LOOP_BYTES
        drawn, usage = await asyncio.to_thread(pictures, reply) if large else pictures(reply)
        return Submitted(reference(reply, key), drawn[:count], cost(usage, self._tokens))

    def _safe(self, reply: httpx.Response) -> bool:
        return not self._compatible and overloaded(reply)

    def _order(self, request: DrawRequest) -> dict[str, Any]:
        order: dict[str, Any] = {"model": self._model, "prompt": worded(request.prompt), "n": request.count}
        if self._compatible:
            return order | {"size": grid_of_64(request.size), "response_format": "b64_json"}
        size, quality = nearest(request.size, self._model), quality_of(request.params)
        return order | {"size": size, "quality": quality, "output_format": "jpeg"}

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


def _form(order: dict[str, Any], start: Source) -> dict[str, Any]:
    """An edit. No `input_fidelity`: gpt-image-2 refuses it, and `low` is the default of the others."""
    mime = start.mime or "image/jpeg"
    if mime not in FILES:
        raise _bad(f"an input picture must be JPEG, PNG or WebP, not {mime}")
    form = {name: "true" if value is True else str(value) for name, value in order.items()}
    return {"data": form, "files": {"image": (FILES[mime], start.data, mime)}}


def _capabilities(deadline: float, *, streams: bool) -> Capabilities:
    return Capabilities(
        name="openai",
        label="OpenAI",
        asynchronous=False,
        per_call=1 if streams else 4,
        variation=True,
        image_input=True,
        progress=streams,
        honours=frozenset({"ratio", "quality", "speed"}),
        deadline=deadline,
        longest_prompt=LONGEST_PROMPT,
        takes=TAKES,
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
