"""GET /metrics for Prometheus: for whoever has the token, and there alone where one is set."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

FORMAT = "text/plain; version=1.0.0; charset=utf-8"
Scrape = Callable[[], Awaitable[bytes]]


class Metrics:
    """`Authorization: Bearer <token>`, as Prometheus sends it by `authorization: credentials_file`."""

    def __init__(self, scrape: Scrape, token: str) -> None:
        """`scrape` makes the page anew at each question."""
        self._scrape = scrape
        self._wanted = f"bearer {token}".encode()
        self.router = APIRouter()
        self.router.add_api_route("/metrics", self.answer, methods=["GET"], response_model=None)

    async def answer(self, request: Request) -> Response:
        """401 without the token."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        given = f"{kind.lower()} {token}".encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, self._wanted):
            return Response(status_code=401, headers={"www-authenticate": "Bearer"})
        return Response(await self._scrape(), media_type=FORMAT, headers={"cache-control": "no-store"})
