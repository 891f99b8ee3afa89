"""fal.ai: its queue, one submit per call; results by polling, woken by signed webhooks.

https://fal.ai/docs/api-reference/inference-api. U by the clarity upscaler, V and input pictures by flux/dev image-to-image.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from providers.base import DrawRequest, Health, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.fal_models import DEFAULT_MODEL, UPSCALER, VARIED, VARIER, app_of, model_of, order_of
from providers.fal_reply import drawn, envelope, failure, is_final, read_object, refined, text_of, whole
from providers.fal_webhook import FalKeys, can_verify
from providers.http import AnswerError, call
from providers.prices import Prices, shipped, wants_draft

BASE_URL: Final = "https://queue.fal.run"
JWKS_URL: Final = "https://rest.fal.ai/.well-known/jwks.json"
SEND_SECONDS: Final = 60.0
READ_SECONDS: Final = 15.0
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
NOBODYS: Final = "00000000-0000-0000-0000-000000000000"
"""A request that nobody made: asking for it costs nothing and shows whether the key is taken."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one request is asked about."""

    status: str
    response: str
    cancel: str


class Fal:
    """Implements `Provider`."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        jwks_url: str = JWKS_URL,
        clock: Callable[[], float] = time.time,
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """`model`: any drawing endpoint of fal.ai; `clock`: unix seconds; `send_seconds`: how long a submit may take."""
        self._base, self._client, self._model = base_url.rstrip("/"), client, model.strip("/")
        self._headers = {"Authorization": f"Key {key}"}
        self._keys = FalKeys(jwks_url, client, clock)
        self._send_seconds = send_seconds
        known = model_of(self._model)
        self._prices = prices or shipped()
        can = Capabilities(
            "fal",
            "fal.ai",
            asynchronous=True,
            per_call=known.per_call,
            webhook=can_verify(),
            upscale=True,
            upscale_any=True,
            variation=True,
            image_input=True,
            cancel=True,
            honours=known.honours,
            lost_with_picture=known.honours - VARIED,
        )
        self._capabilities = self._prices.tag(can, self._model, upscaler=UPSCALER, drafter=DEFAULT_MODEL, redrawer=VARIER)

    @property
    def capabilities(self) -> Capabilities:
        """By model; webhooks only where their signature can be checked."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        """Send one paid request. fal.ai has no field for `key`."""
        del key
        draft = self._capabilities.draft_price and wants_draft(request)
        endpoint, order = order_of(request, DEFAULT_MODEL if draft else self._model)
        if webhook_url:
            await self._keys.refresh()  # before the paid request: nothing may come between its answer and our books
        try:
            reply = await call(
                self._client,
                "POST",
                f"{self._base}/{endpoint}",
                timeout=self._send_seconds,
                submit=True,
                envelope=envelope,
                headers=self._headers,
                params={"fal_webhook": webhook_url} if webhook_url else None,
                json=order,
            )
        except AnswerError as error:
            raise refined(error) from error
        # Image-to-image has a price of its own; the reply names none.
        cost = self._prices.amount("fal", VARIER) * request.count if endpoint == VARIER else None
        return Submitted(_ref(read_object(reply), endpoint), cost=cost)

    async def lookup(self, key: str) -> Submitted | None:
        """fal.ai keeps no key of ours, so nothing can be found."""
        raise ProviderError(Family.BAD_REQUEST, f"fal.ai cannot look up {key}", accepted=Accepted.NO)

    async def status(self, ref: str) -> Status:
        """Ask how a request stands, and for its result when it is complete."""
        place, said = await self._found(ref)
        word = said.get("status")
        if word == "COMPLETED":
            return await self._finished(place, said)
        if word == "IN_QUEUE":
            ahead = whole(said.get("queue_position"))
            return Status(Stage.QUEUED, queue_position=None if ahead is None else ahead + 1)
        return Status(Stage.RUNNING)

    async def cancel(self, ref: str) -> bool:
        """True only if it still waited: fal.ai then never runs it. What runs may ignore the request to stop."""
        place, said = await self._found(ref)
        if said.get("status") != "IN_QUEUE":
            return False
        try:
            reply = await self._ask("PUT", place.cancel)
        except AnswerError as error:
            if error.response.status_code in (400, 404):  # already completed, or gone
                return False
            raise
        if _word(reply) == "OK":
            return True
        try:  # it may have started in between
            after = read_object(await self._ask("GET", place.status))
        except AnswerError as error:
            return error.response.status_code == 404
        return after.get("status") == "IN_QUEUE" or text_of(after, "error_type") == "client_cancelled"

    async def fetch_keys(self) -> None:
        """A process that has not submitted yet, as after a start, has none."""
        await self._keys.refresh()

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """Verify the signature and return the request's id."""
        self._keys.verify(headers, body)
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadWebhook("the body is no JSON") from error
        if not isinstance(said, dict):
            raise BadWebhook("the body is no JSON object")
        named = text_of(said, "request_id")
        return named if REQUEST_ID.fullmatch(named) else ""

    async def check(self) -> Health:
        """Ask for a request that does not exist: only a key that is refused shows."""
        try:
            await self._ask("GET", self._built(app_of(self._model), NOBODYS).status)
        except AnswerError as error:
            if error.response.status_code not in (400, 404, 422):
                return Health(ok=False, sentence=f"fal.ai does not take FAL_KEY ({error.text}).")
        except ProviderError as error:
            return Health(ok=False, sentence=f"fal.ai cannot be reached at {self._base}: {error.text}.")
        return Health(ok=True, sentence="fal.ai takes the key; whether there is credit shows with the first picture.")

    async def _found(self, ref: str) -> tuple[_Place, dict[str, Any]]:
        """The status of a request. A bare id (all that a webhook tells) is looked for under each of our endpoints."""
        *others, last = self._places(ref)
        for place in others:
            try:
                return place, read_object(await self._ask("GET", place.status))
            except AnswerError as error:
                if error.response.status_code != 404:
                    raise
        return last, read_object(await self._ask("GET", last.status))

    async def _finished(self, place: _Place, said: dict[str, Any]) -> Status:
        """fal.ai completes failures, too: with an `error`, or by what the result route answers."""
        told = bool(said.get("error") or said.get("error_type"))
        try:
            output = read_object(await self._ask("GET", place.response))
        except AnswerError as error:
            if told or is_final(error):
                return failure(said, error)
            raise
        return failure(said, None) if told else drawn(output)

    async def _ask(self, method: str, url: str) -> httpx.Response:
        return await call(self._client, method, url, timeout=READ_SECONDS, submit=False, headers=self._headers)

    def _places(self, ref: str) -> list[_Place]:
        if REQUEST_ID.fullmatch(ref):
            return [self._built(app, ref) for app in dict.fromkeys(map(app_of, (self._model, VARIER, UPSCALER)))]
        try:
            said = json.loads(ref)
            built = self._built(str(said["app"]), str(said["id"]))
            urls = [
                said[name] if self._own(said[name]) else getattr(built, name) for name in ("status", "response", "cancel")
            ]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise ProviderError(Family.BAD_REQUEST, "this is no reference of fal.ai", accepted=Accepted.NO) from error
        return [_Place(*urls)]

    def _built(self, app: str, request_id: str) -> _Place:
        root = f"{self._base}/{app}/requests/{request_id}"
        return _Place(f"{root}/status", root, f"{root}/cancel")

    def _own(self, url: object) -> bool:
        """Whether the key may be sent there: only to the configured host itself."""
        try:
            there, here = httpx.URL(url if isinstance(url, str) else ""), httpx.URL(self._base)
        except (httpx.InvalidURL, ValueError):
            return False
        return (there.scheme, there.netloc, there.userinfo) == (here.scheme, here.netloc, here.userinfo)


def _ref(said: dict[str, Any], endpoint: str) -> str:
    """The id, the app, and the URLs as returned; those are checked whenever they are used."""
    request_id = text_of(said, "request_id")
    if not REQUEST_ID.fullmatch(request_id):
        raise ProviderError(Family.BROKEN, "the answer has no request_id")
    urls = {name: text_of(said, f"{name}_url") for name in ("status", "response", "cancel")}
    return json.dumps({"id": request_id, "app": app_of(endpoint), **urls})


def _word(reply: httpx.Response) -> str:
    try:
        return text_of(read_object(reply), "status")
    except ProviderError:
        return ""
