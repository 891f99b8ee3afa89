"""What goes wrong, as problem details: one status and one stable code each. docs/api.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from fastapi.responses import JSONResponse

from bot.jobs.asks import Answer, Private
from bot.jobs.why import Why
from bot.texts import api as texts
from bot.web.problems import problem

STATUSES = {
    "key_missing": 401,
    "key_invalid": 401,
    "budget": 402,
    **dict.fromkeys(("scope", "stopped", "blocked", "feature", "channel", "role", "age"), 403),
    "not_found": 404,
    "method": 405,
    "too_slow": 408,
    **dict.fromkeys(("idempotency", "twin", "drawn", "not_ready", "picture_gone", "hidden", "too_late"), 409),
    "too_large": 413,
    **dict.fromkeys(
        ("invalid", "prompt", "length", "rules", "moderation", "image", "provider", "no_picture", "callback"), 422
    ),
    **dict.fromkeys(("rate", "quota", "month", "cooldown", "queue_full", "line_full", "streams"), 429),
    "trouble": 500,
    **dict.fromkeys(("starting", "stopping", "store"), 503),
}
"""Every code that there is."""
CODES = {408: "too_slow", 404: "not_found", 405: "method", 413: "too_large"}
"""Of what the web part or the framework refuses by a status alone."""
OWN = {Why.NO_JOB: "not_found"}
"""Of the core's reasons, those that are called otherwise here."""
SAID = {Why.DRAWN: texts.DRAWN}
"""Of the core's sentences, those that speak of what only a chat shows."""


class Problem(Exception):
    """Answered as problem details. `wait`: seconds for Retry-After; `more`: further members; `headers`: more of those."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        wait: float | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - JSON
    ) -> None:
        """`code` is one of STATUSES."""
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.wait = wait
        self.headers = dict(headers or {})
        self.more = more

    def response(self) -> JSONResponse:
        """As it is sent."""
        headers = dict(self.headers)
        if self.wait is not None:
            headers["retry-after"] = str(max(1, ceil(self.wait)))
        return problem(STATUSES[self.code], self.code, self.detail, headers, **self.more)


def not_found() -> Problem:
    """Unknown, or another key's: nobody can tell which."""
    return Problem("not_found", texts.NO_JOB)


def refusal(answer: Answer) -> Problem:
    """What the core answered instead of a job."""
    if not isinstance(answer, Private):
        return Problem("prompt", texts.EMPTY_PROMPT)  # a Form would ask a person for the prompt
    why = answer.why or Why.TROUBLE
    if why is Why.NO_JOB:
        return not_found()
    more: dict[str, Any] = {"job_id": answer.job_id} if answer.job_id else {}
    said = SAID.get(why) or " ".join(answer.card.lines)
    return Problem(OWN.get(why, why.value), said, wait=answer.wait, **more)
