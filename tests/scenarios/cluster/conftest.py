"""Several processes' worth of bots in this one, over one Postgres and one picture folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs

from bot.jobs.model import Job
from bot.wiring import Bot
from providers.base import Provider
from tests.support.bot import running_bot
from tests.support.databases import stands_for
from tests.support.wait import eventually

PHRASE = "one phrase for all processes".replace(" ", "-")


class Cluster:
    """`open` starts one process more; all of them share `settings` and providers."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.folder, self._stack = folder, stack
        self.settings: dict[str, str] = {"PUBLIC_URL": "http://127.0.0.1:1"}
        self.more: list[Provider] = []
        self.prepare: Callable[[Bot], None] | None = None
        self.bots: list[Bot] = []

    async def open(self, roles: str, **settings: str) -> Bot:
        """A process with these roles."""
        shared = {"DATABASE_URL": stands_for(self.folder), "IMAGINE_SECRET": PHRASE, "IMAGINE_ROLES": roles}
        running = running_bot(self.folder / "data", shared | self.settings | settings, more=self.more, prepare=self.prepare)
        bot = await self._stack.enter_async_context(running)
        self.bots.append(bot)
        return bot

    async def close(self) -> None:
        """All processes stop, newest first."""
        await self._stack.aclose()

    async def ended(self, job_id: str) -> Job:
        """Wait until the job's end stands in its chat."""

        async def over() -> Job | None:
            job = await self.bots[0].store.job(job_id)
            return job if job and job.told and not job.state.open else None

        found = await eventually(over, within=20.0)
        assert found is not None
        return found

    async def the_job(self) -> Job:
        """The only one."""

        async def there() -> list[Job]:
            return await self.bots[0].store.jobs([], 2)

        (job,) = await eventually(there)
        return job


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    """At its end: no error in any process's log."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    (tmp_path / "data").mkdir()
    try:
        with capture_logs() as lines:
            async with AsyncExitStack() as stack:
                yield Cluster(tmp_path, stack)
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    assert [line for line in lines if line["log_level"] in {"error", "critical"}] == []
