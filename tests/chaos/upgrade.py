"""Today's bot starts on the database of a release that was killed with jobs in every state."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.chaos.books import user_of
from tests.chaos.lives import Den
from tests.chaos.people import People
from tests.chaos.recovery import Verdict, judge, press_old_buttons, wait_for_ends
from tests.chaos.released import DUMPS, lay_out
from tests.fakes.vendor.control import Control
from tests.fakes.vendor.server import Vendor, serve

FAILED = {"untold"}
"""Whose job had failed before the upgrade; all others' are drawn."""


@asynccontextmanager
async def restored(release: str, folder: Path) -> AsyncIterator[tuple[Den, People, Vendor]]:
    """The data folder of the release, and the vendor with its bill."""
    (folder / "data").mkdir(parents=True)
    bill = shutil.copy(DUMPS / f"{release}.bill.jsonl", folder / "bill.jsonl")
    async with serve(0, Path(bill)) as vendor, httpx.AsyncClient() as client:
        lay_out(release, folder / "data", vendor)
        yield Den(folder / "data", vendor.base, lookup=True), People(client), vendor


async def upgrade(den: Den, people: People, vendor: Vendor, release: str) -> Verdict:
    """One life."""
    verdict = Verdict(f"upgrade from schema {release}, jobs in every state", 1)
    async with den.life() as life:
        people.base = life.url
        verdict.seconds, verdict.back = await wait_for_ends(den.folder, life), life.back
        verdict.others = await press_old_buttons(den.folder, people)
        await wait_for_ends(den.folder, life)
        await judge(verdict, den.folder, people, Control(vendor.base, people.client))
    ends = {user_of(job): job["state"] for job in verdict.books.jobs.values()}
    odd = {user: end for user, end in ends.items() if (end != "delivered") != (user in FAILED)}
    verdict.others += [f"{user} ended as {end}" for user, end in odd.items()]
    return verdict


async def upgraded(folder: Path, release: str) -> Verdict:
    """The whole run in `folder`."""
    async with restored(release, folder) as (den, people, vendor):
        return await upgrade(den, people, vendor, release)
