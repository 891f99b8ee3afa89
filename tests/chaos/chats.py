"""Faults of a chat around the real process: jobs are asked for and end while it fails, and all must end when it is over."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.chaos import audit, books
from tests.chaos.books import Books, Row, ended, pictures_of
from tests.chaos.ground import ground
from tests.chaos.lives import Life
from tests.chaos.recovery import END_SECONDS, Verdict
from tests.chaos.waits import comes_true, moment

SETTINGS = {"PLAYGROUND": "off", "USER_RUNNING": "10", "POLL_SECONDS": "0.2"}


class Town(Protocol):
    """A fake chat with people in one place. Implemented in on_discord.py and on_slack.py."""

    name: str

    @property
    def settings(self) -> dict[str, str]:
        """Tokens and addresses for the bot."""
        ...

    async def ready(self) -> None:
        """Wait until the bot has come."""
        ...

    async def ask(self, number: int, prompt: str) -> None:
        """One person's `/imagine`, acknowledged or not."""
        ...

    def pictures(self, channel: str, message: str) -> int | None:
        """How many pictures that message shows; None where it does not stand any more."""
        ...

    def going(self, channel: str, message: str) -> bool:
        """Whether it still offers to cancel."""
        ...

    def shown(self) -> int:
        """Messages with pictures, wherever they stand."""
        ...

    def standing_ids(self) -> list[str]:
        """Ids of all that the bot has said for everybody to see, but for what Discord shows while nobody has answered."""
        ...


Doing = Callable[[Any], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """`doing`: what fails while its block runs, given the town. `asking`: while people ask, else while their jobs end.

    `seconds`: how long at least; `ends`: how jobs may end.
    """

    name: str
    doing: Doing
    asking: bool = False
    seconds: float = 0.0
    ends: frozenset[str] = frozenset({"delivered"})


async def endure(folder: Path, town: Town, trouble: Trouble, jobs: int) -> Verdict:
    """`jobs` people; recovery is counted from the end of the fault."""
    verdict = Verdict(f"{town.name}: {trouble.name}", 1)
    async with ground(folder, lookup=True, settings=SETTINGS) as (den, _, vendor):
        den.chats = town.settings
        await vendor.script(hold=True, size=64)
        async with den.life() as life:
            await town.ready()
            async with _during(trouble, town, now=trouble.asking):
                for number in range(jobs):
                    await town.ask(number, f"a fleet at sea, {number} --provider fake-async")
                await moment(lambda: _under_way(den.folder, jobs))
            await vendor.script(size=64, seconds=0.1)
            async with _during(trouble, town, now=not trouble.asking):
                await vendor.release()
            began = time.monotonic()
            await comes_true(lambda: over(den.folder), 3 * END_SECONDS)
            verdict.seconds = time.monotonic() - began
            await judge(verdict, den.folder, town, (await vendor.counts())["keys"], trouble.ends)
            verdict.others += await _alive(life)
    return verdict


@asynccontextmanager
async def _during(trouble: Trouble, town: Town, *, now: bool) -> AsyncIterator[None]:
    if not now:
        yield
        return
    async with trouble.doing(town):
        yield
        await asyncio.sleep(trouble.seconds)


async def _under_way(folder: Path, jobs: int) -> bool:
    """Every job runs at the vendor, or has ended without it."""
    found = books.read(folder).jobs.values()
    return len(found) == jobs and all(job["state"] == "running" or ended(job) for job in found)


async def over(folder: Path) -> bool:
    """Every job has ended, and its message says so."""
    return all(map(ended, books.read(folder).jobs.values()))


async def _alive(life: Life) -> list[str]:
    return [] if life.process.returncode is None else [f"the process ended with {life.process.returncode}"]


async def judge(verdict: Verdict, folder: Path, town: Town, paid: dict[str, int], ends: Collection[str]) -> None:
    """Fill the verdict in from the database, the vendor's own count and what people see."""
    verdict.books = found = books.read(folder)
    verdict.jobs = len(found.jobs)
    verdict.lost, verdict.doubled = list(audit.lost(found)), list(audit.doubled(found, paid))
    verdict.charged = [
        *audit.wrongly_charged(found),
        *audit.unsettled(found, frozenset()),
        *audit.spend_astray(found),
        *audit.sums_astray(found),
    ]
    verdict.charged += audit.miscounted(found, paid)
    verdict.unended = [line for job in found.jobs.values() for line in _message(job, town)]
    odd = [job for job in found.jobs.values() if job["state"] not in ends]
    verdict.others += [f"{job['id']} ended as {job['state']} ({job['reason']}: {job['detail']})" for job in odd]
    verdict.others += _once(found, town)


def _message(job: Row, town: Town) -> Sequence[str]:
    """A line where its message does not show its end. One that does not stand any more is made up for privately."""
    ref = json.loads(job["message"]) if job["message"] else None
    shown = town.pictures(ref["channel_id"], ref["message_id"]) if ref else None
    if ref is None or shown is None:
        return []
    right = shown == (1 if job["state"] == "delivered" and pictures_of(job) else 0)
    if right and not town.going(ref["channel_id"], ref["message_id"]):
        return []
    return [f"{job['id']} ({job['state']}) shows {shown} pictures"]


def _once(found: Books, town: Town) -> list[str]:
    """Everybody is shown their result, and nobody twice."""
    due = sum(job["state"] == "delivered" for job in found.jobs.values())
    return [] if town.shown() == due else [f"{town.shown()} messages with pictures, {due} jobs delivered"]
