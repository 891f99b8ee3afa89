"""The HTTP side: Web API, uploads, files, response_urls and the door of the sockets."""

from __future__ import annotations

import json

from aiohttp import BasicAuth, BodyPartReader, web

from tests.fakes.slack.arguments import check_arguments, read_arguments
from tests.fakes.slack.consent import Consents
from tests.fakes.slack.contracts import contracts, scopes_of
from tests.fakes.slack.errors import BrokenError, RefusedError
from tests.fakes.slack.methods import METHODS, oauth
from tests.fakes.slack.methods.files import receive
from tests.fakes.slack.model import Call, Json, Response
from tests.fakes.slack.replies import apply_reply
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.towns import Towns
from tests.fakes.slack.world import World

MOST_BYTES = 64 * 1024 * 1024
EXCHANGE = "oauth.v2.access"
"""Known by the client's secret, not by a token."""


class Server:
    """Routes requests to the world."""

    def __init__(self, world: World, towns: Towns, consents: Consents, sockets: Sockets) -> None:
        self.world, self.towns, self.consents = world, towns, consents
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
        world = self._caller(request, call)
        call.team = world.team
        await world.limits.meet(call.method, "before")
        world.limits.count(call.method, call.args)
        check_arguments(call.method, call.args)
        if call.method == EXCHANGE:
            call.answer = oauth.access(self.consents, call.args)
        else:
            call.answer = METHODS[call.method](world, call.args)
        await world.limits.meet(call.method, "after")
        return call.answer

    def _caller(self, request: web.Request, call: Call) -> World:
        """Method, token and scopes, in the order in which Slack looks; the workspace that the token opens."""
        if call.method not in contracts():
            raise RefusedError("unknown_method", req_method=call.method)
        if call.method == EXCHANGE:
            call.args |= login(request)
            return self.world
        if call.method not in METHODS:
            self.world.violate(call.method, "fake_lacks_method", [])
            raise RefusedError("fake_lacks_method", status=501)
        if call.method == "api.test":
            return self.world
        call.token = bearer(request) or str(call.args.pop("token", ""))
        world = self._opened(call.method, call.token, call.args)
        needed = scopes_of(call.method)
        if needed and not needed & world.scopes:
            raise RefusedError("missing_scope", needed=",".join(sorted(needed)), provided=",".join(sorted(world.scopes)))
        return world

    def _opened(self, method: str, token: str, args: Json) -> World:
        if not token:
            raise RefusedError("not_authed")
        world = self.world if token == self.world.app_token else self.towns.opened(token, args)
        if world is None:
            raise RefusedError("account_inactive" if token in self.world.dead else "invalid_auth")
        if world.revoked:
            raise RefusedError("account_inactive")
        if (token == self.world.app_token) != (method == "apps.connections.open"):
            raise RefusedError("not_allowed_token_type")
        return world

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, raw or as the first part of a form. Needs no token."""
        try:
            world = self.towns.holding(request.match_info["token"])
            await world.limits.meet("upload", "before")
            file = receive(world, request.match_info["token"], await uploaded_bytes(request))
        except RefusedError as refusal:
            return web.Response(status=refusal.status, text=refusal.error, headers=refusal.headers)
        except BrokenError as broken:
            return break_off(request, broken)
        self.world.pulse.beat()
        return web.Response(text=f"OK - {file.length}")

    async def file(self, request: web.Request) -> web.Response:
        """The bytes behind url_private, for the bot's token alone; anyone else is sent to a login page."""
        world = self.towns.opened(bearer(request), {})
        if world is None or "files:read" not in world.scopes:
            raise web.HTTPFound(f"{self.world.url}/login")
        file = world.files.get(request.match_info["id"])
        if file is None or not file.visible or file.stage != "complete":
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    async def login(self, request: web.Request) -> web.Response:
        """What a caller without rights gets instead of a picture: a page, with status 200."""
        return web.Response(text="<!DOCTYPE html><title>Slack</title>", content_type="text/html")

    async def response(self, request: web.Request) -> web.Response:
        """A post to a response_url."""
        try:
            await self.towns.answered(request.match_info["key"]).limits.meet("response", "before")
            return self._responded(request.match_info["key"], await request.text())
        except RefusedError as refusal:
            return web.json_response(refusal.body, status=refusal.status, headers=refusal.headers)
        except BrokenError as broken:
            return break_off(request, broken)

    def _responded(self, key: str, text: str) -> web.Response:
        world = self.towns.answered(key)
        reply = world.reply_urls.get(key)
        if reply is None:
            raise RefusedError("no_service", status=404)
        try:
            body = json.loads(text)
        except ValueError:
            raise RefusedError("invalid_payload", status=400) from None
        seen = Response(f"{self.world.url}/response/{key}", body, 200, reply.user)
        world.responses.append(seen)
        try:
            reply.use(self.world.clock())
            apply_reply(world, reply, seen.body, "response_url")
        except RefusedError as refusal:
            seen.status = refusal.status
            raise
        finally:
            self.world.pulse.beat()
        return web.json_response({"ok": True})


def bearer(request: web.Request) -> str:
    """The token of the Authorization header; empty for none."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def login(request: web.Request) -> Json:
    """Client ID and secret where they came by HTTP Basic, as Slack prefers."""
    try:
        found = BasicAuth.decode(request.headers.get("Authorization", ""))
    except ValueError:
        return {}
    return {"client_id": found.login, "client_secret": found.password}


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
