"""The OpenAPI page: Swagger UI from our own server, under the content policy that every page of ours has.

FastAPI's own page loads its script from another host and starts it inline; fastapi-offline carries the files.
"""

from __future__ import annotations

from html import escape
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles

from bot.api.problems import STATUSES
from bot.api.shapes import ProblemOut
from bot.texts import api as texts
from bot.web.problems import MEDIA_TYPE

STATIC = Path(__file__).parent / "static"
CONTRACT = "1.0"
"""The first number is the contract's; the second grows with what is added to it."""
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": f"Problem details; `code`: {', '.join(code for code, one in STATUSES.items() if one == status)}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in sorted(set(STATUSES.values()) - {405, 408, 500})
}
"""For every route: who reads one of them knows them all."""


def add_docs(app: FastAPI) -> None:
    """The page at /docs, beside /openapi.json."""
    page = Template((STATIC / "docs.html").read_text("utf-8")).substitute(title=escape(texts.PAGE))
    app.add_api_route("/docs", lambda: HTMLResponse(page), methods=["GET"], include_in_schema=False)
    script = FileResponse(STATIC / "start.js", media_type="text/javascript")
    app.add_api_route("/docs/start.js", lambda: script, methods=["GET"], include_in_schema=False)
    app.mount("/docs/assets", StaticFiles(directory=_assets()))
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _assets() -> Path:
    """Where the package keeps Swagger UI; found without importing it."""
    found = find_spec("fastapi_offline")
    if found is None or found.origin is None:
        raise RuntimeError("fastapi-offline is not installed: run `make install`")
    return Path(found.origin).parent / "static"


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        said = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        said["components"]["schemas"]["Problem"] = ProblemOut.model_json_schema()
        app.openapi_schema = said
    return app.openapi_schema
