"""What the fake vendor accepts: the checks that a real one makes before it takes money."""

from __future__ import annotations

from typing import Any

KEY = "fake-key"
FIELDS = {"kind", "prompt", "width", "height", "count", "seed", "negative", "image", "source", "webhook_url", "key"}
NEEDED = {"kind", "prompt", "width", "height", "count", "key"}
MODES: dict[str, tuple[int, set[str]]] = {
    "async": (4, {"imagine", "upscale", "variation"}),
    "blocking": (4, {"imagine"}),
    "single": (1, {"imagine"}),
}
"""Most pictures in a call, and what can be asked for."""


class RefusalError(Exception):
    """An answer of the vendor's application, in its documented envelope."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body = {"error": {"code": code, "message": message}}


def check_order(mode: str, body: object, known: dict[str, int]) -> dict[str, Any]:
    """The body itself, or RefusalError. `known`: picture count of every draw so far, for sources."""
    if not isinstance(body, dict):
        raise RefusalError(400, "bad_json", "the body is no JSON object")
    _fields(body)
    most, kinds = MODES[mode]
    if body["kind"] not in kinds:
        raise RefusalError(422, "bad_kind", f"{mode} does {sorted(kinds)}")
    if not 1 <= body["count"] <= most:
        raise RefusalError(422, "bad_count", f"1 to {most} pictures in a call")
    if mode == "blocking" and body.get("webhook_url"):
        raise RefusalError(422, "unknown_field", "no webhooks here")
    if body["kind"] != "imagine":
        source = body.get("source") or {}
        if not 0 <= source.get("index", -1) < known.get(str(source.get("ref")), 0):
            raise RefusalError(404, "no_source", "no such picture")
    return body


def _fields(body: dict[str, Any]) -> None:
    if extra := body.keys() - FIELDS:
        raise RefusalError(422, "unknown_field", f"unknown: {sorted(extra)}")
    if lacking := NEEDED - body.keys():
        raise RefusalError(422, "missing_field", f"missing: {sorted(lacking)}")
    if not body["prompt"] or not body["key"]:
        raise RefusalError(422, "empty_field", "prompt and key must not be empty")
    for name in ("width", "height", "count"):
        if not isinstance(body[name], int) or body[name] < 1:
            raise RefusalError(422, "bad_field", f"{name} is a positive number")
