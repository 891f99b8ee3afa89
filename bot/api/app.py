"""The FastAPI app of the job API, mounted at /api/image; whatever goes wrong leaves it as problem details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from bot.api.docs import CONTRACT, add_docs
from bot.api.guard import Guard
from bot.api.ports import Keys
from bot.api.problems import CODES, Problem
from bot.api.routes import Routes
from bot.errors import StoreUnavailable
from bot.jobs.ports import Clock
from bot.texts import api as texts
from bot.web.problems import problem

PATH = "/api/image"
FAULTS = 20
"""Faults of one request that are told."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
log = structlog.get_logger(__name__)


def build_app(routes: Routes, keys: Keys, clock: Clock) -> FastAPI:
    """Body caps and security headers come from the web part around it."""
    app = FastAPI(
        title=texts.TITLE, version=CONTRACT, description=texts.ABOUT, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StoreUnavailable, _away)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(Guard, keys=keys, clock=clock)
    app.include_router(routes.router)
    add_docs(app)
    return app


async def _problem(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Problem):
        raise error
    return error.response()


async def _refused(request: Request, error: Exception) -> JSONResponse:
    """404, 405, and what the web part says about bodies."""
    if not isinstance(error, HTTPException):
        raise error
    said = {404: texts.NO_ROUTE.format(path=PATH), 405: texts.NO_METHOD}.get(error.status_code, str(error.detail))
    code = CODES.get(error.status_code)
    if code is None:  # the framework's word for a body that it cannot read at all
        return Problem("invalid", said, errors=[{"field": "body", "message": said}]).response()
    headers = dict(error.headers or {})
    if code == "method" and (methods := _methods(request)):
        headers["Allow"] = ", ".join(methods)
    return problem(error.status_code, code, said, headers)


def _methods(request: Request) -> list[str]:
    """All of the path (RFC 9110 15.5.6): the framework names its first route's. None in a mount, which says its own."""
    where = {name: request.scope[name] for name in ("type", "path", "root_path")}
    routes = request.app.routes
    return [one for one in METHODS if any(route.matches(where | {"method": one})[0] is Match.FULL for route in routes)]


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Which field, and why; never what was sent: it may be anything."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [
        {"field": ".".join(map(_plain, fault["loc"])), "message": _message(request, fault)}
        for fault in error.errors()[:FAULTS]
    ]
    first = f"{faults[0]['field']}: {faults[0]['message']}" if faults else ""
    return Problem("invalid", texts.INVALID.format(first=first), errors=faults).response()


def _message(request: Request, fault: Mapping[str, Any]) -> str:
    """The framework hands on a body that is not called JSON unread, and then wonders at its kind."""
    if fault["type"] != "model_attributes_type":
        return _plain(fault["msg"])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    named = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return texts.NO_OBJECT if named else texts.CONTENT_TYPE


def _plain(part: object) -> str:
    """A name that a caller made up may hold what no answer can."""
    return str(part).encode("utf-8", "replace").decode()[:200]


async def _away(_request: Request, error: Exception) -> JSONResponse:
    log.error("store unavailable", error=str(error))
    return Problem("store", texts.AWAY, wait=60.0).response()


async def _failed(request: Request, error: Exception) -> JSONResponse:
    log.error("job API request failed", path=request.url.path, exc_info=error)
    return Problem("trouble", texts.FAILED).response()
