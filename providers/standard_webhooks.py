"""Standard Webhooks signatures (standardwebhooks.com): HMAC-SHA256 over id, timestamp and body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping

from providers.errors import BadWebhook

PREFIX = "whsec_"
WINDOW_SECONDS = 300.0
"""How far a message's time may be from ours, either way; the usual choice of Standard Webhooks' libraries."""


class StandardWebhooks:
    """Checks and makes messages with one secret. `clock`: Unix seconds."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        """Raises ValueError if the secret is not `whsec_` and base64."""
        try:
            self._key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            self._key = b""
        if not secret.startswith(PREFIX) or not self._key:
            raise ValueError(f"a webhook secret is {PREFIX} followed by base64")
        self._clock = clock

    def sign(self, message: str, body: bytes) -> dict[str, str]:
        """The three headers of a message of ours: its id, the time now, and the signature over both and the body."""
        sent = str(int(self._clock()))
        return {
            "webhook-id": message,
            "webhook-timestamp": sent,
            "webhook-signature": self._signature(message, sent, body).decode(),
        }

    def _signature(self, message: str, sent: str, body: bytes) -> bytes:
        content = f"{message}.{sent}.".encode("utf-8", "replace") + body
        return b"v1," + base64.b64encode(hmac.digest(self._key, content, hashlib.sha256))

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """`headers` in lower case, `body` as it came. Raises BadWebhook for what is missing, old, early or not signed."""
        try:
            message, sent, signed = (headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
        except KeyError as error:
            raise BadWebhook(f"the header {error} is missing") from error
        if not sent.isascii() or not sent.isdigit() or len(sent) > 12:
            raise BadWebhook("the timestamp is no number of seconds")
        if abs(self._clock() - int(sent)) > WINDOW_SECONDS:
            raise BadWebhook(f"the timestamp is more than {WINDOW_SECONDS:g} s away")
        wanted = self._signature(message, sent, body)
        given = [item.encode("utf-8", "replace") for item in signed.split(" ")]
        if not any([hmac.compare_digest(wanted, item) for item in given]):  # noqa: C419 - no early end: constant time
            raise BadWebhook("the signature does not fit")
