"""A job store that stands still at fail-points: the coroutine that comes to one says so and never goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from structlog.contextvars import get_contextvars

from bot.jobs.model import Call, Job
from storage.jobs import SqlJobStore
from tests.chaos.points import WRITES, Stop

Reached = Callable[[str, str, str], None]
"""(point, user, job id)."""


class StoppingStore:
    """Hands everything on to the real store. `plan`: user id -> where that user's job stops ("": for no job at all)."""

    def __init__(self, store: SqlJobStore, plan: Mapping[str, Stop], reached: Reached) -> None:
        self._store = store
        self._plan = plan
        self._reached = reached
        self._times: Counter[tuple[str, str]] = Counter()
        self._known: dict[str, str] = {}
        self._never = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return partial(self._write, name, method) if name in WRITES else method

    async def _write(self, name: str, method: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        job_id, user = await self._whose(name, args)
        await self._pass(f"before:{name}", user, job_id)
        result = await method(*args, **named)
        await self._pass(f"after:{name}", user, job_id)
        return result

    async def _pass(self, point: str, user: str, job_id: str) -> None:
        self._times[user, point] += 1
        if self._plan.get(user) == Stop(point, self._times[user, point]):
            self._reached(point, user, job_id)
            await self._never.wait()

    async def _whose(self, name: str, args: tuple[Any, ...]) -> tuple[str, str]:
        """Job id and user id that a write is for; `admit` is for the job whose look called it."""
        first = args[0] if args else None
        if isinstance(first, Job):
            self._known[first.id] = first.actor.user_id
            return first.id, first.actor.user_id
        if isinstance(first, Call):
            return first.job_id, await self._user(first.job_id)
        if name == "hooked":
            call = await self._store.call(str(first))
            return (call.job_id, await self._user(call.job_id)) if call else ("", "")
        job_id = first if isinstance(first, str) else str(get_contextvars().get("job", ""))
        return job_id, await self._user(job_id)

    async def _user(self, job_id: str) -> str:
        if job_id not in self._known:
            job = await self._store.job(job_id) if job_id else None
            if job is None:
                return ""
            self._known[job_id] = job.actor.user_id
        return self._known[job_id]
