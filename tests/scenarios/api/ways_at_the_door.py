"""How the door comes to refuse a request: keys, bodies, methods, and a house that is in trouble."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from bot.api.ports import Scope
from bot.errors import StoreUnavailable
from tests.support.api import FOX, Api, Program, problem

BODY_SECONDS = 0.5
ALLOWED = {
    "jobs": "GET, POST",
    "jobs/x": "GET",
    "jobs/x/cancel": "POST",
    "jobs/x/events": "GET",
    "docs": "GET",
    "docs/assets/x": "GET, HEAD",
    "openapi.json": "GET, HEAD",
}
"""Methods of each address; the web server's own routes answer HEAD, too."""


async def no_key(api: Api, program: Program) -> httpx.Response:
    reply = await program.http.post("jobs", json=FOX, headers={"authorization": ""})
    assert reply.headers["www-authenticate"] == 'Bearer realm="imagine-bot"'
    return reply


async def bad_key(api: Api, program: Program) -> httpx.Response:
    wrong = program.token[:-1] + ("0" if program.token[-1] != "0" else "1")
    for token in ("imk_", "x", wrong, "\u00e9".encode("latin-1").decode("latin-1")):
        named = {"authorization": f"Bearer {token}".encode("latin-1")}
        reply = await program.http.post("jobs", json=FOX, headers=named)  # type: ignore[arg-type]
        assert problem(reply) == (401, "key_invalid"), token
    return reply


async def scope(api: Api, program: Program) -> httpx.Response:
    reader = await api.program(scopes=(Scope.READ,))
    assert (await reader.get("")).status_code == 200
    writer = await api.program(scopes=(Scope.DRAW,))
    await writer.accepted()
    assert problem(await writer.get("")) == (403, "scope")
    for path in ("/x/cancel", "/x/upscale", "/x/variation"):
        assert problem(await reader.post(path, {"index": 1})) == (403, "scope")
    return await reader.post("", FOX)


async def rate(api: Api, program: Program) -> httpx.Response:
    slow = await api.program(per_minute=2)
    left = [(await slow.get("")).headers["ratelimit-remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    reply = await slow.get("")
    assert (reply.headers["ratelimit-limit"], reply.headers["ratelimit-remaining"]) == ("2", "0")
    assert 1 <= int(reply.headers["retry-after"]) <= 30
    assert 1 <= int(reply.headers["ratelimit-reset"]) <= 60
    return reply


async def conflict(api: Api, program: Program) -> httpx.Response:
    await program.accepted(idempotency_key="one")
    return await program.post("", {"prompt": "a hare"}, idempotency_key="one")


async def method(api: Api, program: Program) -> httpx.Response:
    for path, allowed in ALLOWED.items():
        reply = await program.http.patch(path, json=FOX)
        assert (problem(reply), reply.headers["allow"]) == ((405, "method"), allowed), path
    return reply


async def large(api: Api, program: Program) -> httpx.Response:
    async def pieces() -> Any:
        for _ in range(20):
            yield b" " * 8192

    streamed = await program.http.post("jobs", content=pieces(), headers={"content-type": "application/json"})
    assert problem(streamed) == (413, "too_large")
    return await program.post("", {"prompt": "x" * 70_000})


async def slow(api: Api, program: Program) -> httpx.Response:
    """By hand: a client library would go on sending and miss the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", api.bot.web.port)
    head = f"POST /api/image/jobs HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {program.token}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
    said = (await reader.read()).decode()
    writer.close()
    head, _, body = said.partition("\r\n\r\n")
    lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return httpx.Response(int(lines[0].split()[1]), headers=headers, text=body)


async def _failing(api: Api, program: Program, error: Exception) -> httpx.Response:
    """The answer to a question at which the store raises that."""

    async def broken(*_: object) -> None:
        raise error

    front: Any = api.bot.fronts
    asking = front["api"].asking
    kept, asking._store.job = asking._store.job, broken
    reply = await program.get("/0123456789abcdef0123")
    asking._store.job = kept
    return reply


async def store(api: Api, program: Program) -> httpx.Response:
    reply = await _failing(api, program, StoreUnavailable("the disk is full"))
    assert int(reply.headers["retry-after"]) == 60
    return reply


async def trouble(api: Api, program: Program) -> httpx.Response:
    reply = await _failing(api, program, ValueError("boom"))
    assert "boom" not in reply.text
    return reply


async def door(api: Api, program: Program, *, starting: bool) -> httpx.Response:
    front: Any = api.bot.fronts
    door = front["api"]._door
    core = door._core
    door._core, door.stopping = (None, False) if starting else (core, True)
    reply = await program.post("", FOX)
    assert (await program.get("")).status_code == 200
    door._core, door.stopping = core, False
    return reply


async def streams(api: Api, program: Program) -> httpx.Response:
    front: Any = api.bot.fronts
    front["api"].events._open[program.key.id] = 20
    reply = await program.get(f"/{await program.accepted()}/events")
    front["api"].events._open.clear()
    return reply
