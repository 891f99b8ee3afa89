"""Store, engine and core in one process with nothing outside: chat, provider and pixels in memory cost next to nothing.

`python -m tests.bench.engine_alone DATABASE_URL RATE SECONDS PROVIDER_SECONDS` draws so many jobs a second and prints one
JSON line, an `Outcome`. A database that stands there already is used as it is: everything is asked for where its first job
was, every second time by the user of that job.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from math import inf

import structlog
from sqlalchemy import select

from bot.engine.distributed import DistributedEngine
from bot.engine.embedded import EmbeddedEngine
from bot.imaging.pool import PixelPool
from bot.jobs.acceptance import Caps
from bot.jobs.advance import Advancer
from bot.jobs.asks import Ask, Imagine, Placeholder
from bot.jobs.hooks import Hooks
from bot.jobs.house import House
from bot.jobs.leases import Leases
from bot.jobs.model import new_id
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.ports import Advance, Clock
from bot.jobs.progress import ProgressEditor
from bot.jobs.service import Service
from bot.policy.community import Budget, Community
from bot.policy.records import Entry, What
from bot.wiring.engines import SHARED_LEASE, ProcessEngine
from bot.wiring.stores import database_at
from providers.fetch import GuardedFetcher
from providers.registry import Registry
from storage.db import Database
from storage.jobs import SqlJobStore
from storage.leases import LeaseKeeping
from storage.migrate import upgrade
from storage.policy.store import SqlPolicy
from storage.postgres import is_postgres
from storage.rows import read_job
from storage.settings import SqlSettings
from storage.tables import jobs
from tests.bench.engine_parts import Blank, Instant, Noting
from tests.fakes.chat import FakeChat
from tests.fakes.links import FakeLinks
from tests.fakes.pictures import MemoryPictures

NOBODY = Actor(Platform.PLAYGROUND, "first", "First")
HALL = Place(Platform.PLAYGROUND, "hall", community_id="guild")
WIDE = Caps(10**9, 10**6, 10**6, 400)
LIMITED = Community(budget=Budget(10**9, 10**9, 10**15, 10**15))
"""Its sums are read at each acceptance."""
LAST_SECONDS = 120.0
"""Who has not ended by then has not ended."""


@dataclass
class Outcome:
    """Milliseconds. `asked`: from each command to its acceptance; `cpu`: of the process, per job.

    `added`: from each acceptance to the job's end in the store, less the provider's time.
    """

    asked: list[float] = field(default_factory=list)
    added: list[float] = field(default_factory=list)
    cpu: float = 0.0


@dataclass
class Bare:
    """What runs."""

    service: Service
    store: Noting
    provider: Instant
    heavy: Actor
    place: Place

    def user(self, number: int) -> Actor:
        """Every second time the one with the long history."""
        return replace(self.heavy, user_id=f"user-{number}", name=f"User {number}") if number % 2 else self.heavy

    async def job(self, user: Actor, outcome: Outcome) -> None:
        """One, to its end."""
        begun = time.monotonic()
        answer = await self.service.imagine(Imagine(Ask(user, self.place, new_id()), "a lighthouse at dusk", {}))
        accepted = time.monotonic()
        assert isinstance(answer, Placeholder), answer
        outcome.asked.append((accepted - begun) * 1000)
        try:
            ended, at = await asyncio.wait_for(self.store.end_of(answer.job_id), LAST_SECONDS)
        except TimeoutError:  # so it is told, and does not hide what became of the others
            outcome.added.append(inf)
        else:
            outcome.added.append((at - accepted - self.provider.took[ended.pictures[0].call_id]) * 1000)


@asynccontextmanager
async def bare(database: str, seconds: float) -> AsyncIterator[Bare]:
    """As wiring builds it, but for what is outside."""
    db, pool, clock = database_at(database), PixelPool(), time.time
    await upgrade(db)
    store, provider, chat = Noting(SqlJobStore(db, "secret")), Instant(seconds), FakeChat()
    heavy, place = await _first(db)
    house = House(
        store=store, settings=SqlSettings(db), policy=SqlPolicy(db, clock, "secret"), chats=dict.fromkeys(Platform, chat),
        providers=Registry([provider]), pictures=MemoryPictures(), imaging=Blank(), links=FakeLinks(),
        fetcher=GuardedFetcher(), downloads=GuardedFetcher(), engine=None, clock=clock, caps=WIDE,  # type: ignore[arg-type]  # follows
        webhook_url=lambda _name, call: f"http://bot/{call}",
    )  # fmt: skip
    if is_postgres(database):
        house.timing, house.progress = replace(house.timing, lease=SHARED_LEASE), ProgressEditor(shared=True)
    await house.policy.save_community(place.community, LIMITED, Entry(place.community, What.SETTING))
    leases = Leases(LeaseKeeping(database_at(database)), clock, house.timing.lease)
    engine = house.engine = _engine(database, Advancer(house, leases), store, leases, clock)
    provider.hooks = Hooks(house, lambda *_: True)
    await engine.start()
    try:
        yield Bare(Service(house), store, provider, heavy, place)
    finally:
        await engine.stop(1.0)
        await house.progress.close()
        pool.close()
        await db.close()


def _engine(database: str, advance: Advance, store: Noting, leases: Leases, clock: Clock) -> ProcessEngine:
    """The one that wiring would take."""
    if not is_postgres(database):
        return EmbeddedEngine(advance, store.due, clock, lock_path=None)
    leases.start()
    return DistributedEngine(database, advance, LeaseKeeping(database_at(database)).left, clock)


async def _first(db: Database) -> tuple[Actor, Place]:
    """Who asked for the oldest job, and where."""
    async with db.read() as connection:
        row = (await connection.execute(select(jobs).order_by(jobs.c.created_at).limit(1))).mappings().first()
    if row is None:
        return NOBODY, HALL
    job = read_job(row)
    return job.actor, job.place


async def main(database: str, rate: float, seconds: float, provider_seconds: float) -> Outcome:
    """The first jobs, before the house is full, count as well; one job before them all does not."""
    async with bare(database, provider_seconds) as running:
        await running.job(running.heavy, Outcome())
        gc.collect()
        gc.freeze()  # as the bot does after its start
        outcome, begun, cpu = Outcome(), time.monotonic(), time.process_time()
        async with asyncio.TaskGroup() as going:
            for number in range(max(1, int(rate * seconds))):
                await asyncio.sleep(begun + number / rate - time.monotonic())
                going.create_task(running.job(running.user(number), outcome))
        outcome.cpu = (time.process_time() - cpu) * 1000 / len(outcome.added)
    return outcome


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    found = asyncio.run(main(sys.argv[1], *map(float, sys.argv[2:5])))
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
