"""One bot, a vendor of its own for every row, and people at the playground who draw all at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.jobs.house import Timing
from bot.jobs.ports import Clock
from bot.wiring import Bot
from providers.fake import FakeVendor, capabilities_of
from providers.fetch import GuardedFetcher
from tests.chaos import books
from tests.chaos.books import Row as Record
from tests.chaos.books import ended
from tests.chaos.people import People
from tests.fakes.vendor.server import Vendor, serve
from tests.faults.provider_rows import QUIET, Row
from tests.support.bot import running_bot
from tests.support.ports import free_port

SHORT, AMPLE = 0.5, 20.0
"""Seconds that a request may take: where the vendor never answers, and where it does, however busy the machine."""
PAUSE = 0.15
"""Seconds between two looks at all jobs: the whole database is read each time."""
TIMING = Timing(webhook_grace=2.5, backoff_first=0.05, backoff_cap=0.2)
SETTINGS = {
    "IMAGINE_PLAYGROUND": "on",
    "IMAGINE_USER_RUNNING": "100",
    "IMAGINE_RUNNING": "200",
}


@dataclass
class Seen:
    """What became of a row: its job, what its message shows, seconds from the command to the end of the message."""

    job: Record
    card: dict[str, Any]
    seconds: float
    units: int
    paid: int

    @property
    def words(self) -> str:
        """All that the person reads."""
        return " ".join([self.card["status"], *self.card["lines"]])


@dataclass
class Market:
    """`vendors` by the row's name."""

    bot: Bot
    folder: Path
    people: People
    client: httpx.AsyncClient
    vendors: dict[str, Vendor] = field(default_factory=dict)
    begun: dict[str, float] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)

    async def begin(self, row: Row) -> str:
        """A person, named as the row, asks the row's provider; the job's id."""
        self.begun[row.name] = time.monotonic()
        self.jobs[row.name] = await self.people.imagine(row.name, f"a red fox --provider {row.name}")
        return self.jobs[row.name]

    async def until(self, true: Callable[[Record], bool], names: Sequence[str], within: float) -> dict[str, float]:
        """Wait until the jobs of these rows are so; seconds that each took. Those that are never so are left out."""
        took: dict[str, float] = {}
        end = time.monotonic() + within
        while len(took) < len(names) and time.monotonic() < end:
            found = books.read(self.folder).jobs
            so = [name for name in names if name not in took and true(found[self.jobs[name]])]
            took |= {name: time.monotonic() - self.begun[name] for name in so}
            await asyncio.sleep(PAUSE)
        return took

    async def ends(self, rows: Sequence[Row], within: float) -> dict[str, Seen]:
        """Wait for the ends of these rows' jobs; what became of each."""
        took = await self.until(ended, [row.name for row in rows], within)
        messages = await self.people.messages()
        found = books.read(self.folder)
        seen = {}
        for row in rows:
            job = found.jobs[self.jobs[row.name]]
            units = sum(line["units"] for line in found.ledger if line["job_id"] == job["id"])
            paid = 0 if row.dead else self.vendors[row.name].book.keys.total()
            seen[row.name] = Seen(job, messages[job["id"]]["card"], took.get(row.name, within), units, paid)
        return seen

    @property
    def bill(self) -> dict[str, int]:
        """Calls by our key, of all vendors."""
        return {key: times for vendor in self.vendors.values() for key, times in vendor.book.keys.items()}


def _provider(row: Row, base: str, client: httpx.AsyncClient) -> FakeVendor:
    facts = {"name": row.name, "label": row.name, "webhook": row.hooks, "deadline": row.deadline, "poll_first": row.poll}
    able = replace(capabilities_of(row.mode, lookup=row.lookup), **facts)  # type: ignore[arg-type]  # a dict of several types
    send = SHORT if row.script.get("hang") else AMPLE
    read = SHORT if row.script.get("status_fault") == "hang" else AMPLE
    return FakeVendor(base, client, mode=row.mode, send_seconds=send, read_seconds=read, capabilities=able)


class Downloads:
    """The guarded fetcher, with little patience for the hosts of vendors that never send the rest."""

    def __init__(self, stalling: frozenset[str]) -> None:
        self._stalling = stalling
        self._patient, self._hurried = GuardedFetcher(timeout=AMPLE), GuardedFetcher(timeout=SHORT)

    async def fetch(self, url: str, *, limit: int, headers: Mapping[str, str] | None = None, trusted: str = "") -> bytes:
        one = self._hurried if trusted in self._stalling else self._patient
        return await one.fetch(url, limit=limit, headers=headers, trusted=trusted)


@asynccontextmanager
async def market(folder: Path, rows: Sequence[Row], clock: Clock = time.time) -> AsyncIterator[Market]:
    """Start the vendors, told what to do, then the bot, with an address for webhooks."""
    port = free_port()
    async with AsyncExitStack() as stack:
        limits = httpx.Limits(max_connections=None)
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, limits=limits, timeout=30))
        vendors: dict[str, Vendor] = {}
        providers, hosts = [], {}
        for row in rows:
            base = f"http://127.0.0.1:{free_port()}"
            if not row.dead:
                vendors[row.name] = await stack.enter_async_context(serve())
                base = vendors[row.name].base
                (await client.post(f"{base}/script", json=QUIET | row.script)).raise_for_status()
            providers.append(_provider(row, base, client))
            hosts[row.name] = urlsplit(base).netloc
        stalling = frozenset(hosts[row.name] for row in rows if row.script.get("picture") == "stall")

        def hurried(bot: Bot) -> None:
            """Short patience; each provider keeps its own pace of polling."""
            bot.house.timing, bot.house.downloads = TIMING, Downloads(stalling)

        settings = SETTINGS | {"HTTP_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        bot = await stack.enter_async_context(
            running_bot(folder, settings, more=providers, hosts=hosts, clock=clock, prepare=hurried)
        )
        yield Market(bot, folder, People(client, bot.url.rstrip("/")), client, vendors)
