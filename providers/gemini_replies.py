"""Gemini's replies: the picture, the three shapes of a refusal that come with HTTP 200, and the error body."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from pydantic import BaseModel, Field, ValidationError

from providers.errors import Family, ProviderError
from providers.http import AnswerError
from providers.retry_after import LONGEST_RETRY_AFTER

MODERATED: Final = frozenset(
    {
        "SAFETY",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "SPII",
        "RECITATION",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
    }
)
"""`finishReason` of a candidate that the rules stopped."""
REFUSED: Final = frozenset({"NO_IMAGE", "IMAGE_OTHER"})
NOT_DONE: Final = frozenset({(500, "INTERNAL"), (503, "UNAVAILABLE")})
"""Not charged by Google's word (ai.google.dev/gemini-api/docs/billing, "Am I charged for failed requests?"; 2026-11-21);
503 is "overloaded". 504 DEADLINE_EXCEEDED was at work, and nothing is said of it: it may be charged."""
LONGEST_TEXT: Final = 500
DELAY: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


class _Blob(BaseModel):
    data: str = ""


class _Part(BaseModel):
    text: str = ""
    thought: bool = False
    inline: _Blob | None = Field(None, alias="inlineData")


class _Content(BaseModel):
    parts: list[_Part] = []


class _Candidate(BaseModel):
    content: _Content = _Content()
    finish: str = Field("", alias="finishReason")
    message: str = Field("", alias="finishMessage")


class _Feedback(BaseModel):
    block: str = Field("", alias="blockReason")
    message: str = Field("", alias="blockReasonMessage")


class _Reply(BaseModel):
    id: str = Field("", alias="responseId")
    candidates: list[_Candidate] = []
    feedback: _Feedback | None = Field(None, alias="promptFeedback")


class _Fault(BaseModel):
    status: str = ""
    details: list[dict[str, Any]] = []


class _Failure(BaseModel):
    error: _Fault


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply with HTTP 200: `data` is the picture; without one, `family` and `text` say why (BROKEN: no reason given)."""

    id: str
    data: bytes = field(default=b"", repr=False)
    family: Family = Family.BROKEN
    text: str = ""


def outcome(body: bytes) -> Outcome:
    """Read a reply; raises ProviderError if it is none. Drafts (`thought`) are neither pictures nor answers."""
    try:
        reply = _Reply.model_validate_json(body)
    except ValidationError as error:
        raise ProviderError(Family.BROKEN, "the answer is not one of generateContent") from error
    if reply.feedback and reply.feedback.block:
        return Outcome(reply.id, family=Family.MODERATED, text=_told(reply.feedback.block, reply.feedback.message))
    parts = [part for candidate in reply.candidates for part in candidate.content.parts if not part.thought]
    encoded = next((part.inline.data for part in parts if part.inline and part.inline.data), "")
    if encoded:
        return Outcome(reply.id, _decoded(encoded))
    words = " ".join(part.text.strip() for part in parts if part.text.strip())
    return _without_picture(reply, words)


def _without_picture(reply: _Reply, words: str) -> Outcome:
    for candidate in reply.candidates:
        if candidate.finish in MODERATED:
            return Outcome(reply.id, family=Family.MODERATED, text=_told(candidate.finish, candidate.message))
    finish = next((candidate.finish for candidate in reply.candidates if candidate.finish in REFUSED), "")
    message = next((candidate.message for candidate in reply.candidates if candidate.message), "")
    if words or finish:
        return Outcome(reply.id, family=Family.REFUSED, text=(words or _told(finish, message))[:LONGEST_TEXT])
    return Outcome(reply.id, text="no picture and no reason")


def _told(reason: str, message: str) -> str:
    return (f"{reason}: {message}" if message else reason)[:LONGEST_TEXT]


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProviderError(Family.BROKEN, "the picture in the answer cannot be read") from error


def _fault(reply: httpx.Response) -> _Fault:
    """Google's error body; an empty one if it is something else."""
    try:
        return _Failure.model_validate_json(reply.content).error
    except ValidationError:
        return _Fault()


def envelope(reply: httpx.Response) -> bool:
    """Google's own error body of a failure that it does not charge for."""
    return (reply.status_code, _fault(reply).status) in NOT_DONE


def refined(error: AnswerError) -> ProviderError:
    """A bad key comes as 400 (API_KEY_INVALID) or 403, missing billing as 400 FAILED_PRECONDITION, the wait in the body."""
    fault, status = _fault(error.response), error.response.status_code
    reasons = {detail.get("reason") for detail in fault.details if isinstance(detail.get("reason"), str)}
    family = error.family
    if status == 403 or (status == 400 and "API_KEY_INVALID" in reasons):
        family = Family.BAD_KEY
    elif status == 400 and fault.status == "FAILED_PRECONDITION":
        family = Family.NO_MONEY
    wait = error.retry_after if error.retry_after is not None else _delay(fault)
    return ProviderError(family, error.text, accepted=error.accepted, retry_after=wait)


def _delay(fault: _Fault) -> float | None:
    """Seconds of a google.rpc.RetryInfo, written like "12s"."""
    told = (detail.get("retryDelay") for detail in fault.details)
    found = next((match for text in told if isinstance(text, str) and (match := DELAY.fullmatch(text))), None)
    return min(float(found[1]), LONGEST_RETRY_AFTER) if found else None
