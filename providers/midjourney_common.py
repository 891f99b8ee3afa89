"""What both Midjourney wrappers share: reading replies that may be anything, and taking flags out of a prompt's words."""

from __future__ import annotations

import json
import re
from typing import Any

from providers.errors import BadWebhook, Family, ProviderError

DASHES = re.compile(r"[-—–―]{2,}|[—–―]")
MODERATION = re.compile(
    r"moderat|nsfw|sensitive|prohibited|inappropriate|offensive|violat|content polic|safety"
    r"|banned (prompt|word|phrase|content|term)|community (guideline|standard)",
    re.IGNORECASE,
)
"""Neither wrapper documents its wording; Midjourney's own begins "Banned prompt" or names its AI moderator."""
LONGEST_ID = 200


def plain(text: str) -> str:
    """The words without Midjourney's syntax: `--repeat` and {a, b} would draw, and charge, several jobs for one request."""
    return DASHES.sub("-", text).replace("{", "(").replace("}", ")")


def moderated(text: str) -> bool:
    """Whether a failure's text says that the rules refused it; nothing but the text tells."""
    return MODERATION.search(text) is not None


def words(value: object) -> str:
    """A reply's text fit for a log and a database row: no lone surrogates, no NUL, at most 500 characters."""
    text = value if isinstance(value, str) else ""
    return text[:500].encode("utf-8", "replace").decode().replace("\0", "")


def table(value: object) -> dict[str, Any]:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def number(value: object) -> int | None:
    """The whole number, or None; `true` is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decoded(body: bytes | str) -> dict[str, Any]:
    """The JSON object of a body; raises ProviderError for anything else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderError(Family.BROKEN, "the answer is no JSON") from error
    if not isinstance(said, dict):
        raise ProviderError(Family.BROKEN, "the answer is no JSON object")
    return said


def known_id(value: object) -> str:
    """A task id that can be stored and sent again, or ""."""
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable()
    return str(value) if fits else ""


def task_id(said: dict[str, Any]) -> str:
    """`data.taskId` of a submit's answer; without one nobody knows what was accepted."""
    found = known_id(table(said.get("data")).get("taskId"))
    if not found:
        raise ProviderError(Family.BROKEN, "the answer names no task")
    return found


def is_url(value: object) -> bool:
    """Whether it may be a picture's address; the fetcher looks closer."""
    return isinstance(value, str) and value.isprintable() and value.startswith(("https://", "http://"))


def named_task(body: bytes) -> str:
    """The task that a callback names, or ""; raises BadWebhook.

    `data.taskId`, the sibling's `data.task_id`, or the same at the top level. Neither service signs: it is a nudge only.
    """
    try:
        said = decoded(body)
    except ProviderError as error:
        raise BadWebhook(error.text) from error
    data = table(said.get("data"))
    candidates = (place.get(name) for place in (data, said) for name in ("taskId", "task_id"))
    return next(filter(None, map(known_id, candidates)), "")
