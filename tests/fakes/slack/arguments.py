"""Arguments of a Web API call: read from JSON, form or query string, then held against the method's contract."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.fakes.slack.contracts import EVERYWHERE, contracts
from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import Json

STRUCTURED = frozenset({"attachments", "blocks", "files", "metadata", "view", "unfurled_attachments"})
"""Arguments that hold JSON and therefore travel as text in a form or a query string."""


async def read_arguments(request: web.Request) -> Json:
    """Everything the caller sent; the body wins over the query string. Raises RefusedError for a body that is no JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= _json_object(await request.text())
    elif request.method == "POST":
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return {key: _decoded(key, value) for key, value in args.items() if value is not None}


def _json_object(text: str) -> Json:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        raise RefusedError("invalid_json") from None
    if not isinstance(found, dict):
        raise RefusedError("json_not_object")
    return found


def _decoded(key: str, value: Any) -> Any:
    if key not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def check_arguments(method: str, args: Json) -> None:
    """Raise RefusedError for arguments that the contract does not know, lacks, or types otherwise.

    The real server ignores unknown arguments; here they are refused, because they are always a mistake of ours.
    """
    known: Json = contracts()[method]["args"]
    wrong = [f"[ERROR] unknown argument: {name}" for name in args if name not in known and name not in EVERYWHERE]
    for name, rule in known.items():
        if name not in args:
            wrong += [f"[ERROR] missing required field: {name}"] if rule["required"] else []
        elif not _fits(rule.get("type"), args[name]):
            wrong.append(f"[ERROR] {name} must be a {rule['type']}")
    if wrong:
        raise RefusedError("invalid_arguments", response_metadata={"messages": wrong})


def _fits(kind: str | None, value: Any) -> bool:
    if kind == "integer":
        return not isinstance(value, bool) and str(value).lstrip("-").isdigit()
    if kind == "boolean":
        return isinstance(value, bool) or str(value).lower() in {"0", "1", "true", "false"}
    if kind == "string":
        return isinstance(value, str | int | float | list)
    return True
