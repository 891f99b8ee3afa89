"""Stability AI v2beta: every call blocks and brings one picture; nothing is ever asked for again."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from providers import stability_replies as replies
from providers.base import DrawRequest, Health, Status, Submitted
from providers.capabilities import Capabilities
from providers.errors import Accepted, BadWebhook, Family, ProviderError
from providers.http import AnswerError, call
from providers.prices import Prices, shipped, wants_draft
from providers.stability_forms import ENLARGES, LONGEST_PROMPT, TAKES, Upscaler, order

DEFAULT_MODEL = "core"
DEFAULT_BASE_URL = "https://api.stability.ai/v2beta"
SEND_SECONDS = 180.0
READ_SECONDS = 20.0
NO_RESULT = "0" * 64
"""An id that no result has: asking for it proves the key and costs nothing."""


class Stability:
    """Implements `Provider`. `model`: core, ultra or one of sd3.5; `upscaler`: what a U costs and how it looks."""

    def __init__(
        self,
        key: str,
        base_url: str,
        client: httpx.AsyncClient,
        *,
        model: str = DEFAULT_MODEL,
        upscaler: Upscaler = "conservative",
        send_seconds: float = SEND_SECONDS,
        prices: Prices | None = None,
    ) -> None:
        """The client is the caller's: it closes it. `base_url` holds the version."""
        self._base = base_url.rstrip("/")
        self._client = client
        self._model = model
        self._upscaler: Upscaler = upscaler
        self._send_seconds = send_seconds
        self._headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
        self._prices = prices or shipped()
        can = Capabilities(
            "stability",
            "Stability AI",
            asynchronous=False,
            per_call=1,
            upscale=True,
            upscale_any=True,
            variation=True,
            image_input=True,
            honours=frozenset({"ratio", "seed", "negative"}),
            deadline=send_seconds,
            longest_prompt=LONGEST_PROMPT,
            takes=TAKES,
            enlarges=ENLARGES[upscaler],
            lost_with_picture=frozenset({"ratio"}),
        )
        self._capabilities = self._prices.tag(can, model, upscaler=upscaler, drafter=DEFAULT_MODEL)

    @property
    def capabilities(self) -> Capabilities:
        """By model and upscaler."""
        return self._capabilities

    async def submit(self, request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:  # noqa: ARG002 - no webhooks
        """Send one paid request and wait for its picture."""
        draft = self._capabilities.draft_price and wants_draft(request)
        wanted = order(request, DEFAULT_MODEL if draft else self._model, self._upscaler)
        try:
            reply = await call(
                self._client,
                "POST",
                f"{self._base}/{wanted.path}",
                timeout=self._send_seconds,
                submit=True,
                envelope=replies.documented,
                headers=self._headers,
                files=wanted.form,
            )
        except AnswerError as error:
            raise replies.refined(error) from error
        price = self._prices.amount("stability", wanted.model, wanted.operation)
        return Submitted(key, (replies.picture(reply),), price)

    async def lookup(self, key: str) -> Submitted | None:
        """The API cannot: it keeps nothing that was answered at once."""
        raise ProviderError(Family.BAD_REQUEST, f"it cannot be asked for {key}: it takes no id of ours")

    async def status(self, ref: str) -> Status:
        """Never needed: the answer to `submit` was the end of the call."""
        raise ProviderError(
            Family.BAD_REQUEST, f"there is no state of {ref}: every call is answered at once", accepted=Accepted.NO
        )

    async def cancel(self, ref: str) -> bool:  # noqa: ARG002 - no such route
        """The API cannot stop a call."""
        return False

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> str:  # noqa: ARG002 - none is genuine
        """It sends none."""
        raise BadWebhook("Stability AI sends no webhooks")

    async def check(self) -> Health:
        """Ask for a result that does not exist: 404 comes only after the key was accepted. v2beta tells no credits."""
        try:
            await call(
                self._client,
                "GET",
                f"{self._base}/results/{NO_RESULT}",
                timeout=READ_SECONDS,
                submit=False,
                headers=self._headers,
            )
        except AnswerError as error:
            return _health(error)
        except ProviderError as error:
            return Health(
                ok=False, sentence=f"Stability AI does not answer as it should (STABILITY_BASE_URL?): {error.text}."
            )
        return Health(ok=True, sentence="Stability AI accepts the key.")


def _health(error: AnswerError) -> Health:
    if error.response.status_code in {400, 404} and replies.documented(error.response):
        return Health(ok=True, sentence="Stability AI accepts the key; it does not say how many credits are left.")
    if replies.refined(error).family is Family.BAD_KEY:
        return Health(
            ok=False, sentence="Stability AI does not accept STABILITY_API_KEY: make a new one at platform.stability.ai."
        )
    return Health(ok=False, sentence=f"Stability AI does not answer as it should (STABILITY_BASE_URL?): {error.text}.")
