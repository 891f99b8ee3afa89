"""The ASGI app of the process: health, webhooks, and whatever wiring mounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from starlette.responses import Response
from starlette.types import ASGIApp

from bot.texts import web as texts
from bot.web.bodies import MIB, BodyGuard, BodyLimit
from bot.web.headers import SecurityHeaders
from bot.web.problems import problem
from bot.web.webhooks import Webhook, Webhooks

WEBHOOK_LIMIT = BodyLimit(1 * MIB, 10.0)
LIMIT = BodyLimit(32 * MIB, 120.0)
"""For all else: a dropped picture must pass, also from a slow phone."""
API = "/api/image/"
"""Where problem details are spoken."""
API_LIMIT = BodyLimit(64 * 1024, 20.0, problems=True)
"""The job API takes prompts and addresses, no pictures."""
API_LABELS = {"api-version": "1"}
"""Of the contract; breaking changes get another path, see docs/api.md. Here, so that no refusal goes without."""
Readiness = Callable[[], Mapping[str, bool]]


def build_app(
    *,
    mounts: Mapping[str, ASGIApp],
    webhook: Webhook | None,
    readiness: Readiness,
    routers: Sequence[APIRouter] = (),
    webhook_limit: BodyLimit = WEBHOOK_LIMIT,
    limit: BodyLimit = LIMIT,
) -> FastAPI:
    """`mounts`: path -> app, the longest path is asked first; `webhook` None: no such route; `readiness`: part -> ready.

    `routers`: further routes, asked before what is mounted.
    """
    app = FastAPI(title="imagine-bot", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BodyGuard, default=limit, paths={"/webhooks/": webhook_limit, API: API_LIMIT})
    app.add_middleware(SecurityHeaders, more={API: API_LABELS})
    app.add_exception_handler(404, _lost)

    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    async def readyz() -> JSONResponse:
        parts = dict(readiness())
        ready = all(parts.values())
        return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503)

    for method in ("GET", "HEAD"):  # some watchers ask for the head alone; the server leaves the body out
        described = method == "GET"
        app.add_api_route("/healthz", healthz, methods=[method], include_in_schema=described)
        app.add_api_route("/readyz", readyz, methods=[method], include_in_schema=described, response_model=None)
    if webhook is not None:
        app.include_router(Webhooks(webhook).router)
    for router in routers:
        app.include_router(router)
    for path in sorted(mounts, key=len, reverse=True):
        app.mount(path.rstrip("/"), mounts[path])
    return app


async def _lost(request: Request, error: Exception) -> Response:
    """What no mount takes, not even the one it seems to belong to: a line break in a path matches nothing."""
    if request.url.path.startswith(API):
        return problem(404, "not_found", texts.NO_ROUTE)
    return await http_exception_handler(request, error if isinstance(error, HTTPException) else HTTPException(404))
