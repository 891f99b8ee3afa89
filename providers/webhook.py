"""The address that a provider calls back: `<public url>/webhooks/<provider>/<call id>/<token>`."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote


def webhook_token(secret: str, provider: str, call_id: str) -> str:
    """HMAC-SHA256 over provider and call id, 43 characters of base64url: nobody can guess the address of another call."""
    if not secret:
        raise ValueError("the webhook secret is empty")
    message = "\0".join(("webhook", provider, call_id))
    digest = hmac.digest(secret.encode(), message.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def webhook_url(public_url: str, provider: str, call_id: str, secret: str) -> str:
    """Where the provider reports a call; `public_url` may carry a path."""
    token = webhook_token(secret, provider, call_id)
    return f"{public_url.rstrip('/')}/webhooks/{quote(provider, safe='')}/{quote(call_id, safe='')}/{token}"


def token_ok(token: str, provider: str, call_id: str, secret: str) -> bool:
    """Whether `token` belongs to this call; takes the same time for every wrong one."""
    expected = webhook_token(secret, provider, call_id)
    return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), expected.encode())
