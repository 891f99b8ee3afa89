"""Stores that stand still at fail-points: the coroutine that comes to one says so and never goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from structlog.contextvars import get_contextvars

from bot.jobs.model import Call, Job
from bot.policy.records import Entry, Report
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from tests.chaos.points import JOB_WRITES, POLICY_WRITES, Stop

Reached = Callable[[str, str, str], None]
"""(point, user, job id)."""


class Stops:
    """`plan`: user id -> where that user's job stops ("": for no job at all)."""

    def __init__(self, plan: Mapping[str, Stop], reached: Reached) -> None:
        self._plan = plan
        self._reached = reached
        self._times: Counter[tuple[str, str]] = Counter()
        self._never = asyncio.Event()

    async def around(self, name: str, job_id: str, user: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """The write between its two points."""
        await self._pass(f"before:{name}", user, job_id)
        result = await work()
        await self._pass(f"after:{name}", user, job_id)
        return result

    async def _pass(self, point: str, user: str, job_id: str) -> None:
        self._times[user, point] += 1
        if self._plan.get(user) == Stop(point, self._times[user, point]):
            self._reached(point, user, job_id)
            await self._never.wait()


class StoppingStore:
    """Hands everything on to the real job store."""

    def __init__(self, store: SqlJobStore, stops: Stops) -> None:
        self._store = store
        self._stops = stops
        self._known: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        return partial(self._write, name, method) if name in JOB_WRITES else method

    async def user(self, job_id: str) -> str:
        """Whose job it is (an erased user's, too, if it was asked before); "" for none."""
        if job_id not in self._known:
            job = await self._store.job(job_id) if job_id else None
            if job is None:
                return ""
            self._known[job_id] = job.actor.user_id
        return self._known[job_id]

    async def _write(self, name: str, method: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        job_id, user = await self._whose(name, args)
        return await self._stops.around(name, job_id, user, partial(method, *args, **named))

    async def _whose(self, name: str, args: tuple[Any, ...]) -> tuple[str, str]:
        """Job id and user id that a write is for; `admit` is for the job whose look called it."""
        first = args[0] if args else None
        if isinstance(first, Job):
            self._known[first.id] = first.actor.user_id
            return first.id, first.actor.user_id
        if isinstance(first, Call):
            return first.job_id, await self.user(first.job_id)
        if name == "hooked":
            call = await self._store.call(str(first))
            return (call.job_id, await self.user(call.job_id)) if call else ("", "")
        job_id = first if isinstance(first, str) else str(get_contextvars().get("job", ""))
        return job_id, await self.user(job_id)


class StoppingPolicy:
    """Hands everything on to the real policy store; `jobs` knows whose a job is."""

    def __init__(self, policy: SqlPolicy, jobs: StoppingStore, stops: Stops) -> None:
        self._policy = policy
        self._jobs = jobs
        self._stops = stops

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._policy, name)
        return partial(self._write, name, method) if name in POLICY_WRITES else method

    async def _write(self, name: str, method: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        job_id = await self._job(name, args)
        user = str(args[0]).rpartition(":")[2] if name == "erase" else await self._jobs.user(job_id)
        return await self._stops.around(name, job_id, user, partial(method, *args, **named))

    async def _job(self, name: str, args: tuple[Any, ...]) -> str:
        """The job that a write is about; "" for none."""
        first = args[0]
        if isinstance(first, (Entry, Report)):
            return first.job_id
        if name in {"decide", "posted"}:
            review = await self._policy.review(first if name == "decide" else first.subject)
            return review.job_id if review and (name == "decide" or first.kind == "review") else ""
        return {"ask": str(args[1]) if len(args) > 1 else "", "close": str(first)}.get(name, "")
