"""What OpenAI's image API answers: pictures, what they cost, and its errors. Nothing in a body raises but ProviderError."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from providers.base import Drawn
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError

NO_MONEY: Final = frozenset({"insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached"})
MODERATED: Final = frozenset({"moderation_blocked", "content_policy_violation"})
"""The second is what the retired DALL-E models said, and some compatible servers still do."""
MOST_TOKENS: Final = 10**9
LONGEST_REF: Final = 200


def pictures(reply: httpx.Response) -> tuple[tuple[Drawn, ...], dict[str, Any]]:
    """The pictures in their order, and the `usage`. Entries that cannot be read are left out while others can."""
    said = _object(reply)
    entries = said.get("data")
    if not isinstance(entries, list):
        raise ProviderError(Family.BROKEN, "the answer has no list of pictures")
    drawn = tuple(one for one in (_drawn(entry, reply) for entry in entries) if one is not None)
    if entries and not drawn:
        raise ProviderError(Family.BROKEN, "the pictures in the answer cannot be read")
    usage = said.get("usage")
    return drawn, usage if isinstance(usage, dict) else {}


def _drawn(entry: object, reply: httpx.Response) -> Drawn | None:
    """b64_json, or else a url, which may be relative to the request's."""
    said = entry if isinstance(entry, dict) else {}
    text, url = said.get("b64_json"), said.get("url")
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
        if data:
            return Drawn(data=data)
        return Drawn(url=urljoin(str(reply.url), url)) if isinstance(url, str) and url else None
    except (binascii.Error, ValueError):  # urljoin refuses some brackets
        return None


def cost(usage: dict[str, Any], prices: tuple[float, float, float] | None) -> int | None:
    """Micro-USD of the whole call; None where reply or price list does not say. `prices`: as `prices.Price.tokens`."""
    details, output = usage.get("input_tokens_details"), _count(usage.get("output_tokens"))
    if prices is None or not isinstance(details, dict) or output is None:
        return None
    text, image = _count(details.get("text_tokens", 0)), _count(details.get("image_tokens", 0))
    if text is None or image is None:
        return None
    return round(sum(count * price for count, price in zip((text, image, output), prices, strict=True)))


def reference(reply: httpx.Response, key: str) -> str:
    """OpenAI's id of the request, which its support asks for; else our own."""
    return reply.headers.get("x-request-id", "")[:LONGEST_REF] or key


def listed(reply: httpx.Response) -> list[str]:
    """Names of the models in a list of models."""
    try:
        entries = _object(reply).get("data")
    except ProviderError:
        return []
    found = [entry.get("id") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [name for name in found if isinstance(name, str)]


def failure(error: AnswerError) -> ProviderError:
    """The family by OpenAI's own code where it says more than the HTTP status."""
    said, status = _error(error.response), error.response.status_code
    codes = {said.get("code"), said.get("type")} if _texts(said) else set()
    family = error.family
    if 400 <= status < 500 and codes & NO_MONEY:
        family = Family.NO_MONEY
    elif 400 <= status < 500 and codes & MODERATED:
        family = Family.MODERATED
    elif status == 403:  # no access to the model, the organisation or from this country: the operator's to mend
        family = Family.BAD_KEY
    return ProviderError(family, error.text, accepted=error.accepted, retry_after=error.retry_after)


def overloaded(reply: httpx.Response) -> bool:
    """A 503 in OpenAI's documented envelope (components/schemas/ErrorResponse of its API description).

    Its guide to error codes says of 503 that there was no capacity to process the request. Of 500 it says "an error while
    processing", and bare 502 and 504 are a gateway's: those may have been accepted.
    """
    said = _error(reply)
    told = isinstance(said.get("message"), str) and isinstance(said.get("type"), str)
    return reply.status_code == 503 and told and {"param", "code"} <= said.keys()


def cannot_stream(reply: httpx.Response) -> bool:
    """A 400 that refuses streaming itself (an organisation that is not verified, a proxy): nothing was drawn."""
    said = _error(reply)
    about_it = said.get("param") in ("stream", "partial_images") or said.get("code") == "unsupported_parameter"
    return reply.status_code == 400 and about_it


def _error(reply: httpx.Response) -> dict[str, Any]:
    try:
        said = _object(reply).get("error")
    except ProviderError:
        return {}
    return said if isinstance(said, dict) else {}


def _texts(said: dict[str, Any]) -> bool:
    return all(said.get(name) is None or isinstance(said[name], str) for name in ("code", "type"))


def _object(reply: httpx.Response) -> dict[str, Any]:
    try:
        said = json.loads(reply.content)
    except (ValueError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, "the answer is no JSON", accepted=Accepted.UNKNOWN) from error
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None
