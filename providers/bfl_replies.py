"""What Black Forest Labs answers, read without trust: any body gives a value or a ProviderError."""

from __future__ import annotations

import json
import math
import re
from typing import Any, TypeGuard

import httpx

from providers.base import Drawn, Stage, Status
from providers.bfl_models import CREDIT
from providers.errors import Accepted, Family, ProviderError
from providers.http import AnswerError

OWN_HOST = re.compile(r"([a-z0-9-]+\.)+bfl\.ai", re.ASCII)
ID = re.compile(r"[A-Za-z0-9._-]{1,200}", re.ASCII)
STAGES = {"Pending": Stage.QUEUED, "Ready": Stage.DONE, "Error": Stage.FAILED}
"""The rest is RUNNING: newer models say Reasoning and Generating, which the vendor's file does not list."""
MODERATED = frozenset({"Request Moderated", "Content Moderated"})
LOST = "Task not found"
POLICY = "content_policy_violation"
MOST_SEED = 2**63
MOST_CREDITS = 100_000_000.0


def parsed(reply: httpx.Response) -> dict[str, Any]:
    """The body as a JSON object."""
    said = _json(reply)
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def ref(said: dict[str, Any]) -> str:
    """What `status` needs: the id, with the task's own address where one came (a task with a webhook gets none)."""
    task_id, address = said.get("id"), said.get("polling_url")
    if not is_id(task_id):
        raise ProviderError(Family.BROKEN, "the answer names no task")
    if not isinstance(address, str) or not address or not address.isascii():
        return task_id
    return json.dumps({"id": task_id, "url": address})


def task(kept: str) -> tuple[str, str]:
    """Id and address out of a `ref`; an id that a webhook named stands alone."""
    try:
        both = json.loads(kept)
    except (ValueError, RecursionError):
        return kept, ""
    if not isinstance(both, dict):
        return kept, ""
    return str(both.get("id", "")), str(both.get("url", ""))


def is_id(value: object) -> TypeGuard[str]:
    """Whether it looks like a task's id; nothing else may become a `ref`."""
    return isinstance(value, str) and ID.fullmatch(value) is not None


def trusted(address: str, base_url: str) -> bool:
    """Whether our key may go to this address: the vendor's own hosts over TLS, or the origin we submit to."""
    if not address:
        return False
    try:
        url, base = httpx.URL(address), httpx.URL(base_url)
    except (httpx.InvalidURL, ValueError):
        return False
    if url.userinfo:
        return False
    if (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port):
        return True
    return url.scheme == "https" and OWN_HOST.fullmatch(url.host) is not None and url.port is None


def status(said: dict[str, Any]) -> Status:
    """A task's state. Raises for one that is not found: that is no news of it."""
    word = said.get("status")
    if word == LOST:
        raise ProviderError(Family.BROKEN, "the task is not found", accepted=Accepted.UNKNOWN)
    if isinstance(word, str) and word in MODERATED:
        return Status(Stage.FAILED, error=ProviderError(Family.MODERATED, f"{word} {_text(said.get('details'))}".strip()))
    stage = STAGES.get(word, Stage.RUNNING) if isinstance(word, str) else Stage.RUNNING
    if stage is Stage.FAILED:
        return Status(stage, error=ProviderError(Family.BROKEN, f"Error {_text(said.get('details'))}".strip()))
    if stage is Stage.DONE:
        return Status(stage, pictures=_pictures(said.get("result")))
    return Status(stage, fraction=_fraction(said.get("progress")))


def cost(said: dict[str, Any]) -> int | None:
    """Micro-USD, from the reply's credits."""
    spent = number(said.get("cost"))
    return round(spent * CREDIT) if spent is not None and 0 <= spent < MOST_CREDITS else None


def number(value: object) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def documented(reply: httpx.Response) -> bool:
    """Whether a 5xx is the application's own: {"error", "message", "details"} (the vendor's integration guide)."""
    said = _json(reply)
    return isinstance(said, dict) and isinstance(said.get("error"), str) and isinstance(said.get("message"), str)


def refined(error: ProviderError) -> ProviderError:
    """A refusal told more exactly by its body: 403 is about the key, a policy code is moderation, 429 may say how long."""
    if not isinstance(error, AnswerError) or not 400 <= error.response.status_code < 500:
        return error
    said = _json(error.response)
    told = said if isinstance(said, dict) else {}
    if told.get("error") == POLICY or (isinstance(told.get("status"), str) and told["status"] in MODERATED):
        return ProviderError(Family.MODERATED, error.text, accepted=Accepted.NO)
    if error.response.status_code == 403:
        return ProviderError(Family.BAD_KEY, error.text, accepted=Accepted.NO)
    wait = number(told.get("retry_after"))
    if error.family is Family.BUSY and error.retry_after is None and wait is not None:
        return ProviderError(Family.BUSY, error.text, accepted=Accepted.NO, retry_after=min(max(wait, 0.0), 3600.0))
    return error


def _json(reply: httpx.Response) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The body, or None where it is no JSON, or nested deeper than Python goes."""
    try:
        return reply.json()
    except (ValueError, RecursionError):
        return None


def _pictures(result: object) -> tuple[Drawn, ...]:
    """The one picture; none where the result names no address."""
    if not isinstance(result, dict):
        return ()
    address, seed = result.get("sample"), result.get("seed")
    if not isinstance(address, str) or not address or not address.isascii():
        return ()
    good = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < MOST_SEED
    return (Drawn(url=address, seed=seed if good else None),)


def _fraction(value: object) -> float | None:
    """0.0-1.0; the vendor names no unit, so anything else is not shown."""
    part = number(value)
    return part if part is not None and 0.0 <= part <= 1.0 else None


def _text(details: object) -> str:
    return "" if details is None else json.dumps(details)[:500]
