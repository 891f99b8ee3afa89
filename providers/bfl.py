"""Black Forest Labs (FLUX): one picture a task, asked for by polling; a webhook only wakes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx

from providers import bfl_replies as replies
from providers.base import DrawRequest, Health, Kind, Status, Submitted
from providers.bfl_models import CREDIT, family_of
from providers.bfl_models import Family as Shape
from providers.bfl_webhook import vouched
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import AnswerError, call
from providers.prices import LOW_CREDIT, Prices, shipped, wants_draft

DEFAULT_MODEL = "flux-2-pro"
DRAFTER = "flux-2-klein-4b"
"""The cheapest model."""
DEFAULT_BASE_URL = "https://api.bfl.ai/v1"
SEND_SECONDS = 60.0
READ_SECONDS = 20.0
LONGEST_URL = 2083
"""Characters of a `webhook_url` (the vendor's OpenAPI file)."""


class Bfl:
    """Implements `Provider`. `webhook_secret`: what the vendor proves its webhooks with; it is sent along with each task."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        webhook_secret: str = "",
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """The client is the caller's: it closes it. `base_url` holds the version."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._model = model
        self._family = family_of(model)
        self._secret = webhook_secret
        self._send_seconds = send_seconds
        self._headers = {"x-key": key, "accept": "application/json"}
        honours = {"ratio", "seed", "raw"} if self._family.raw else {"ratio", "seed"}
        can = Capabilities(
            "bfl",
            "Black Forest Labs",
            asynchronous=True,
            per_call=1,
            webhook=True,
            variation=True,
            image_input=True,
            progress=True,
            honours=frozenset(honours),
            deadline=300.0,
            poll_cap=5.0,  # the picture's address dies after ten minutes
        )
        self._capabilities = (prices or shipped()).tag(can, model, drafter=DRAFTER)

    @property
    def capabilities(self) -> Capabilities:
        """No upscaler: another provider enlarges its pictures."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:  # noqa: ARG002 - it takes no key of ours
        """Send one paid task."""
        if request.kind is Kind.UPSCALE:
            raise ProviderError(Family.BAD_REQUEST, "it has no upscaler", accepted=Accepted.NO)
        draft = self._capabilities.draft_price and wants_draft(request)
        model = DRAFTER if draft else self._model
        try:
            reply = await call(
                self._client,
                "POST",
                f"{self._base}/{model}",
                timeout=self._send_seconds,
                submit=True,
                envelope=replies.documented,
                headers=self._headers,
                json=self._order(request, webhook_url, family_of(model)),
            )
        except AnswerError as error:
            raise replies.refined(error) from error
        said = replies.parsed(reply)
        return Submitted(replies.ref(said), cost=replies.cost(said))

    async def lookup(self, key: str) -> Submitted | None:
        """The API cannot: it knows only its own ids."""
        raise ProviderError(Family.BAD_REQUEST, f"it cannot be asked for {key}: it takes no id of ours")

    async def status(self, ref: str) -> Status:
        """Ask at the task's own address, or by its id where there is none.

        A task that is not found raises and is asked for again: another region's host may know it a little later.
        """
        task, address = replies.task(ref)
        own = replies.trusted(address, self._base)
        where: dict[str, Any] = {"url": address} if own else {"url": f"{self._base}/get_result", "params": {"id": task}}
        hide = (self._secret,)  # its task has it from the submit, and may tell it
        reply = await call(
            self._client, "GET", timeout=READ_SECONDS, submit=False, headers=self._headers, hide=hide, **where
        )
        return replies.status(replies.parsed(reply))

    async def cancel(self, ref: str) -> bool:  # noqa: ARG002 - no such route
        """The API cannot stop a task."""
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:
        """The task that the body names. Where a secret is set, a body that came without proof of it names none."""
        proven = vouched(headers, body, self._secret)
        try:
            named = json.loads(body)["id"]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise BadWebhook("the body names no task") from error
        return named if proven and replies.is_id(named) else ""

    async def check(self) -> Health:
        """Ask for the credits that are left."""
        try:
            said = replies.parsed(
                await call(
                    self._client, "GET", f"{self._base}/credits", timeout=READ_SECONDS, submit=False, headers=self._headers
                )
            )
        except ProviderError as error:
            if replies.refined(error).family is Family.BAD_KEY:
                return Health(
                    ok=False, sentence="Black Forest Labs does not accept BFL_API_KEY: make a new one at api.bfl.ai."
                )
            return Health(ok=False, sentence=f"Black Forest Labs does not answer as it should: {error.text}.")
        left = replies.number(said.get("credits"))
        if left is None:
            return Health(ok=False, sentence="Black Forest Labs does not say how many credits are left; see BFL_BASE_URL.")
        if left <= 0:
            return Health(ok=False, sentence="The Black Forest Labs account has no credits left: buy some at api.bfl.ai.")
        sentence = f"Black Forest Labs accepts the key; {left:g} credits are left."
        return Health(ok=True, sentence=sentence, low=left * CREDIT < LOW_CREDIT)

    def _order(self, request: DrawRequest, webhook_url: str | None, family: Shape) -> dict[str, Any]:
        order: dict[str, Any] = {"prompt": request.prompt, **family.shape(request.size, request.params.ratio)}
        picture = request.source if request.kind is Kind.VARIATION else request.image
        if picture is not None:
            order[family.image] = base64.b64encode(picture.data).decode()
        if request.params.seed is not None:
            order["seed"] = request.params.seed
        if request.params.raw and family.raw:
            order["raw"] = True
        if webhook_url and len(webhook_url) <= LONGEST_URL:
            order["webhook_url"] = webhook_url
            if self._secret:
                order["webhook_secret"] = self._secret
        return order
