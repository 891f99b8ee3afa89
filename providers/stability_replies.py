"""What Stability AI answers, read without trust: any body gives a value or a ProviderError."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import httpx

from providers.base import Drawn
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError
from providers.stability_forms import MOST_SEED

FILTERED = "CONTENT_FILTERED"
MODERATED = frozenset({"content_moderation", "public_figure"})
BLOCK_SECONDS = 60.0
"""More than 150 requests in 10 s close the door for a minute (the vendor's API reference)."""


def picture(reply: httpx.Response) -> Drawn:
    """The one picture. A filtered one comes as 200, blurred: it is refused here, and the vendor does not charge for it."""
    said = _object(reply)
    if said is None:
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    if said.get("finish_reason") == FILTERED:
        raise ProviderError(Family.MODERATED, f"HTTP 200 {FILTERED}", accepted=Accepted.NO)
    seed = said.get("seed")
    good = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed <= MOST_SEED
    return Drawn(data=_bytes(said.get("image")), seed=seed if good else None)


def documented(reply: httpx.Response) -> bool:
    """Whether an error is the application's own: {"id", "name", "errors"} (its OpenAPI file); those are not charged."""
    said = _object(reply)
    return said is not None and isinstance(said.get("name"), str) and isinstance(said.get("errors"), list)


def refined(error: ProviderError) -> ProviderError:
    """A refusal told more exactly: by its name moderation, 403 otherwise the key, 429 with the wait that is documented."""
    if not isinstance(error, AnswerError) or not 400 <= error.response.status_code < 500:
        return error
    name = (_object(error.response) or {}).get("name")
    if isinstance(name, str) and name in MODERATED:
        return ProviderError(Family.MODERATED, error.text, accepted=Accepted.NO)
    if error.response.status_code == 403:
        return ProviderError(Family.BAD_KEY, error.text, accepted=Accepted.NO)
    if error.response.status_code == 429 and error.retry_after is None:
        return ProviderError(Family.BUSY, error.text, accepted=Accepted.NO, retry_after=BLOCK_SECONDS)
    return error


def _object(reply: httpx.Response) -> dict[str, Any] | None:
    """The body if it is a JSON object; deeper nesting than Python goes is none."""
    try:
        said = reply.json()
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _bytes(image: object) -> bytes:
    try:
        data = base64.b64decode(image, validate=True) if isinstance(image, str) else b""
    except (binascii.Error, ValueError) as error:
        raise ProviderError(Family.BROKEN, "the picture in the answer cannot be read") from error
    if not data:
        raise ProviderError(Family.BROKEN, "the answer holds no picture")
    return data
