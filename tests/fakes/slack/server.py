"""The HTTP side: Web API, uploads, files, response_urls and the door of the sockets."""

from __future__ import annotations

import json

from aiohttp import BodyPartReader, web

from tests.fakes.slack.arguments import check_arguments, read_arguments
from tests.fakes.slack.contracts import contracts, scopes_of
from tests.fakes.slack.errors import BrokenError, RefusedError
from tests.fakes.slack.methods import METHODS
from tests.fakes.slack.methods.files import receive
from tests.fakes.slack.model import Call, Json, Response
from tests.fakes.slack.replies import apply_reply
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import World

MOST_BYTES = 64 * 1024 * 1024


class Server:
    """Routes requests to the world."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self.world = world
        self.app = web.Application(client_max_size=MOST_BYTES)
        self.app.router.add_route("*", "/api/{method}", self.api)
        self.app.router.add_post("/upload/v1/{token}", self.upload)
        self.app.router.add_get("/files-pri/{id}/{name}", self.file)
        self.app.router.add_get("/login", self.login)
        self.app.router.add_post("/response/{key}", self.response)
        self.app.router.add_get("/link/", sockets.handle)

    async def api(self, request: web.Request) -> web.Response:
        """One Web API call, written into the transcript whatever becomes of it."""
        call = Call(request.match_info["method"], {}, self.world.clock())
        self.world.calls.append(call)
        headers: dict[str, str] = {}
        try:
            status, answer = 200, await self._answer(request, call)
        except RefusedError as refusal:
            status, answer, headers = refusal.status, refusal.body, refusal.headers
        except BrokenError as broken:
            self.world.shown_call(call, broken.status or 0, call.answer)
            return break_off(request, broken)
        self.world.shown_call(call, status, answer)
        return web.json_response(answer, status=status, headers=headers)

    async def _answer(self, request: web.Request, call: Call) -> Json:
        call.args = await read_arguments(request)
        self._check_caller(request, call)
        await self.world.limits.meet(call.method, "before")
        self.world.limits.count(call.method, call.args)
        check_arguments(call.method, call.args)
        call.answer = METHODS[call.method](self.world, call.args)
        await self.world.limits.meet(call.method, "after")
        return call.answer

    def _check_caller(self, request: web.Request, call: Call) -> None:
        """Token, method and scopes, in the order in which Slack looks."""
        if call.method not in contracts():
            raise RefusedError("unknown_method", req_method=call.method)
        if call.method not in METHODS:
            self.world.violate(call.method, "fake_lacks_method", [])
            raise RefusedError("fake_lacks_method", status=501)
        if call.method == "api.test":
            return
        self._check_token(call.method, bearer(request) or str(call.args.pop("token", "")))
        needed = scopes_of(call.method)
        if needed and not needed & self.world.scopes:
            raise RefusedError(
                "missing_scope", needed=",".join(sorted(needed)), provided=",".join(sorted(self.world.scopes))
            )

    def _check_token(self, method: str, token: str) -> None:
        if not token:
            raise RefusedError("not_authed")
        if token not in {self.world.bot_token, self.world.app_token}:
            raise RefusedError("invalid_auth")
        if self.world.revoked:
            raise RefusedError("account_inactive")
        if (token == self.world.app_token) != (method == "apps.connections.open"):
            raise RefusedError("not_allowed_token_type")

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, raw or as the first part of a form. Needs no token."""
        try:
            await self.world.limits.meet("upload", "before")
            file = receive(self.world, request.match_info["token"], await uploaded_bytes(request))
        except RefusedError as refusal:
            return web.Response(status=refusal.status, text=refusal.error, headers=refusal.headers)
        except BrokenError as broken:
            return break_off(request, broken)
        self.world.pulse.beat()
        return web.Response(text=f"OK - {file.length}")

    async def file(self, request: web.Request) -> web.Response:
        """The bytes behind url_private, for the bot's token alone; anyone else is sent to a login page."""
        file = self.world.files.get(request.match_info["id"])
        if bearer(request) != self.world.bot_token or "files:read" not in self.world.scopes:
            raise web.HTTPFound(f"{self.world.url}/login")
        if file is None or not file.visible or file.stage != "complete":
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    async def login(self, request: web.Request) -> web.Response:
        """What a caller without rights gets instead of a picture: a page, with status 200."""
        return web.Response(text="<!DOCTYPE html><title>Slack</title>", content_type="text/html")

    async def response(self, request: web.Request) -> web.Response:
        """A post to a response_url."""
        try:
            await self.world.limits.meet("response", "before")
            return self._responded(request.match_info["key"], await request.text())
        except RefusedError as refusal:
            return web.json_response(refusal.body, status=refusal.status, headers=refusal.headers)
        except BrokenError as broken:
            return break_off(request, broken)

    def _responded(self, key: str, text: str) -> web.Response:
        reply = self.world.reply_urls.get(key)
        if reply is None:
            raise RefusedError("no_service", status=404)
        try:
            body = json.loads(text)
        except ValueError:
            raise RefusedError("invalid_payload", status=400) from None
        seen = Response(f"{self.world.url}/response/{key}", body, 200, reply.user)
        self.world.responses.append(seen)
        try:
            reply.use(self.world.clock())
            apply_reply(self.world, reply, seen.body, "response_url")
        except RefusedError as refusal:
            seen.status = refusal.status
            raise
        finally:
            self.world.pulse.beat()
        return web.json_response({"ok": True})


def bearer(request: web.Request) -> str:
    """The token of the Authorization header; empty for none."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


async def uploaded_bytes(request: web.Request) -> bytes:
    """The body, or the first part of a multipart body."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    part = await (await request.multipart()).next()
    return bytes(await part.read()) if isinstance(part, BodyPartReader) else b""


def break_off(request: web.Request, broken: BrokenError) -> web.Response:
    """A gateway's error page, or a dead connection."""
    if broken.status is None and request.transport is not None:
        request.transport.abort()
    return web.Response(status=broken.status or 502, text="<html>upstream error</html>", content_type="text/html")
