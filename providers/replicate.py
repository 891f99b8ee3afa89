"""Replicate (api.replicate.com): predictions of hosted models, ended by a signed webhook or found by polling."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from providers import replicate_answers as answers
from providers import replicate_models as models
from providers.base import DrawRequest, Health, Kind, Source, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import AnswerError, call
from providers.prices import Prices, shipped, wants_draft
from providers.replicate_target import Targets, order_of
from providers.standard_webhooks import StandardWebhooks

ID = re.compile(r"[\w-]{1,200}", re.ASCII)
CANCEL_AFTER = "5m"
DEADLINE = 360.0
"""Seconds: Replicate itself stops a prediction (`Cancel-After`) before we give it up, so nothing is paid behind our back."""
DATA_URL_MOST = 256_000
"""Characters; the API's description wants larger inputs as files."""
DELIVERY = "replicate.delivery"
SEND_SECONDS = 30.0
READ_SECONDS = 15.0


class Replicate:
    """Implements `Provider`. Without `webhook_secret` no webhook is asked for, since none could be believed."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = models.DRAWING,
        upscale_model: str = models.UPSCALING,
        webhook_secret: str = "",
        clock: Callable[[], float] = time.time,
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """The client is the caller's. Raises ValueError for a model name or a secret of the wrong form."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._headers = {"Authorization": f"Bearer {key}"}
        self._model = models.check_name(model)
        self._upscale_model = models.check_name(upscale_model)
        self._signatures = StandardWebhooks(webhook_secret, clock) if webhook_secret else None
        self._send_seconds = send_seconds
        self._prices = prices or shipped()
        self._targets = Targets(partial(self._read, "GET"))

    @property
    def capabilities(self) -> Capabilities:
        """By model and by whether webhooks can be verified."""
        model = models.model_of(self._model)
        can = Capabilities(
            "replicate",
            "Replicate",
            asynchronous=True,
            per_call=4 if model.several else 1,
            webhook=self._signatures is not None,
            upscale=True,
            upscale_any=True,
            cancel=True,
            honours=frozenset({"ratio", "seed"}),
            deadline=DEADLINE,
        )
        return self._prices.tag(can, self._model, upscaler=self._upscale_model, drafter=models.DRAWING)

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:  # noqa: ARG002 - no lookup
        """Create one prediction; before that comes what costs nothing: a model's version, a large picture's upload."""
        model = self._model_for(request)
        target = await self._targets.find(model)
        path, order = order_of(target, await self._input(model, request))
        if webhook_url is not None and self._signatures and webhook_url.startswith("https://"):  # others are refused
            order |= {"webhook": webhook_url, "webhook_events_filter": ["completed"]}
        headers, url = self._headers | {"Cancel-After": CANCEL_AFTER}, self._base + path
        try:
            # No envelope: Replicate documents no error body, so any 5xx may be a gateway's.
            reply = await call(
                self._client, "POST", url, timeout=self._send_seconds, submit=True, headers=headers, json=order
            )
        except AnswerError as error:
            raise answers.refined(error) from error
        named = answers.read(reply).get("id")
        if not isinstance(named, str) or not ID.fullmatch(named):
            raise ProviderError(Family.BROKEN, "the answer names no prediction")
        return Submitted(named)

    async def lookup(self, key: str) -> Submitted | None:  # noqa: ARG002 - the port's signature
        """Replicate keeps no id of ours."""
        raise ProviderError(Family.BAD_REQUEST, "Replicate finds no prediction by our key")

    async def status(self, ref: str) -> Status:
        """`GET /predictions/{id}`; a 404 stays a failure to ask, for it may be one of their side."""
        said = await self._read("GET", f"/predictions/{quote(ref, safe='')}")
        return answers.status_of(said, CANCEL_AFTER)

    async def cancel(self, ref: str) -> bool:
        """True only for `aborted`, "terminated before it started running" (API description): what ran may be billed."""
        said = await self._read("POST", f"/predictions/{quote(ref, safe='')}/cancel")
        return said.get("status") == "aborted"

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """Standard Webhooks; the body is the prediction as `status` would get it."""
        if self._signatures is None:
            raise BadWebhook("REPLICATE_WEBHOOK_SECRET is not set, so no webhook can be believed")
        self._signatures.verify(headers, body)
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadWebhook("the body is no JSON") from error
        named = said.get("id") if isinstance(said, dict) else None
        return named if isinstance(named, str) and ID.fullmatch(named) else ""

    async def check(self) -> Health:
        """`GET /account`; Replicate has no route that tells the credit."""
        try:
            said = await self._read("GET", "/account")
        except ProviderError as error:
            if error.family is Family.BAD_KEY:
                sentence = "Replicate refuses REPLICATE_API_TOKEN; make one at https://replicate.com/account/api-tokens."
                return Health(ok=False, sentence=sentence)
            return Health(ok=False, sentence=f"Replicate does not answer as it should: {error.text}")
        return Health(ok=True, sentence=f"Replicate knows the token ({str(said.get('username'))[:80]}); it tells no credit.")

    def download_headers(self, url: str) -> Mapping[str, str]:
        """What a result's address needs: the token on Replicate's delivery hosts over TLS, nothing anywhere else."""
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, ValueError, TypeError):
            return {}
        ours = parsed.host == DELIVERY or parsed.host.endswith("." + DELIVERY)
        return self._headers if parsed.scheme == "https" and ours else {}

    def _model_for(self, request: DrawRequest) -> str:
        """The model that draws it; raises ProviderError for what none here does."""
        if request.kind is Kind.IMAGINE and request.image is None:
            return models.DRAWING if self.capabilities.draft_price and wants_draft(request) else self._model
        if request.kind is Kind.UPSCALE and request.source is not None:
            return self._upscale_model
        raise ProviderError(Family.BAD_REQUEST, "not offered with this model", accepted=Accepted.NO)

    async def _input(self, model: str, request: DrawRequest) -> dict[str, Any]:
        """What the model gets."""
        if request.kind is Kind.UPSCALE and request.source is not None:
            return models.upscaling_input(await self._address(request.source))
        return models.drawing_input(model, request)

    async def _address(self, source: Source) -> str:
        """A data URL, or the address of an upload. Nothing is paid yet, so no failure here was accepted."""
        inline = f"data:{source.mime};base64,{base64.b64encode(source.data).decode()}"
        if len(inline) <= DATA_URL_MOST:
            return inline
        name = f"picture.{source.mime.rpartition('/')[2] or 'png'}"
        try:
            said = await self._read("POST", "/files", files={"content": (name, source.data, source.mime)})
        except ProviderError as error:
            text = f"the picture could not be uploaded: {error.text}"
            raise ProviderError(error.family, text, accepted=Accepted.NO, retry_after=error.retry_after) from error
        urls = said.get("urls")
        address = urls.get("get") if isinstance(urls, dict) else None
        if not isinstance(address, str) or not address:
            raise ProviderError(Family.BROKEN, "the upload got no address", accepted=Accepted.NO)
        return address

    async def _read(self, method: str, path: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - httpx types them
        """Whatever costs nothing: it may be repeated."""
        url, headers = self._base + path, self._headers
        try:
            reply = await call(self._client, method, url, timeout=READ_SECONDS, submit=False, headers=headers, **parts)
        except AnswerError as error:
            raise answers.refined(error) from error
        return answers.read(reply)
