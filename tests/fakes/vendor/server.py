"""The fake vendor's routes. /v1/... is its API, the rest are the tests' controls."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.vendor import replies
from tests.fakes.vendor.book import Book
from tests.fakes.vendor.draws import Draw
from tests.fakes.vendor.orders import KEY, MODES, RefusalError, check_order
from tests.fakes.vendor.reports import Reporter
from tests.fakes.vendor.script import Script, due, read_script


class Vendor:
    """`base` is its own address once it listens."""

    def __init__(self, state: Path | None = None) -> None:
        self.book = Book(state)
        self.base = ""
        self.draws: dict[str, Draw] = {}
        self.script = Script()
        self.queue: deque[Script] = deque()
        self.reporter = Reporter()
        self.closing = asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_envelope], client_max_size=50_000_000)
        app.router.add_routes(
            [
                web.post("/v1/{mode}/draws", self.submit),
                web.get("/v1/{mode}/draws", self.find),
                web.get("/v1/{mode}/draws/{id}", self.status),
                web.post("/v1/{mode}/draws/{id}/cancel", self.cancel),
                web.get("/v1/{mode}/account", self.account),
                web.get("/pictures/{id}/{index}.jpg", self.picture),
                web.post("/script", self.set_script),
                web.post("/release", self.release),
                web.get("/counts", self.counts),
                web.get("/calls", self.calls),
            ]
        )
        return app

    async def submit(self, request: web.Request) -> web.StreamResponse:
        script = self._next_script()
        if script.cut == "before":
            return replies.cut(request)
        mode = self._enter(request)
        self._trouble(script)
        body = check_order(mode, await _json(request), {draw.id: draw.count for draw in self.draws.values()})
        if script.outcome == "rejected":
            raise RefusalError(400, "moderated", "our rules refuse this prompt")
        if script.errors and not script.errors_paid:
            return replies.failed(script)
        draw = self._take(body, script)
        if script.errors:
            return replies.failed(script)
        if script.cut == "after":
            return replies.cut(request)
        return await self._answer(mode, draw, script)

    async def _answer(self, mode: str, draw: Draw, script: Script) -> web.Response:
        if mode == "blocking":
            await draw.done()
        elif script.webhook == "early":
            await self.reporter.send(draw, self.base)
        await asyncio.sleep(script.answer_delay)
        if script.hang:
            await self.closing.wait()
        if script.reply:
            return replies.garbled(script.reply, draw.inline() if mode == "blocking" else {"id": draw.id})
        if mode == "blocking" and script.outcome != "done":
            raise RefusalError(400 if script.outcome == "moderated" else 500, script.outcome, "as the script says")
        return web.json_response(draw.inline() if mode == "blocking" else {"id": draw.id, "status": "queued"}, status=202)

    async def find(self, request: web.Request) -> web.Response:
        self._enter(request)
        for draw in self.draws.values():
            if draw.body["key"] == request.query.get("key"):
                return web.json_response(draw.status(self.base))
        raise RefusalError(404, "not_found", "no draw with that key")

    async def status(self, request: web.Request) -> web.StreamResponse:
        draw = self._draw(request)
        if draw.script.status_errors:
            draw.script.status_errors -= 1
            return web.Response(status=500, text="<html>bad gateway</html>")
        if word := due(draw.script, "status_fault"):
            return await replies.status(request, word, draw.status(self.base), self.closing)
        return web.json_response(draw.status(self.base))

    async def cancel(self, request: web.Request) -> web.Response:
        draw = self._draw(request)
        return web.json_response({"cancelled": draw.cancel()})

    async def account(self, request: web.Request) -> web.Response:
        self._enter(request)
        return web.json_response({"credits": 0 if self.script.no_money else 1000})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        draw, index = self.draws.get(request.match_info["id"]), int(request.match_info["index"])
        wait = draw.script.retry_after if draw else ""
        return await replies.picture(request, draw, index, closing=self.closing, retry_after=wait)

    async def set_script(self, request: web.Request) -> web.Response:
        try:
            script = read_script(await request.json())
        except (ValueError, TypeError) as error:
            raise RefusalError(422, "bad_script", str(error)) from error
        if script.times:
            self.queue.append(script)
        else:
            self.script = script
            self.queue.clear()
        return web.json_response(asdict(script))

    async def release(self, _request: web.Request) -> web.Response:
        """End every draw that is held."""
        for draw in self.draws.values():
            draw.release()
        return web.json_response({"released": len(self.draws)})

    async def counts(self, _request: web.Request) -> web.Response:
        return web.json_response(self.book.counts())

    async def calls(self, _request: web.Request) -> web.Response:
        """Every call that was taken, as it came, and every webhook that was sent."""
        taken = [{"id": draw.id, "cancelled": draw.cancelled, **draw.body} for draw in self.draws.values()]
        return web.json_response({"draws": taken, "webhooks": self.reporter.sent})

    async def close(self) -> None:
        """Let hanging answers go and stop reporting."""
        self.closing.set()
        await self.reporter.close()

    def _next_script(self) -> Script:
        if not self.queue:
            return self.script
        script = self.queue[0]
        script.times -= 1
        if not script.times:
            self.queue.popleft()
        return script

    def _enter(self, request: web.Request) -> str:
        mode = request.match_info["mode"]
        if mode not in MODES:
            raise RefusalError(404, "not_found", "no such route")
        if request.headers.get("X-Fake-Key") != KEY:
            raise RefusalError(401, "bad_key", "X-Fake-Key is missing or wrong")
        return mode

    def _trouble(self, script: Script) -> None:
        if script.busy:
            script.busy -= 1
            headers = {"Retry-After": script.retry_after} if script.retry_after else None
            raise RefusalError(429, "busy", "too many requests", headers)
        if script.no_money:
            raise RefusalError(402, "no_money", "the account is empty")

    def _draw(self, request: web.Request) -> Draw:
        self._enter(request)
        draw = self.draws.get(request.match_info["id"])
        if draw is None:
            raise RefusalError(404, "not_found", "no such draw")
        return draw

    def _take(self, body: dict[str, Any], script: Script) -> Draw:
        draw = Draw(body, script)
        self.draws[draw.id] = draw
        self.book.pay(draw.id, body["key"], body["kind"], body["count"])
        self.reporter.begin(draw, self.base)
        return draw


@web.middleware
async def _envelope(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except RefusalError as error:
        return web.json_response(error.body, status=error.status, headers=error.headers)


async def _json(request: web.Request) -> object:
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise RefusalError(400, "bad_json", "the body is no JSON") from error


@asynccontextmanager
async def serve(port: int = 0, state: Path | None = None) -> AsyncIterator[Vendor]:
    """The vendor, listening on loopback; `vendor.base` is its address."""
    vendor = Vendor(state)
    runner = web.AppRunner(vendor.app(), shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    vendor.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield vendor
    finally:
        await vendor.close()
        await runner.cleanup()
