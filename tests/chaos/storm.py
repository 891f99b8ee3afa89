"""Every scene is stopped at its point in one process, which is killed; then a second time; then all must end."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import books, stage
from tests.chaos.books import Books, ended, user_of
from tests.chaos.ground import ground
from tests.chaos.lives import Den, Life
from tests.chaos.moderators import duty
from tests.chaos.people import People
from tests.chaos.points import Stop
from tests.chaos.recovery import Verdict, judge, press_old_buttons, wait_for_ends, wait_for_quiet
from tests.chaos.scenes import NORMAL, Scene, acts, both, scenes
from tests.fakes.vendor.control import Control
from tests.support import postgres

UNSAVED = frozenset(
    {"after:intend", "before:call_accepted", "before:call_done", "before:call_refused", "before:call_unknown"}
    | {"after:call_unknown", "before:hooked", "after:hooked"}
)
"""Points between an intent and its saved answer (a webhook that comes before the answer holds that up)."""
SECOND = both(
    *("claim", "release", "intend", "call_accepted", "call_done", "call_unknown", "polled", "move", "store", "end", "tell"),
    *("ask", "decide", "record"),
)
"""Where the second life's jobs are stopped; one that does not come to its point ends."""


@dataclass
class Storm:
    """One run with or without look-ups by our key."""

    den: Den
    people: People
    vendor: Control
    reached: dict[str, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    revived: set[str] = field(default_factory=set)

    async def run(self, seed: int = 1, *, short: bool = False) -> Verdict:
        """First life, second life, a life that dies while it starts, last life."""
        cast = {scene.user: scene for scene in scenes(lookup=self.den.lookup, short=short)}
        played = acts(lookup=self.den.lookup, short=short)
        async with self._life({user: scene.stop for user, scene in cast.items()}) as life:
            await stage.play(life, self.people, self.vendor, self.den.books, played, self.faults)
        await self.vendor.script(**NORMAL)
        await self.vendor.release()
        plan = second_plan(books.read(self.den.books), random.Random(seed))  # noqa: S311 - no secret
        async with self._life(plan) as life, stage.playing([again(self.people), duty(self.people, self.den.books)]):
            if not await wait_for_quiet(self.den.books, life):
                self.faults.append("the second life never came to rest")
        if not self.den.database:  # on a server nobody clears leases: others may live
            await self._die_at_the_start("after:clear_leases" if self.den.lookup else "before:clear_leases")
        server = " on Postgres" if self.den.database else ""
        verdict = Verdict(f"points{server}, look-up {'on' if self.den.lookup else 'off'}", len(cast))
        await self._last(verdict, cast)
        return verdict

    async def _last(self, verdict: Verdict, cast: Mapping[str, Scene]) -> None:
        async with self._life({}) as life, stage.playing([duty(self.people, self.den.books)]):
            await self.people.send_again()
            verdict.seconds, verdict.back = await wait_for_ends(self.den.books, life), life.back
            first = books.read(self.den.books)
            self.faults += await press_old_buttons(self.den.books, self.people)
            await wait_for_ends(self.den.books, life)
            await judge(verdict, self.den.books, self.people, self.vendor, frozenset(self.revived))
        verdict.others = self.faults + [line for job in first.jobs.values() for line in self._odd_end(first, job, cast)]
        verdict.reached = set().union(*self.reached.values())

    def _odd_end(self, found: Books, job: books.Row, cast: Mapping[str, Scene]) -> list[str]:
        """An end that this scene cannot have. Uncertain is legal only where an answer was really lost."""
        scene = cast.get(user_of(job))
        if scene is None or job["state"] in scene.ends or not ended(job):
            return []
        unknown = any(call["state"] == "unknown" for call in found.calls_of(job["id"]))
        no_lookup = not self.den.lookup or scene.provider == "fake-blocking"
        cut_off = no_lookup and bool(UNSAVED & self.reached.get(job["id"], set()))
        if job["state"] == "uncertain" and unknown and cut_off:
            return []
        return [f"{scene.user} stopped at {scene.stop} ended as {job['state']} ({job['reason']}: {job['detail']})"]

    @asynccontextmanager
    async def _life(self, plan: Mapping[str, Stop], *, ready: bool = True) -> AsyncIterator[Life]:
        async with self.den.life(plan, ready=ready) as life:
            self.people.base = life.url
            yield life
        for (_, job_id), point in life.reached.items():
            self.reached.setdefault(job_id, set()).add(point)
        self.revived |= {line["revived"] for line in life.lines if "revived" in line}

    async def _die_at_the_start(self, point: str) -> None:
        async with self._life({"": Stop(point)}, ready=False) as life:
            if not await life.until(lambda life: bool(life.reached), 30.0):
                self.faults.append(f"{point} was not reached")


async def again(people: People) -> None:
    """Those whose request got no answer send it once more."""
    await people.send_again()


def second_plan(found: Books, dice: random.Random) -> dict[str, Stop]:
    """A point for everybody whose job is still open."""
    going = sorted({user_of(job) for job in found.jobs.values() if not ended(job)})
    return dict(zip(going, itertools.cycle(dice.sample(SECOND, len(SECOND))), strict=False))


async def storm(folder: Path, *, lookup: bool, seed: int = 1, short: bool = False, server: bool = False) -> Verdict:
    """The whole run in `folder` with a vendor of its own; `server`: on Postgres, with leases of two seconds."""
    async with ground(folder, lookup=lookup) as (den, people, vendor):
        if server:
            den.database, den.lease = postgres.create(f"storm_{time.time_ns()}"), 2.0
        return await Storm(den, people, vendor).run(seed, short=short)
