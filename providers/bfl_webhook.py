"""Whether a webhook of Black Forest Labs proves that its sender knows our secret, by either of two headers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from providers.errors import BadWebhook


def vouched(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """True also where no secret is set. Raises BadWebhook for a wrong proof; the signature decides where it came.

    `X-BFL-Signature: sha256=<hex>` is HMAC-SHA256 over the raw body (the vendor's integration guide); there is no time
    stamp, so a replay can only wake the call of its own address once more. `X-Webhook-Secret`, which others describe, is
    the secret itself.
    """
    if not secret:
        return True
    signature, told = headers.get("x-bfl-signature"), headers.get("x-webhook-secret")
    if signature is not None:
        wanted = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
        return _same(signature.removeprefix("sha256="), wanted, "X-BFL-Signature does not fit body and BFL_WEBHOOK_SECRET")
    return told is not None and _same(told, secret, "X-Webhook-Secret is not BFL_WEBHOOK_SECRET")


def _same(given: str, wanted: str, otherwise: str) -> bool:
    """In constant time, over the bytes that came: our server reads headers as Latin-1."""
    if not hmac.compare_digest(given.encode("latin-1", "backslashreplace"), wanted.encode()):
        raise BadWebhook(otherwise)
    return True
