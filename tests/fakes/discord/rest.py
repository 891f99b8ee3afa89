"""The HTTP side: one pipeline for every route (record, authorise, trouble on demand, schema, do it), and the CDN."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from tests.fakes.discord import app_routes, body, callback_routes, channel_routes, routes, schema, webhook_routes
from tests.fakes.discord.errors import ApiError, invalid_form, unauthorized
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.routes import Answer, Route
from tests.fakes.discord.world import Call, Violation, World

PREFIX = "/api/v10"
ALL: dict[str, Route] = app_routes.ROUTES | callback_routes.ROUTES | webhook_routes.ROUTES | channel_routes.ROUTES
OPEN = (" /interactions/", " /webhooks/")
"""Routes whose secret is in the path."""
MOST_BYTES = 64 * 1024 * 1024


def application(world: World, extra: list[web.RouteDef]) -> web.Application:
    """The whole server. A route that the fake does not know is a violation and 404."""
    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes(extra)
    app.router.add_get("/gateway/", world.gateway.connect)
    app.router.add_get("/cdn/attachments/{number}/{name}", _cdn(world))
    for route, handler in ALL.items():
        method, template = route.split(" ", 1)
        app.router.add_route(method, PREFIX + template, _endpoint(world, route, handler))
    app.router.add_route("*", "/{rest:.*}", _endpoint(world, "UNKNOWN", _nowhere))
    return app


def _endpoint(world: World, route: str, handler: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        call = Call(world.clock(), request.method, route, request.path, dict(request.match_info), dict(request.query))
        world.calls.append(call)
        world.changed()
        await world.faults.wait(route)
        trouble = _trouble(world, call)
        answer = await _answer(world, call, request, handler, trouble)
        await world.faults.wait(route, after=True)
        lost = None if trouble and trouble.status else world.faults.take(route, after=True)
        if lost:
            trouble, answer = lost, Answer(lost.status, lost.body)
        call.files = {}
        call.status, call.code = answer.status, answer.body.get("code", 0) if isinstance(answer.body, dict) else 0
        world.changed()
        if trouble and trouble.cut and request.transport:
            request.transport.close()
        return _response(answer, trouble)

    return serve


def _trouble(world: World, call: Call) -> Fault | None:
    """A limit that lasts, or what the test has ordered. All of a token is counted together, in a channel each route."""
    major = call.params.get("webhook_token") or call.params.get("channel_id")
    bucket = f"{'' if 'webhook_token' in call.params else call.route} {major}"
    lasting = world.faults.refuse(bucket, bound="channel_id" in call.params) if major else None
    trouble = lasting or world.faults.take(call.route, after=False)
    if major and trouble and trouble.status == 429 and not lasting:
        world.faults.begin(bucket, trouble)
    return trouble


async def _answer(world: World, call: Call, request: web.Request, handler: Route, trouble: Fault | None) -> Answer:
    try:
        _authorise(world, call, request)
        parsed = await body.read(request)
        call.body, call.files = parsed.payload, parsed.files
        if trouble and trouble.status:
            return Answer(trouble.status, trouble.body)
        if world.validate and call.route in ALL:
            _validate(call)
        return handler(world, call)
    except ApiError as error:
        if error.mistake:
            details = "; ".join(map(str, error.problems)) or error.message
            world.violations.append(
                Violation(f"{call.method} {call.path}" if call.route == "UNKNOWN" else call.route, details)
            )
        return Answer(error.status, error.body())
    except ConnectionError:  # the bot is gone in the middle of its request: nobody reads the answer
        return Answer(HTTPStatus.BAD_REQUEST, {"message": "broken off", "code": 0})
    except Exception:  # noqa: BLE001  (a bug here must show as a violation in the test, not as a hung bot)
        world.violations.append(Violation(call.route, f"the fake broke: {traceback.format_exc()}"))
        return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, {"message": "the fake broke", "code": 0})


def _authorise(world: World, call: Call, request: web.Request) -> None:
    if call.route == routes.GATEWAY or any(part in call.route for part in OPEN):
        return
    if request.headers.get("Authorization") != f"Bot {world.token}":
        raise unauthorized()


def _validate(call: Call) -> None:
    method, template = call.route.split(" ", 1)
    if call.files and call.body is None:
        return
    found = schema.problems(method, template, call.body)
    if found:
        raise invalid_form(found)


def _nowhere(world: World, call: Call) -> Answer:
    raise ApiError(404, 0, "404: Not Found (the fake knows no such route)", mistake=True)


def _response(answer: Answer, trouble: Fault | None) -> web.Response:
    """Content-Type exactly application/json: discord.py parses nothing else."""
    headers = dict(trouble.headers) if trouble else {}
    if trouble and trouble.text is not None:
        return web.Response(status=answer.status, body=trouble.text.encode(), headers=headers)
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    return web.Response(
        status=answer.status, body=json.dumps(answer.body).encode(), headers=headers | {"Content-Type": "application/json"}
    )


def _cdn(world: World) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        await world.faults.wait(routes.CDN)
        file = world.files.get(int(request.match_info["number"]))
        expires = int(request.query.get("ex", "0"), 16)
        if file is None or file.filename != request.match_info["name"] or expires < world.clock():
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.data, headers={"Content-Type": file.content_type or "application/octet-stream"})

    return serve
