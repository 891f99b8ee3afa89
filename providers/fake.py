"""The adapter of the tests' own vendor on loopback. It draws nothing for people and is never offered to them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Literal

import httpx

from providers.base import Drawn, DrawRequest, Health, Kind, Source, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import BadWebhook, Family, ProviderError
from providers.http import AnswerError, call

Mode = Literal["async", "blocking", "single"]

HONOURS = frozenset({"ratio", "seed", "negative"})
STAGES = {
    "queued": Stage.QUEUED,
    "running": Stage.RUNNING,
    "done": Stage.DONE,
    "failed": Stage.FAILED,
    "cancelled": Stage.CANCELLED,
}
SEND_SECONDS = 30.0
READ_SECONDS = 10.0


def capabilities_of(mode: Mode, *, lookup: bool) -> Capabilities:
    """async: all of it; blocking: bytes at once, no U or V; single: one picture a call, an input picture, no U or V."""
    label, names = f"Fake ({mode})", f"fake-{mode}"
    if mode == "blocking":
        return Capabilities(names, label, asynchronous=False, per_call=4, honours=HONOURS, price=10_000)
    rich = mode == "async"
    return Capabilities(
        names,
        label,
        asynchronous=True,
        per_call=4 if rich else 1,
        webhook=True,
        upscale=rich,
        variation=rich,
        image_input=not rich,
        cancel=True,
        progress=True,
        lookup=lookup,
        honours=HONOURS,
        price=10_000,
        upscale_price=10_000 if rich else 0,
    )


class FakeVendor:
    """Implements `Provider` over the fake vendor at `base_url`.

    `send_seconds`, `read_seconds`: how long a submit, and a question, may take.
    """

    def __init__(
        self,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        mode: Mode = "async",
        lookup: bool = False,
        key: str = "fake-key",
        send_seconds: float = SEND_SECONDS,
        read_seconds: float = READ_SECONDS,
        capabilities: Capabilities | None = None,
    ) -> None:
        """The client is the caller's: it closes it. `capabilities`: other than those of the mode."""
        self._draws = f"{base_url.rstrip('/')}/v1/{mode}/draws"
        self._account = f"{base_url.rstrip('/')}/v1/{mode}/account"
        self._client = client
        self._headers = {"X-Fake-Key": key}
        self._send_seconds = send_seconds
        self._read_seconds = read_seconds
        self._capabilities = capabilities or capabilities_of(mode, lookup=lookup)

    @property
    def capabilities(self) -> Capabilities:
        """By mode."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Send one paid request."""
        try:
            reply = await call(
                self._client,
                "POST",
                self._draws,
                timeout=self._send_seconds,
                submit=True,
                envelope=_envelope,
                headers=self._headers,
                json=_order(request, key, webhook_url),
            )
        except AnswerError as error:
            raise _refined(error) from error
        said = _json(reply)
        return Submitted(_text(said, "id"), _pictures(said), _cost(said))

    async def lookup(self, key: str) -> Submitted | None:
        """Find a draw by our call id."""
        try:
            said = await self._read("GET", self._draws, params={"key": key})
        except AnswerError as error:
            if error.response.status_code == 404 and _envelope(error.response):
                return None
            raise
        return Submitted(_text(said, "id"))

    async def status(self, ref: str) -> Status:
        """Ask how a draw stands."""
        said = await self._read("GET", f"{self._draws}/{ref}")
        stage, pictures = STAGES.get(str(said.get("status")), Stage.RUNNING), _pictures(said)
        if stage is Stage.DONE and not pictures:
            nothing = ProviderError(Family.BROKEN, "done without a picture")
            return Status(Stage.FAILED, error=nothing, cost=_cost(said))
        error = _failure(said) if stage is Stage.FAILED else None
        return Status(stage, said.get("progress"), said.get("queue_position"), pictures, error, _cost(said))

    async def cancel(self, ref: str) -> bool:
        """Ask to stop."""
        return (await self._read("POST", f"{self._draws}/{ref}/cancel")).get("cancelled") is True

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 - not signed
        """The draw that the body names."""
        try:
            named = json.loads(body)["id"]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise BadWebhook("the body names no draw") from error
        return named if isinstance(named, str) and named.isprintable() else ""

    async def check(self) -> Health:
        """Ask for the account."""
        try:
            said = await self._read("GET", self._account)
        except ProviderError as error:
            return Health(ok=False, sentence=f"The fake vendor does not answer as it should: {error.text}")
        if not said.get("credits"):
            return Health(ok=False, sentence="The fake vendor's account is empty.")
        return Health(ok=True, sentence="The fake vendor answers.")

    async def _read(self, method: str, url: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx types them
        reply = await call(
            self._client, method, url, timeout=self._read_seconds, submit=False, headers=self._headers, **parts
        )
        return _json(reply)


def _order(request: DrawRequest, key: str, webhook_url: str | None) -> dict[str, Any]:
    order: dict[str, Any] = {
        "kind": request.kind.value,
        "prompt": request.prompt,
        "width": request.size.width,
        "height": request.size.height,
        "count": request.count,
        "key": key,
    }
    if request.kind is not Kind.IMAGINE and request.source is not None:
        order["source"] = {"ref": request.source.ref, "index": request.source.index}
    image: Source | None = request.image or (request.source if request.kind is Kind.IMAGINE else None)
    extras = {
        "seed": request.params.seed,
        "negative": request.params.negative or None,
        "image": base64.b64encode(image.data).decode() if image is not None else None,
        "webhook_url": webhook_url,
    }
    return order | {name: value for name, value in extras.items() if value is not None}


def _envelope(reply: httpx.Response) -> bool:
    return isinstance(reply.json()["error"]["code"], str)


def _refined(error: AnswerError) -> ProviderError:
    """A prompt that the rules refuse is a 400 with its own code."""
    if error.response.status_code == 400 and '"moderated"' in error.response.text:
        return ProviderError(Family.MODERATED, error.text, accepted=error.accepted)
    return error


def _failure(said: dict[str, Any]) -> ProviderError:
    told = said.get("error")
    code = told.get("code") if isinstance(told, dict) else None
    return ProviderError(Family.MODERATED if code == "moderated" else Family.BROKEN, str(told)[:500])


def _json(reply: httpx.Response) -> dict[str, Any]:
    try:
        said = reply.json()
    except ValueError as error:
        raise ProviderError(Family.BROKEN, "the answer is no JSON") from error
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def _text(said: dict[str, Any], name: str) -> str:
    if not isinstance(said.get(name), str) or not said[name]:
        raise ProviderError(Family.BROKEN, f"the answer has no {name}")
    return str(said[name])


def _cost(said: dict[str, Any]) -> int | None:
    cost = said.get("cost")
    return cost if isinstance(cost, int) else None


def _pictures(said: dict[str, Any]) -> tuple[Drawn, ...]:
    try:
        return tuple(
            Drawn(
                url=entry.get("url", ""),
                data=base64.b64decode(entry.get("data", ""), validate=True),
                seed=entry.get("seed"),
                image_id=entry.get("id", ""),
            )
            for entry in said.get("pictures", ())
        )
    except (binascii.Error, AttributeError, TypeError) as error:
        raise ProviderError(Family.BROKEN, "the pictures in the answer cannot be read") from error
