"""Problem details (RFC 9457): how HTTP APIs of ours say what is wrong, in words for people and a code for programs."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:imagine-bot:problem:"
"""Before the code: the problem's type is a name, not an address."""


def problem(
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,  # noqa: ANN401 - JSON
) -> JSONResponse:
    """`code`: stable; `detail`: one or more sentences; `more`: further members."""
    body = {"type": f"{TYPE}{code}", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return JSONResponse(body | more, status, dict(headers or {}), MEDIA_TYPE)
