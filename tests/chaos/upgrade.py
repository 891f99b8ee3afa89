"""Today's bot starts on the database of a release that was killed with jobs in every state."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.chaos import books, carried_over
from tests.chaos.books import Books, ended, user_of
from tests.chaos.carried_over import Left
from tests.chaos.lives import Den
from tests.chaos.moderators import duty
from tests.chaos.people import People
from tests.chaos.recovery import END_SECONDS, Verdict, judge, press_old_buttons, wait_for_ends
from tests.chaos.released import DUMPS, lay_out
from tests.chaos.stage import playing
from tests.chaos.waits import comes_true
from tests.fakes.vendor.control import Control
from tests.fakes.vendor.server import Vendor, serve

OTHER_ENDS = {
    **dict.fromkeys(("untold", "failed"), "failed"),
    **dict.fromkeys(("turned", "rejected", "shamed"), "refused"),
    "lost": "uncertain",
    "overdue": "expired",
    "off": "cancelled",
}
"""How a user's job ends that is not drawn: most had ended so before, two are rejected after the upgrade."""


@asynccontextmanager
async def restored(release: str, folder: Path) -> AsyncIterator[tuple[Den, People, Vendor]]:
    """The data folder of the release, and the vendor with its bill."""
    (folder / "data").mkdir(parents=True)
    bill = shutil.copy(DUMPS / f"{release}.bill.jsonl", folder / "bill.jsonl")
    async with serve(0, Path(bill)) as vendor, httpx.AsyncClient() as client:
        lay_out(release, folder / "data", vendor)
        yield Den(folder / "data", vendor.base, lookup=True), People(client), vendor


async def upgrade(den: Den, people: People, vendor: Vendor, release: str) -> Verdict:
    """One life; moderators come when nothing is left but what waits for them."""
    verdict, left = Verdict(f"upgrade from schema {release}, jobs in every state", 1), carried_over.look(den.folder)
    async with den.life() as life:
        people.base = life.url
        verdict.others = await _impatient(den.folder, left)
        async with playing([duty(people, den.folder)]):
            verdict.seconds, verdict.back = await wait_for_ends(den.folder, life), life.back
            verdict.others += await press_old_buttons(den.folder, people)
            await wait_for_ends(den.folder, life)
        verdict.others += await carried_over.unheeded(people, left)
        await judge(verdict, den.folder, people, Control(vendor.base, people.client))
    verdict.others += [*carried_over.gone(den.folder, left), *_other_ends(verdict.books)]
    return verdict


async def _impatient(folder: Path, left: Left) -> list[str]:
    """Jobs that did not wait for their moderator while all others came to their ends, or that were asked about anew."""

    async def at_rest() -> bool:
        asked = {job_id for job_id, _ in books.open_reviews(folder)}
        return all(ended(job) or job["id"] in asked for job in books.read(folder).jobs.values())

    if not await comes_true(at_rest, END_SECONDS):
        return ["without moderators it never came to rest"]
    found, asked = books.read(folder).jobs, {job_id for job_id, _ in books.open_reviews(folder)}
    astray = (left.waiting ^ asked) | {job for job in left.waiting if found[job]["state"] != left.states[job]}
    return [f"{job} was {left.states[job]} and is {found[job]['state']}, asked={job in asked}" for job in sorted(astray)]


def _other_ends(found: Books) -> list[str]:
    ends = [(user_of(job), job["state"]) for job in found.jobs.values()]
    return [f"{user} ended as {end}" for user, end in ends if end != OTHER_ENDS.get(user, "delivered")]


async def upgraded(folder: Path, release: str) -> Verdict:
    """The whole run in `folder`."""
    async with restored(release, folder) as (den, people, vendor):
        return await upgrade(den, people, vendor, release)
