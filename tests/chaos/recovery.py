"""The last life: everything is waited for, then looked at with the eyes of a person, an operator and the vendor."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import audit, audit_desk, books
from tests.chaos.books import Books, ended, user_of
from tests.chaos.lives import Life
from tests.chaos.people import People
from tests.chaos.waits import comes_true
from tests.fakes.vendor.control import Control

END_SECONDS = 60.0


@dataclass
class Verdict:
    """What one run came to. `faults`: a line for each thing that is wrong; `seconds`: the slowest job's way to its end.

    `back`: of these the ones until the process was started.
    """

    fault: str
    cases: int
    jobs: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    charged: list[str] = field(default_factory=list)
    unended: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    seconds: float = 0.0
    back: float = 0.0
    reached: set[str] = field(default_factory=set)
    books: Books = field(default_factory=lambda: Books({}, {}, [], []), repr=False)

    @property
    def faults(self) -> list[str]:
        """All of them."""
        return self.lost + self.doubled + self.charged + self.unended + self.others


async def wait_for_ends(folder: Path | str, life: Life, seconds: float = END_SECONDS) -> float:
    """Until every job has ended and its message says so, or the time is up; seconds since the process was started."""

    async def done() -> bool:
        found = books.read(folder)
        return all(map(ended, found.jobs.values())) and not list(audit_desk.uncarried(found))

    await comes_true(done, seconds)
    return time.monotonic() - life.born


async def wait_for_quiet(folder: Path | str, life: Life, seconds: float = END_SECONDS) -> bool:
    """Until every job has ended or stands at a fail-point."""

    async def quiet() -> bool:
        jobs = books.read(folder).jobs.values()
        return all(ended(job) or (user_of(job), job["id"]) in life.reached for job in jobs)

    return await comes_true(quiet, seconds)


async def press_old_buttons(folder: Path | str, people: People) -> list[str]:
    """Every message's "details" still answers (a deleted job's says that it is deleted), and one V and one "again" draw."""
    jobs = books.read(folder).jobs
    visible = await people.messages()
    faults = []
    for job_id in (job_id for job_id in jobs if job_id in visible):
        said = await people.press("reader", job_id, "details")
        if said["kind"] != "private" or said["refused"]:
            faults.append(f"{job_id}: details answer {said}")
    for state, action, index in (("delivered", "variation", 1), ("failed", "again", 0)):
        found = [job["id"] for job in jobs.values() if job["state"] == state and job["id"] in visible]
        said = await people.press("presser", found[0], action, index) if found else {"kind": "placeholder"}
        if said["kind"] != "placeholder":
            faults.append(f"{action} on {found[0]} answers {said}")
    return faults


async def judge(
    verdict: Verdict, folder: Path | str, people: People, vendor: Control, revived: frozenset[str] = frozenset()
) -> None:
    """Fill the verdict in from the database, the playground and the vendor's own count."""
    verdict.books = found = books.read(folder)
    paid: dict[str, int] = (await vendor.counts())["keys"]
    verdict.jobs = len(found.jobs)
    verdict.lost = list(audit.lost(found))
    verdict.doubled = list(audit.doubled(found, paid))
    verdict.charged = [
        *audit.wrongly_charged(found),
        *audit.unsettled(found, revived),
        *audit.spend_astray(found),
        *audit.sums_astray(found),
    ]
    verdict.charged += audit.miscounted(found, paid)
    verdict.lost += [*audit_desk.undecided(found), *audit_desk.told_twice(found)]
    messages = await people.messages()
    verdict.unended = [*audit.unended_messages(found, messages), *audit_desk.uncarried(found)]
    for job_id, message in messages.items():
        for shown in (message["card"] or {"pictures": ()})["pictures"]:
            if await people.picture(job_id, shown["picture"]["key"]) != 200:
                verdict.unended.append(f"{job_id}: its picture is not there")
