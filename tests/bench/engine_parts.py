"""What stands in for the outside where the engine is measured alone: a provider, pixels, and a store that tells of ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.jobs.hooks import Hooks
from bot.jobs.model import Job
from bot.jobs.ports import Composed, Series
from providers.base import Drawn, DrawRequest, Health, Stage, Status, Submitted
from providers.capabilities import Capabilities
from providers.limits import Limits
from storage.jobs import SqlJobStore

KIND = Capabilities("instant", "Instant", asynchronous=True, per_call=4, webhook=True, price=10_000)


@dataclass
class Instant:
    """A provider that needs `seconds` and then tells by webhook."""

    seconds: float
    hooks: Hooks | None = None
    took: dict[str, float] = field(default_factory=dict)
    capabilities: Capabilities = KIND

    async def submit(self, _request: DrawRequest, key: str, webhook_url: str | None) -> Submitted:
        asyncio.get_running_loop().call_later(self.seconds, self._tell, key, time.monotonic())
        return Submitted(key)

    def _tell(self, key: str, begun: float) -> None:
        self.took[key] = time.monotonic() - begun
        assert self.hooks is not None
        telling = asyncio.create_task(self.hooks(KIND.name, key, "", {}, b""))
        telling.add_done_callback(lambda done: done.result())

    async def status(self, ref: str) -> Status:
        if ref not in self.took:
            return Status(Stage.RUNNING)
        return Status(Stage.DONE, pictures=tuple(Drawn(data=b"picture", seed=n) for n in range(4)))

    async def lookup(self, key: str) -> Submitted | None:
        return Submitted(key)

    async def cancel(self, _ref: str) -> bool:
        return False

    def read_webhook(self, _headers: Mapping[str, str], _body: bytes) -> str:
        return ""

    async def check(self) -> Health:
        return Health(ok=True, sentence="")


class Blank:
    """Imaging that looks at no pixel."""

    async def check(self, data: bytes) -> Composed:
        return Composed(data, "image/jpeg", 64, 64)

    async def sheet(self, tiles: Sequence[bytes], limit: int) -> tuple[Sequence[Composed], Composed]:
        return [await self.check(tile) for tile in tiles], await self.grid(tiles, limit)

    async def grid(self, tiles: Sequence[bytes], _limit: int) -> Composed:
        return Composed(tiles[0], "image/jpeg", 64, 64)

    async def fit(self, data: bytes, _limit: int, _formats: frozenset[str]) -> Composed:
        return Composed(data, "image/jpeg", 64, 64)

    async def bound(self, data: bytes, _limits: Limits) -> Composed:
        return await self.check(data)

    async def chart(self, _series: Sequence[Series]) -> Composed:
        raise NotImplementedError


class Noting:
    """A store that tells when a job has come to its end."""

    def __init__(self, inner: SqlJobStore) -> None:
        self._inner = inner
        self._ends: dict[str, asyncio.Future[tuple[Job, float]]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def end(self, job: Job, *given: Any, **more: Any) -> Job:
        ended = await self._inner.end(job, *given, **more)
        if not (end := self.end_of(job.id)).done():
            end.set_result((ended, time.monotonic()))
        return ended

    def end_of(self, job_id: str) -> asyncio.Future[tuple[Job, float]]:
        return self._ends.setdefault(job_id, asyncio.get_running_loop().create_future())
