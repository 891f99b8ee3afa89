"""Many jobs in flight at a vendor that answers late, and a process that is killed twice in a row at a bad moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos import books
from tests.chaos.books import ended
from tests.chaos.ground import ground
from tests.chaos.lives import Den
from tests.chaos.people import People
from tests.chaos.recovery import Verdict, judge, press_old_buttons, wait_for_ends
from tests.chaos.stage import playing
from tests.chaos.waits import moment
from tests.fakes.vendor.control import Control

LATE = {"answer_delay": 2.0, "seconds": 1.0}
PROVIDERS = ("fake-async", "fake-blocking", "fake-single")


@dataclass
class Flood:
    """`jobs` people, each with one job."""

    den: Den
    people: People
    vendor: Control
    jobs: int

    async def asking(self) -> None:
        """Everybody types at once."""
        lines = (f"a fleet at sea --provider {PROVIDERS[n % 3]}" for n in range(self.jobs))
        await asyncio.gather(*(self.people.imagine(f"u{n}", line) for n, line in enumerate(lines)))

    async def paid(self) -> bool:
        """Half of the jobs have been taken by the vendor, which has not answered yet."""
        return bool((await self.vendor.counts())["total"] >= self.jobs // 2)

    async def running(self) -> bool:
        """A third of the jobs wait for their pictures."""
        states = [job["state"] for job in books.read(self.den.books).jobs.values()]
        return states.count("running") + states.count("finished") + states.count("stored") >= self.jobs // 3

    async def delivering(self) -> bool:
        """A few have ended, the others are about to."""
        return sum(map(ended, books.read(self.den.books).jobs.values())) >= self.jobs // 10

    async def run(self, when: str) -> Verdict:
        """First life until that moment, second life until a few more have ended, last life."""
        moments = {"paid": self.paid, "running": self.running, "delivering": self.delivering}
        await self.vendor.script(**LATE)
        verdict = Verdict(f"late vendor, killed while {when}, look-up {'on' if self.den.lookup else 'off'}", 2)
        async with self.den.life() as life, self._speaking_to(life.url, self.asking()):
            await moment(moments[when])
        done = sum(map(ended, books.read(self.den.books).jobs.values()))
        async with self.den.life() as life, self._speaking_to(life.url, self._again()):
            await moment(lambda: self._more_than(done + self.jobs // 10))
        async with self.den.life() as life:
            self.people.base = life.url
            await self.people.send_again()
            verdict.seconds, verdict.back = await wait_for_ends(self.den.books, life), life.back
            faults = await press_old_buttons(self.den.books, self.people)
            await wait_for_ends(self.den.books, life)
            await judge(verdict, self.den.books, self.people, self.vendor)
        verdict.others = faults + list(self._odd_ends(verdict.books))
        return verdict

    @asynccontextmanager
    async def _speaking_to(self, url: str, work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        self.people.base = url
        async with playing([work]):
            yield

    async def _again(self) -> None:
        await self.people.send_again()

    async def _more_than(self, ends: int) -> bool:
        found = books.read(self.den.books).jobs.values()
        return sum(map(ended, found)) >= min(ends, len(found))

    def _odd_ends(self, found: books.Books) -> list[str]:
        """Everything is drawn, but for answers that were really lost."""
        odd = []
        for job in found.jobs.values():
            unknown = any(call["state"] == "unknown" for call in found.calls_of(job["id"]))
            blind = not self.den.lookup or job["provider"] == "fake-blocking"
            if job["state"] != "delivered" and not (job["state"] == "uncertain" and unknown and blind):
                odd.append(f"{job['id']} ended as {job['state']} ({job['reason']}: {job['detail']})")
        return odd


async def flood(folder: Path, moment: str, *, lookup: bool, jobs: int = 200) -> Verdict:
    """One run in `folder`."""
    async with ground(folder, lookup=lookup) as (den, people, vendor):
        return await Flood(den, people, vendor, jobs).run(moment)
