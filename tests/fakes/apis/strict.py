"""The base of every provider's loopback server: each request is held against the vendor's own API description."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.provider import COLOURS, picture
from tests.support.openapi import Spec


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came. `body`: the parsed JSON, or the form's fields (files as {"filename", "type", "bytes"})."""

    method: str
    path: str
    template: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(slots=True)
class Fault:
    """What the next request of a route gets instead of its answer.

    `cut`: the line is dropped, "before" or "after" the request had its effect; `hang`: no answer at all; otherwise
    `status` with `body` (bytes, or JSON) and `headers`. `echo`: the body is what came, as careless servers repeat it.
    """

    status: int = 500
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: str = ""
    hang: bool = False
    echo: bool = False


Answer = tuple[int, Any] | web.StreamResponse
Handler = Callable[[Seen], Answer | Awaitable[Answer]]


class StrictApi:
    """Serve on 127.0.0.1. Subclasses fill `handlers`: (method, path template) -> handler; `key`: header and value."""

    def __init__(self, spec: Spec, *, key: tuple[str, str], root: str = "", free: frozenset[str] = frozenset()) -> None:
        """`root`: what the base URL carries before the description's paths; `free`: templates that need no key."""
        self.spec, self.key, self.root, self.free = spec, key, root, free
        self.handlers: dict[tuple[str, str], Handler] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.seen: list[Seen] = []
        self.violations: list[str] = []
        self.paid = 0
        self.size = 64
        self.files: dict[str, tuple[bytes, str]] = {}
        self.base = ""
        self.host = ""
        self._hung = asyncio.Event()

    def fail(self, template: str, fault: Fault, times: int = 1) -> None:
        """The next `times` requests of this template are answered by `fault`."""
        self.faults.setdefault(template, []).extend([fault] * times)

    def picture_url(self, index: int = 0) -> str:
        """A fresh address of a real JPEG."""
        name = f"{len(self.files)}.jpg"
        self.files[name] = (picture(COLOURS[index % 4], self.size), "image/jpeg")
        return f"http://{self.host}/files/{name}"

    def of(self, template: str) -> list[Seen]:
        """The requests of one template."""
        return [seen for seen in self.seen if seen.template == template]

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.base = f"http://{self.host}{self.root}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hung.set()
        await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.Response:
        data, kind = self.files.get(request.match_info["name"], (b"", ""))
        return web.Response(body=data, content_type=kind) if kind else web.Response(status=404)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(self.root) if request.path.startswith(self.root) else request.path
        template = self.spec.template(path)
        operation = self.spec.operation(request.method, template) if template else None
        if template is None or operation is None:
            self.violations.append(f"{request.method} {path} is not in the description")
            return web.json_response({"error": "not found"}, status=404)
        fault = self.faults[template].pop(0) if self.faults.get(template) else None
        if fault and fault.cut == "before":
            return self._drop(request)
        body = await _body(request)
        seen = Seen(request.method, path, template, dict(request.query), dict(request.headers), body)
        self.seen.append(seen)
        if template not in self.free and request.headers.get(self.key[0]) != self.key[1]:
            return web.json_response(self.unauthorized(), status=401)
        wrong = [*self.spec.check_query(operation, seen.query), *self.spec.check_body(operation, request.content_type, body)]
        if wrong:
            self.violations += [f"{request.method} {path}: {sentence}" for sentence in wrong]
            return web.json_response({"error": wrong}, status=422)
        return await self._answer(request, seen, fault)

    async def _answer(self, request: web.Request, seen: Seen, fault: Fault | None) -> web.StreamResponse:
        if fault and not fault.cut:
            if fault.hang:
                await self._hung.wait()
            if fault.echo:
                fault.body = f"no: {request.path_qs} {json.dumps(seen.body)} {json.dumps(seen.query)}".encode()
            data = fault.body if isinstance(fault.body, bytes) else json.dumps(fault.body).encode()
            kind = "application/octet-stream" if isinstance(fault.body, bytes) else "application/json"
            return web.Response(status=fault.status, body=data, content_type=kind, headers=fault.headers)
        answer = self.handlers[seen.method, seen.template](seen)
        done = await answer if isinstance(answer, Awaitable) and not isinstance(answer, web.StreamResponse) else answer
        if fault and fault.cut == "after":
            return self._drop(request)
        if isinstance(done, web.StreamResponse):
            return done
        status, reply = done
        self.violations += [
            f"our reply to {seen.path}: {s}" for s in self.spec.check_reply(seen.method, seen.template, status, reply)
        ]
        return web.json_response(reply, status=status)

    def unauthorized(self) -> Any:
        """The vendor's own body of a 401."""
        return {"error": "unauthorized"}

    def _drop(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


async def _body(request: web.Request) -> Any:
    """JSON, a form, or None."""
    if request.content_type == "application/json":
        text = await request.text()
        return json.loads(text) if text else None
    if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        form = await request.post()
        found: dict[str, Any] = {}
        for name, value in form.items():
            one = (
                {"filename": value.filename, "type": value.content_type, "bytes": value.file.read()}
                if isinstance(value, web.FileField)
                else value
            )
            found[name] = (
                [*found[name], one] if isinstance(found.get(name), list) else [found[name], one] if name in found else one
            )
        return found
    return None if not await request.read() else await request.read()
