"""The store port: what is asked of the job tables and both books, and every write that changes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.jobs.acceptance import Accepted, Caps, Refusal, Standing
from bot.jobs.model import Call, Found, Job, JobState, Picture, Progress
from bot.jobs.place import MessageRef


class LeaseLost(Exception):
    """Another owner holds the job, or it has moved on: stop at once, touch nothing."""


class JobReads(Protocol):
    """Questions to the store."""

    async def job(self, job_id: str) -> Job | None:
        """One job, or None."""
        ...

    async def by_key(self, key: str) -> Job | None:
        """The job that a request of that key has become."""
        ...

    async def calls(self, job_id: str) -> list[Call]:
        """All calls of a job, oldest first."""
        ...

    async def call(self, call_id: str) -> Call | None:
        """One call, or None."""
        ...

    async def due(self, now: float, limit: int) -> list[str]:
        """Ids of jobs whose time has come, oldest first."""
        ...

    async def ahead(self, job_id: str) -> int:
        """Jobs that will be admitted before this one, in the fair order."""
        ...

    async def standing(self, user_key: str, now: float, community: str = "") -> Standing:
        """For /info. `community`: whose grants count besides the operator's."""
        ...

    async def jobs(self, states: Sequence[JobState], limit: int, user_key: str = "") -> list[Job]:
        """Newest first; no states = all."""
        ...

    async def waiting_in(self, community_key: str, limit: int) -> list[Job]:
        """A community's jobs that have not begun, oldest first."""
        ...

    async def open_children(self, parent_id: str, but: str = "") -> int:
        """Jobs not at their end (`but` this one) that started from a job: they may still need its pictures."""
        ...

    async def troubled(self, now: float) -> frozenset[str]:
        """Providers that refused or lost at least five calls within the last minute and took none."""
        ...

    async def child(self, parent_id: str, action: str, index: int) -> Job | None:
        """The newest child job of that action that is open or delivered."""
        ...


@dataclass(frozen=True, slots=True)
class NewCall:
    """An intent to write down: slot 0-3, `count` pictures, estimated `cost` in micro-USD."""

    id: str
    slot: int
    attempt: int
    provider: str
    count: int
    cost: int


class JobWrites(Protocol):
    """Each method is one transaction; books and state change together.

    Methods with a `job` match id, state and lease of what they were given and raise LeaseLost when no row matches.
    The kill test stops the process before and after every one of them.
    """

    async def accept(self, job: Job, key: str, caps: Caps, due_at: float) -> Accepted | Refusal:
        """Check replay, twin, pause and repeats, quota and queue, then insert the row and reserve its units."""
        ...

    async def claim(self, job_id: str, lease: str, free_at: float, until: float) -> Job | None:
        """Take the job unless another holds it by a lease that ends after `free_at`; None if it is held or unknown."""
        ...

    async def release(self, job: Job, due_at: float | None) -> None:
        """Give the lease back and say when to look again."""
        ...

    async def placed(self, job_id: str, message: MessageRef, now: float) -> Job | None:
        """The placeholder stands: new -> queued, or held where a moderator must agree. None if it was not new any more.

        The message is kept all the same.
        """
        ...

    async def admit(self, caps: Caps, now: float) -> list[str]:
        """Move waiting jobs to submitting, fairly between users, exactly up to the caps; returns their ids."""
        ...

    async def intend(self, job: Job, calls: Sequence[NewCall], now: float) -> list[Call]:
        """Write down paid requests before they are sent, and book their cost."""
        ...

    async def call_accepted(self, call: Call, ref: str, cost: int | None, now: float) -> Call:
        """The provider took it. Returns the row as it stands (a webhook may already have hooked it)."""
        ...

    async def call_done(
        self, call: Call, ref: str, pictures: Sequence[Picture], urls: Sequence[Found], cost: int | None, now: float
    ) -> None:
        """The provider finished it; inline bytes are in the picture store already."""
        ...

    async def call_refused(self, call: Call, reason: str, *, paid: bool, now: float) -> None:
        """It came to nothing. `paid` False only on proof of non-acceptance or non-charge: zeroes its cost."""
        ...

    async def call_unknown(self, call: Call, reason: str, now: float) -> None:
        """It was sent and no answer came."""
        ...

    async def polled(self, call: Call, now: float) -> None:
        """A status was asked for: counts the poll and takes the hook off."""
        ...

    async def hooked(self, call_id: str, candidate: str, now: float) -> str | None:
        """A webhook came: remember it and make its job due. Returns the job id, None for an unknown call."""
        ...

    async def move(self, job: Job, state: JobState, now: float, due_at: float | None = None) -> Job:
        """To a later open state."""
        ...

    async def progressed(self, job: Job, progress: Progress) -> Job:
        """Keep what the provider said last."""
        ...

    async def keep_going(self, job: Job) -> Job:
        """A cancel came too late, or the provider would not: the job ends as drawn."""
        ...

    async def store(
        self,
        job: Job,
        pictures: Sequence[Picture],
        shown: Picture,
        *,
        state: JobState = JobState.STORED,
        flags: Sequence[str] = (),
        spoiler: bool = False,
    ) -> Job:
        """Finished -> stored (or review): the pictures are in the picture store. A stored job gets another `shown`."""
        ...

    async def retry(self, job: Job, due_at: float, reason: str, *, provider: str = "", notes: Sequence[str] = ()) -> Job:
        """Count a failed attempt of the present step; `provider`: begin anew with another one, and its `notes`."""
        ...

    async def end(
        self,
        job: Job,
        state: JobState,
        now: float,
        *,
        settle: int,
        reason: str = "",
        detail: str = "",
        message: MessageRef | None = None,
        told: bool = False,
    ) -> Job:
        """An end: settle `settle` units, refund the rest of the reservation. Not told: its message is still to be edited."""
        ...

    async def tell(self, job: Job, message: MessageRef | None) -> Job:
        """The end stands in the chat."""
        ...

    async def late(self, job: Job, now: float) -> Job:
        """Uncertain -> finished: the pictures came after all, free of units."""
        ...

    async def cancel(self, job_id: str, now: float) -> bool:
        """Ask the lease holder to cancel; True if the job was open."""
        ...

    async def delete(self, job_id: str, now: float) -> Job | None:
        """A person deletes it: buttons of it answer so, and its message and pictures are to be removed."""
        ...

    async def revive(self, job_id: str, state: JobState, now: float) -> bool:
        """Operator: re-enter an ended job at the step whose product is missing.

        Running: the provider has its whole time anew, and calls that were given up at its deadline are asked for again.
        """
        ...

    async def clear_leases(self) -> int:
        """At the start of the only process: nobody else can hold one; all unfinished jobs are due. Returns how many."""
        ...


class LeaseWrites(Protocol):
    """What several processes over one store ask of it besides, so that the jobs of a killed one are soon free."""

    async def renew(self, lease: str, until: float) -> set[str]:
        """Make every job that this lease still holds held until then; returns their ids."""
        ...

    async def give_back(self, lease: str, now: float) -> int:
        """The holder stops: what it still holds is free and due at once. Returns how many."""
        ...

    async def left(self, moment: float, free_at: float, limit: int) -> list[str]:
        """Ids of jobs that were due at `moment`, oldest first; none that is held by a lease which ends after `free_at`."""
        ...


class JobStore(JobReads, JobWrites, LeaseWrites, Protocol):
    """All of them."""
