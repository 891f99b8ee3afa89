"""The whole bot with its job API on loopback, and a program that speaks to it."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from bot.api import tokens
from bot.api.ports import Key
from bot.wiring import Bot
from providers.base import Provider
from storage.api.store import SqlApi
from tests.support.bot import running_bot
from tests.support.wait import eventually

ENDS = {"succeeded", "failed", "refused", "cancelled", "expired", "uncertain"}
FOX = {"prompt": "a fox"}


@dataclass
class Program:
    """One key and a client that shows it."""

    bot: Bot
    key: Key
    token: str
    http: httpx.AsyncClient

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """JSON; headers by name with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post(f"jobs{path}", json=body, headers=named)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(f"jobs{path}", params=query)

    async def accepted(self, body: Any = None, path: str = "", **headers: str) -> str:
        """The id of a job that was accepted."""
        reply = await self.post(path, body or FOX, **headers)
        assert (reply.status_code, reply.json()["status"]) == (202, "queued"), reply.text
        return str(reply.json()["job_id"])

    async def job(self, job_id: str) -> dict[str, Any]:
        reply = await self.get(f"/{job_id}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def reaches(self, job_id: str, *statuses: str) -> dict[str, Any]:
        async def there() -> dict[str, Any] | None:
            job = await self.job(job_id)
            return job if job["status"] in statuses else None

        found = await eventually(there)
        assert found is not None
        return found

    async def drawn(self, body: Any = None, path: str = "") -> dict[str, Any]:
        """A job with its pictures."""
        job = await self.reaches(await self.accepted(body, path), *ENDS)
        assert job["status"] == "succeeded", job
        return job


@dataclass
class Api:
    """A running bot."""

    bot: Bot
    clock: Clock
    clients: list[httpx.AsyncClient]

    @property
    def base(self) -> str:
        return f"{self.bot.base}/api/image/"

    @property
    def store(self) -> SqlApi:
        return SqlApi(self.bot.db)

    async def program(self, **facts: Any) -> Program:
        """With a key of its own."""
        key_id, token = tokens.new_token()
        key = replace(Key(key_id, "Robot", tokens.digest_of(token), time.time(), per_minute=6000), **facts)
        await self.store.add_key(key)
        return self.again(key, token)

    def again(self, key: Key, token: str) -> Program:
        """The same program at this bot (after a restart)."""
        http = httpx.AsyncClient(base_url=self.base, headers={"authorization": f"Bearer {token}"}, timeout=10.0)
        self.clients.append(http)
        return Program(self.bot, key, token, http)


class Clock:
    """Real time plus what the test adds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@asynccontextmanager
async def open_api(
    folder: Path,
    settings: Mapping[str, str] | None = None,
    *,
    more: Sequence[Provider] = (),
    prepare: Callable[[Bot], None] | None = None,
) -> AsyncIterator[Api]:
    """Start, run, stop; the same folder again is a restart."""
    clock = Clock()
    async with running_bot(folder, settings or {}, more=more, clock=clock, prepare=prepare) as bot:
        api = Api(bot, clock, [])
        try:
            yield api
        finally:
            for http in api.clients:
                await http.aclose()


def problem(reply: httpx.Response) -> tuple[int, str]:
    """Status and code of problem details, which are whole."""
    assert reply.headers["content-type"] == "application/problem+json", (reply.headers, reply.text)
    said = reply.json()
    assert {"type", "title", "status", "code", "detail"} <= set(said)
    assert said["status"] == reply.status_code
    assert said["type"] == f"urn:imagine-bot:problem:{said['code']}"
    assert said["detail"]
    return reply.status_code, said["code"]


async def events(reply: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Name and data of each server-sent event."""
    name = ""
    async for line in reply.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
