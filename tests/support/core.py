"""A whole core for tests: real store, real engine, real pixels, fake chat, scripted providers."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.engine.embedded import EmbeddedEngine
from bot.imaging.imaging import PillowImaging
from bot.imaging.pool import PixelPool
from bot.jobs.acceptance import Caps
from bot.jobs.advance import Advancer
from bot.jobs.asks import Answer, Ask, Imagine, Placeholder, Press
from bot.jobs.house import House, Timing, Tries
from bot.jobs.model import Job, JobState
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.service import Service
from bot.policy.moderation import Moderation
from providers.base import Provider
from providers.capabilities import Capabilities
from providers.fetch import GuardedFetcher
from providers.lanczos import Lanczos
from providers.registry import Registry
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from storage.settings import SqlSettings
from tests.fakes.chat import FakeChat
from tests.fakes.links import FakeLinks
from tests.fakes.pictures import MemoryPictures
from tests.fakes.provider import ScriptedProvider
from tests.support.databases import opened
from tests.support.wait import eventually

ALL = frozenset({"ratio", "seed", "negative", "stylize", "chaos", "speed"})
ASYNC = Capabilities("fake", "the fake", asynchronous=True, per_call=4, webhook=True, upscale=True, variation=True,
                     cancel=True, progress=True, honours=ALL, image_input=True, price=10_000, poll_cap=0.05,
                     upscale_price=5_000)  # fmt: skip
CAPS = Caps(daily=100, user_running=3, user_waiting=10, running=50)
FAST = Timing(
    lease=60.0, front=30.0, queue_refresh=30.0, webhook_grace=0.3, poll_first=0.02, backoff_first=0.01, backoff_cap=0.05
)


class Clock:
    """Real time plus what the test adds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Core:
    """What a test holds in its hands."""

    house: House
    service: Service
    engine: EmbeddedEngine
    chat: FakeChat
    store: SqlJobStore
    db: Database
    clock: Clock
    pictures: MemoryPictures
    provider: ScriptedProvider
    place: Place = Place(Platform.PLAYGROUND, "hall", community_id="guild")
    _keys: itertools.count[int] = itertools.count()

    def ask(self, user: str = "ann", *, moderator: bool = False, answers: bool = False, key: str = "") -> Ask:
        """Somebody asks in the hall. A moderator here may also change the settings."""
        actor = Actor(Platform.PLAYGROUND, user, user.title(), moderator=moderator, admin=moderator)
        return Ask(actor, self.place, key or f"key-{next(self._keys)}", answers=answers)

    async def imagine(self, text: str, user: str = "ann", **options: str) -> Answer:
        """`/imagine` by a user."""
        return await self.service.imagine(Imagine(self.ask(user), text, options))

    async def accepted(self, text: str = "a fox", user: str = "ann", **options: str) -> str:
        """The id of a job that was accepted."""
        answer = await self.imagine(text, user, **options)
        assert isinstance(answer, Placeholder), answer
        return answer.job_id

    async def press(self, control: str, user: str = "ann", *, moderator: bool = False) -> Answer:
        """A button."""
        return await self.service.press(Press(self.ask(user, moderator=moderator), control))

    async def job(self, job_id: str) -> Job:
        """The row."""
        job = await self.store.job(job_id)
        assert job is not None
        return job

    async def reaches(self, job_id: str, state: JobState) -> Job:
        """Wait for a state of the row."""

        async def there() -> Job | None:
            job = await self.job(job_id)
            return job if job.state is state else None

        found = await eventually(there)
        assert found is not None
        return found

    async def ended(self, job_id: str) -> Job:
        """Wait until the chat has been told the job's end."""

        async def over() -> Job | None:
            job = await self.job(job_id)
            return job if job.told and not job.state.open else None

        found = await eventually(over, within=30.0)
        assert found is not None
        return found

    async def drawn(self, text: str = "a fox", user: str = "ann", **options: str) -> Job:
        """A delivered job."""
        job = await self.ended(await self.accepted(text, user, **options))
        assert job.state is JobState.DELIVERED, (job.state, job.reason, job.detail)
        return job


@asynccontextmanager
async def running_core(
    folder: Path,
    *,
    capabilities: Capabilities = ASYNC,
    more: Sequence[Provider] = (),
    caps: Caps = CAPS,
    timing: Timing = FAST,
    tries: Tries = Tries(submit=3, fetch=2, chat=4),
    public: bool = True,
    started: bool = True,
    provider: ScriptedProvider | None = None,
    chat: FakeChat | None = None,
    pictures: MemoryPictures | None = None,
    moderation: Moderation | None = None,
) -> AsyncIterator[Core]:
    """Open, run, close. The same folder, chat, pictures and provider again = a restart."""
    db, clock, pool = await opened(folder), Clock(), PixelPool()
    store = SqlJobStore(db, "secret")
    await store.clear_leases()
    provider = provider or ScriptedProvider(capabilities)
    chat, pictures = chat or FakeChat(), pictures or MemoryPictures()
    house = House(
        store=store, settings=SqlSettings(db), policy=SqlPolicy(db, clock, "secret"), chats={Platform.PLAYGROUND: chat},
        providers=Registry([provider, *more, Lanczos(pool.run)]), pictures=pictures, links=FakeLinks(),
        imaging=PillowImaging(pool),
        fetcher=GuardedFetcher(), downloads=GuardedFetcher(), engine=None, clock=clock, caps=caps,  # type: ignore[arg-type]
        webhook_url=lambda name, call: f"http://bot/webhooks/{name}/{call}" if public else None,
        timing=timing, tries=tries, moderation=moderation,
    )  # fmt: skip
    engine = EmbeddedEngine(Advancer(house), store.due, clock, lock_path=None, tick=0.05)
    house.engine = engine
    core = Core(house, Service(house), engine, chat, store, db, clock, pictures, provider)
    if started:
        await engine.start()
    try:
        yield core
    finally:
        await engine.stop(1.0)
        await house.progress.close()
        pool.close()
        await db.close()
