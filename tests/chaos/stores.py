"""Faults of what the bot keeps things in, done to the real process from outside, and undone."""

from __future__ import annotations

import asyncio
import os
import resource
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from tests.chaos import books
from tests.chaos.ground import ground
from tests.chaos.lives import Den, Life
from tests.chaos.people import HEADERS, People
from tests.chaos.recovery import END_SECONDS, Verdict, judge, wait_for_ends
from tests.chaos.waits import moment
from tests.fakes.vendor.control import Control

PROVIDERS = ("fake-async", "fake-blocking", "fake-single")
LATE = {"answer_delay": 0.5, "seconds": 0.1}


@contextmanager
def full(life: Life, _folder: Path) -> Iterator[None]:
    """Nothing longer than a page can be written, as on a full disk: the kernel says so to every write of this process."""
    limit, pid = resource.RLIMIT_FSIZE, life.process.pid
    old = resource.prlimit(pid, limit)
    resource.prlimit(pid, limit, (4096, old[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, limit, old)


@contextmanager
def locked(_life: Life, folder: Path) -> Iterator[None]:
    """Another program is in the middle of a write."""
    with closing(sqlite3.connect(folder / "imagine.db", isolation_level=None, timeout=10.0)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def pictures_away(_life: Life, folder: Path) -> Iterator[None]:
    """The picture folder is gone, and nothing can be made in its place, by no user."""
    there, away = folder / "pictures", folder / "pictures.away"
    there.mkdir(exist_ok=True)
    there.rename(away)
    there.write_text("no folder")
    try:
        yield
    finally:
        there.unlink()
        away.rename(there)


FAULTS = {"disk full": full, "locked": locked, "pictures away": pictures_away}


async def endure(
    folder: Path, fault: str, *, jobs: int = 6, seconds: float = 0.7, most: float = END_SECONDS
) -> tuple[Verdict, tuple[int, str]]:
    """Jobs are being paid for when the fault comes; it stays `seconds` after the vendor has answered.

    `most`: seconds to wait for the ends. Returns the verdict, and the answer to somebody who asked meanwhile.
    """
    async with ground(folder, lookup=False) as (den, people, vendor):
        await vendor.script(**LATE)

        async def all_paid() -> bool:
            return bool((await vendor.counts())["pictures"] == 4 * jobs)

        async with den.life() as life:
            people.base = life.url
            lines = (f"a fleet at sea --provider {PROVIDERS[n % 3]}" for n in range(jobs))
            await asyncio.gather(*(people.imagine(f"u{n}", line) for n, line in enumerate(lines)))
            await moment(all_paid)
            with FAULTS[fault](life, den.folder):
                asking = asyncio.create_task(_ask(people))
                await asyncio.sleep(LATE["answer_delay"] + seconds)
            verdict, answer = Verdict(fault, 1), await asking
            began = time.monotonic()
            await wait_for_ends(den.folder, life, most)
            verdict.seconds = time.monotonic() - began
            await judge(verdict, den.folder, people, vendor)
        return verdict, answer


async def endured(folder: Path, fault: str) -> Verdict:
    """The long form: more jobs, and longer than SQLite waits for a lock and than the engine's first pauses."""
    verdict, _ = await endure(folder, fault, jobs=30, seconds=15.0, most=3 * END_SECONDS)
    odd = [job for job in verdict.books.jobs.values() if job["state"] != "delivered"]
    verdict.others += [f"{job['id']} ended as {job['state']} ({job['reason']}: {job['detail']})" for job in odd]
    return verdict


async def _ask(people: People) -> tuple[int, str]:
    """One more job: status and text of whatever comes of it."""
    fields = {"key": secrets.token_hex(8), "user": "late", "text": "/imagine one more --provider fake-async"}
    answer = await people.client.post(f"{people.base}/api/command", data=fields, headers=HEADERS, timeout=120.0)
    return answer.status_code, answer.text


@asynccontextmanager
async def killed(folder: Path, jobs: int = 4) -> AsyncIterator[tuple[Den, People, Control]]:
    """A life that ended by SIGKILL with jobs at a vendor that knows our keys; its log of writes is not folded back."""
    async with ground(folder, lookup=True) as (den, people, vendor):
        await vendor.script(hold=True)

        async def running() -> bool:
            return [job["state"] for job in books.read(den.folder).jobs.values()].count("running") == jobs

        async with den.life() as life:
            people.base = life.url
            await asyncio.gather(*(people.imagine(f"u{n}", "a kite --provider fake-async") for n in range(jobs)))
            await moment(running)
        await vendor.script()
        await vendor.release()
        assert (den.folder / "imagine.db-wal").stat().st_size
        yield den, people, vendor


PAGE = 4096


async def torn(folder: Path) -> Verdict:
    """A power cut in the middle of a write: half a frame, or bytes that were never written as meant, at the log's end."""
    async with killed(folder) as (den, people, vendor):
        with (den.folder / "imagine.db-wal").open("ab") as log:
            log.write(os.urandom(PAGE + 24) + b"\0" * 1000)
        verdict = Verdict("torn log", 1)
        async with den.life() as life:
            people.base = life.url
            verdict.seconds, verdict.back = await wait_for_ends(den.folder, life), life.back
            await judge(verdict, den.folder, people, vendor)
    return verdict
