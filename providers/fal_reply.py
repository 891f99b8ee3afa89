"""fal.ai's replies, read so that no body, however strange, raises anything but ProviderError."""

from __future__ import annotations

from typing import Any

import httpx

from providers.base import Drawn, Stage, Status
from providers.errors import Family, ProviderError
from providers.http import AnswerError

MODERATED = "content_policy_violation"
"""The `type` of a refusal by the rules, in a 422's details."""
CANCELLED = "client_cancelled"
ASK_AGAIN = frozenset({401, 402, 403, 404, 408, 409, 423, 425, 429})
"""Answers of a result route that say nothing about the drawing."""
MAYBE_TAKEN = ("timeout", "disconnected")


def envelope(reply: httpx.Response) -> bool:
    """Whether a submit's 5xx proves that nothing was queued or billed.

    fal.ai's own errors are `{"detail": text, "error_type": word}` (docs.fal.ai, Request Error Types), and its 5xx are not
    billed (docs.fal.ai, Reliability). With a request id, or where a runner was lost on the way, a queue may still try again.
    """
    said = reply.json()
    word = said["error_type"]
    ours = isinstance(said["detail"], str) and isinstance(word, str)
    return ours and "x-fal-request-id" not in reply.headers and not any(part in word for part in MAYBE_TAKEN)


def refined(error: AnswerError) -> ProviderError:
    """What a refused request means: rules, money (a 403 that says so), or the key."""
    text, code = error.response.text, error.response.status_code
    if 400 <= code < 500 and MODERATED in text:
        return ProviderError(Family.MODERATED, error.text, accepted=error.accepted)
    if code == 403:
        broke = any(word in text.lower() for word in ("balance", "top_up", "top up"))
        return ProviderError(Family.NO_MONEY if broke else Family.BAD_KEY, error.text, accepted=error.accepted)
    return error


def read_object(reply: httpx.Response) -> dict[str, Any]:
    """The JSON object of a reply."""
    try:
        said = reply.json()
    except (ValueError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, "the answer is no JSON") from error
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def text_of(said: dict[str, Any], name: str) -> str:
    """A text field, or ""."""
    value = said.get(name)
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def drawn(output: dict[str, Any]) -> Status:
    """The pictures of a model's output: `images`, or an upscaler's `image`. Blacked-out ones are left out."""
    images = output.get("images") if isinstance(output.get("images"), list) else [output.get("image")]
    flags = output.get("has_nsfw_concepts")
    held = [flag is True for flag in flags] if isinstance(flags, list) else []
    seed, found = whole(output.get("seed")), []
    for index, image in enumerate(images or []):
        url = text_of(image, "url") if isinstance(image, dict) else ""
        if url.startswith(("https://", "http://")) and not (index < len(held) and held[index]):
            found.append(Drawn(url=url, seed=seed))
    if not found and any(held):
        return Status(Stage.FAILED, error=ProviderError(Family.MODERATED, "fal.ai's safety checker held every picture back"))
    return Status(Stage.DONE, pictures=tuple(found))


def is_final(error: AnswerError) -> bool:
    """Whether a result route's answer is the drawing's own end, not a failure to ask."""
    code = error.response.status_code
    if code >= 500:
        try:
            return bool(text_of(read_object(error.response), "error_type"))
        except ProviderError:
            return False
    return code >= 400 and code not in ASK_AGAIN


def failure(said: dict[str, Any], answer: AnswerError | None) -> Status:
    """Why a completed request brought nothing: from its status and, if asked, its result."""
    told = " ".join(part for part in (text_of(said, "error_type"), text_of(said, "error")) if part)
    text = f"{told} {answer.text if answer else ''}".strip()[:700]
    body = answer.response.text if answer else ""
    if MODERATED in told or MODERATED in body:
        return Status(Stage.FAILED, error=ProviderError(Family.MODERATED, text))
    if CANCELLED in told or CANCELLED in body:
        return Status(Stage.CANCELLED)
    unfit = answer is not None and answer.response.status_code in (400, 422)
    return Status(Stage.FAILED, error=ProviderError(Family.BAD_REQUEST if unfit else Family.BROKEN, text))
