"""A release is killed with jobs in every state, and today's bot starts on its database: all of them end as they should."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

import storage
from storage.migrate import HEAD
from tests.chaos import books
from tests.chaos.books import user_of
from tests.chaos.lives import Den
from tests.chaos.people import People
from tests.chaos.recovery import Verdict, judge, press_old_buttons, wait_for_ends
from tests.chaos.released import DUMPS, lay_out, releases
from tests.fakes.vendor.control import Control
from tests.fakes.vendor.server import Vendor, serve

VERSIONS = Path(storage.__file__).parent / "migrations" / "versions"
OPEN = {"new", "queued", "submitting", "running", "finished", "stored"}
"""States of an open job in the first release."""


@asynccontextmanager
async def restored(release: str, folder: Path) -> AsyncIterator[tuple[Den, People, Vendor]]:
    """The data folder of the release, and the vendor with its bill."""
    (folder / "data").mkdir()
    bill = shutil.copy(DUMPS / f"{release}.bill.jsonl", folder / "bill.jsonl")
    async with serve(0, Path(bill)) as vendor, httpx.AsyncClient() as client:
        lay_out(release, folder / "data", vendor)
        yield Den(folder / "data", vendor.base, lookup=True), People(client), vendor


def states(folder: Path) -> set[str]:
    """Of the jobs as the release left them: its tables are not today's."""
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        return {state for (state,) in database.execute("SELECT state FROM jobs")}


@pytest.mark.parametrize("release", releases())
async def test_jobs_in_flight_survive_an_upgrade(release: str, tmp_path: Path) -> None:
    async with restored(release, tmp_path) as (den, people, vendor):
        assert states(den.folder) >= OPEN
        verdict = Verdict(f"upgrade from {release}", 1)
        async with den.life() as life:
            people.base = life.url
            verdict.seconds = await wait_for_ends(den.folder, life)
            faults = await press_old_buttons(den.folder, people)
            await wait_for_ends(den.folder, life)
            await judge(verdict, den.folder, people, Control(vendor.base, people.client))
        assert verdict.faults + faults == []
        ends = {user_of(job): job["state"] for job in books.read(den.folder).jobs.values()}
        assert {user for user, end in ends.items() if end != "delivered"} == {"untold"}
        assert verdict.jobs == len(ends) + 2


def test_every_released_schema_has_its_dump() -> None:
    """The newest one is still being written; it gets its dump when the next one begins."""
    scripts = {path.name[1:5] for path in VERSIONS.glob("v[0-9]*.py")}
    assert set(releases()) == scripts - {HEAD}
