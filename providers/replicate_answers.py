"""Reading what Replicate answers, whatever it holds: only ProviderError is ever raised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

from providers.base import Drawn, Stage, Status
from providers.errors import Family, ProviderError
from providers.http import AnswerError

STAGES = {
    "starting": Stage.QUEUED,
    "processing": Stage.RUNNING,
    "succeeded": Stage.DONE,
    "failed": Stage.FAILED,
    "canceled": Stage.CANCELLED,
    "aborted": Stage.CANCELLED,
}
MODERATED = re.compile(r"nsfw|(?<![\w-])sensitive\b|\bE005\b", re.IGNORECASE)
"""Replicate has no code for it: its models say "NSFW content detected" or "flagged as sensitive (E005)"."""
DEEPEST = 4
LONGEST_URL = 4000
SEED_MOST = 2**32


def read(reply: httpx.Response) -> dict[str, Any]:
    """The JSON object of a reply."""
    try:
        said = reply.json()
    except (ValueError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, "the answer is no JSON") from error
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def refined(error: AnswerError) -> ProviderError:
    """403 is a token without the right; a 400 or 422 that speaks of NSFW is a refused prompt."""
    status = error.response.status_code
    if status == 403:
        return ProviderError(Family.BAD_KEY, error.text, accepted=error.accepted)
    if status in {400, 422} and MODERATED.search(error.text):
        return ProviderError(Family.MODERATED, error.text, accepted=error.accepted)
    return error


def status_of(said: dict[str, Any], allowed: str) -> Status:
    """A prediction as the port has it. `allowed`: the time that it was given, for the sentence when that is over."""
    stage = STAGES.get(str(said.get("status")), Stage.RUNNING)
    if stage is Stage.DONE:
        return Status(stage, pictures=_pictures(said))
    if stage is Stage.FAILED:
        return Status(stage, error=_failure(said))
    if stage is Stage.CANCELLED and _overdue(said):
        return Status(Stage.FAILED, error=ProviderError(Family.BROKEN, f"Replicate stopped it after {allowed}"))
    return Status(stage)


def _failure(said: dict[str, Any]) -> ProviderError:
    text = str(said.get("error") or "failed without a reason")[:500].encode("utf-8", "replace").decode()
    return ProviderError(Family.MODERATED if MODERATED.search(text) else Family.BROKEN, text)


def _overdue(said: dict[str, Any]) -> bool:
    """Whether `Cancel-After` ended it, not a person."""
    try:
        return datetime.fromisoformat(said["completed_at"]) >= datetime.fromisoformat(said["deadline"])
    except (KeyError, TypeError, ValueError):
        return False


def _pictures(said: dict[str, Any]) -> tuple[Drawn, ...]:
    """Every address in `output`. One seed draws a whole call, so only a lone picture has a seed of its own."""
    urls = list(dict.fromkeys(_addresses(said.get("output"))))
    seed = _seed(said) if len(urls) == 1 else None
    return tuple(Drawn(url=url, seed=seed) for url in urls)


def _seed(said: dict[str, Any]) -> int | None:
    """As we sent it; `input` is echoed until it is removed after an hour."""
    given = said.get("input")
    seed = given.get("seed") if isinstance(given, dict) else None
    return seed if type(seed) is int and 0 <= seed < SEED_MOST else None


def _addresses(output: object, depth: int = 0) -> Iterator[str]:
    """`output` is a string, a list or an object, as the model likes."""
    if isinstance(output, str):
        if output.startswith(("https://", "http://")) and output.isascii() and len(output) <= LONGEST_URL:
            yield output
    elif isinstance(output, (list, dict)) and depth < DEEPEST:
        for one in output.values() if isinstance(output, dict) else output:
            yield from _addresses(one, depth + 1)
