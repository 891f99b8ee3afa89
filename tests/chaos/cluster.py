"""Several processes over one Postgres: one is killed in the middle of many jobs, the others are restarted one by one."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import books
from tests.chaos.books import ended
from tests.chaos.ground import ground
from tests.chaos.lives import Den, Life
from tests.chaos.people import People
from tests.chaos.recovery import Verdict, judge, press_old_buttons, wait_for_ends
from tests.chaos.stage import playing
from tests.chaos.waits import comes_true, moment
from tests.fakes.vendor.control import Control
from tests.support import postgres

SLOW = {"answer_delay": 0.5, "seconds": 1.0}
PROVIDERS = ("fake-async", "fake-blocking", "fake-single")
BEYOND_SECONDS = 2.0
"""A killed process's jobs are taken up so long after its leases have ended, at the latest."""


@dataclass
class Cluster:
    """One process for the browser, two that work. `lease`: seconds; `jobs` people, each with one job.

    `strict`: also the web process is restarted, and seconds count, which a busy machine has none of.
    """

    den: Den
    people: People
    vendor: Control
    jobs: int
    lease: float
    strict: bool = True
    faults: list[str] = field(default_factory=list)

    async def asking(self) -> None:
        """Everybody types at once."""
        lines = (f"a fleet at sea --provider {PROVIDERS[n % 3]}" for n in range(self.jobs))
        await asyncio.gather(*(self.people.imagine(f"u{n}", line) for n, line in enumerate(lines)))

    async def run(self) -> Verdict:
        """A worker is killed while vendors draw; another comes; then everything that is left is stopped, one by one."""
        await self.vendor.script(**SLOW)
        verdict = Verdict(
            f"3 processes on Postgres, look-up {'on' if self.den.lookup else 'off'}: "
            f"a worker killed among {self.jobs} jobs, the others restarted",
            4,
        )
        async with AsyncExitStack() as stack:
            web = await self._life(stack, "web")
            killed, stopped = await asyncio.gather(self._life(stack, "worker"), self._life(stack, "worker"))
            self.people.base = web.url
            async with playing([self.asking()]):
                await moment(self._in_full_swing)
                await killed.kill()
                at = time.monotonic()
                late = self._take_over(killed.lease, at)
                last, seconds = await asyncio.gather(self._life(stack, "worker"), late)
                await self._hands_over(stopped)
                if self.strict:
                    await self._hands_over(web)
                    self.people.base = (await self._life(stack, "web")).url
            await self.people.send_again()
            await wait_for_ends(self.den.database, last)
            verdict.seconds, verdict.back = time.monotonic() - at, seconds
            self.faults += await press_old_buttons(self.den.database, self.people)
            await wait_for_ends(self.den.database, last)
            await judge(verdict, self.den.database, self.people, self.vendor)
        verdict.others = self.faults + self._odd_ends(verdict.books)
        return verdict

    async def _life(self, stack: AsyncExitStack, *roles: str) -> Life:
        self.den.roles = ",".join(roles)
        return await stack.enter_async_context(self.den.life())

    async def _in_full_swing(self) -> bool:
        """Half of the jobs are paid, and both workers hold some."""
        holders = {job["lease"] for job in books.read(self.den.database).jobs.values()} - {""}
        return len(holders) > 1 and bool((await self.vendor.counts())["total"] >= self.jobs // 2)

    async def _take_over(self, lease: str, since: float) -> float:
        """Seconds after the kill until nothing stands under the dead process's lease any more."""

        async def free() -> bool:
            return all(job["lease"] != lease for job in books.read(self.den.database).jobs.values())

        if not await comes_true(free, self.lease + 60.0):
            self.faults.append("jobs of the killed process are still held by it")
        seconds = time.monotonic() - since
        if self.strict and seconds > self.lease + BEYOND_SECONDS:
            self.faults.append(f"a killed process's jobs were free after {seconds:.1f} s, its leases after {self.lease:.0f}")
        return seconds

    async def _hands_over(self, life: Life) -> None:
        """SIGTERM: it ends by itself and leaves nothing that others would have to wait for."""
        life.signal(signal.SIGTERM)
        async with asyncio.timeout(60.0):
            code = await life.process.wait()
        held = [job["id"] for job in books.read(self.den.database).jobs.values() if job["lease"] == life.lease]
        if code or held:
            self.faults.append(f"a stopped process ended with {code} and left {held}")

    def _odd_ends(self, found: books.Books) -> list[str]:
        """Everything is drawn, but for answers that were really lost."""
        odd = []
        for job in found.jobs.values():
            unknown = any(call["state"] == "unknown" for call in found.calls_of(job["id"]))
            blind = not self.den.lookup or job["provider"] == "fake-blocking"
            if job["state"] != "delivered" and not (job["state"] == "uncertain" and unknown and blind):
                odd.append(f"{job['id']} ended as {job['state']} ({job['reason']}: {job['detail']})")
        if not any(map(ended, found.jobs.values())):
            odd.append("no job has ended")
        return odd


async def cluster(folder: Path, *, jobs: int, lease: float, lookup: bool = True, strict: bool = True) -> Verdict:
    """One run in `folder` and a database of its own."""
    async with on_server(folder, lease=lease, lookup=lookup) as (den, people, vendor):
        return await Cluster(den, people, vendor, jobs, lease, strict).run()


@asynccontextmanager
async def on_server(folder: Path, *, lease: float, lookup: bool) -> AsyncIterator[tuple[Den, People, Control]]:
    """Where processes share a database, a picture folder and the address of webhooks."""
    async with ground(folder, lookup=lookup) as (den, people, vendor):
        den.database = postgres.create(f"chaos_{folder.name.replace('-', '_')}_{time.time_ns()}")
        den.lease = lease
        yield den, people, vendor
