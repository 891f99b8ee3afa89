"""What the moderators' desk asks of storage: its questions, its reports, and what is to be posted to it.

Methods that take an `entry` write that audit entry in the same transaction.
"""

from __future__ import annotations

from typing import Protocol

from bot.jobs.place import MessageRef
from bot.policy.records import Cause, Entry, NoticeKind, Report, Review


class Reviews(Protocol):
    """Questions to the moderators, and what they decided."""

    async def ask(self, community: str, job_id: str, cause: Cause, text: str, entry: Entry) -> Review:
        """Open one with its notice; the open one of this job if there is one already."""
        ...

    async def review(self, review_id: int) -> Review | None:
        """One review."""
        ...

    async def open_reviews(self, key: str, limit: int = 25) -> list[Review]:
        """Oldest first."""
        ...

    async def open_review(self, job_id: str) -> Review | None:
        """The open one of a job."""
        ...

    async def decide(self, review_id: int, decided: str, by: str, why: str, entry: Entry) -> bool:
        """One wins: False if it was decided before. Job row, review, notice and entry change together.

        Approved or rejected: a held or reviewed job gets its verdict and is due; a delivered one that was reported is shown
        again if it was hidden, or deleted.
        """
        ...

    async def close(self, job_id: str, decided: str, entry: Entry | None) -> None:
        """The open review of a job has become pointless: expired, withdrawn."""
        ...

    async def report(self, report: Report, community: str, hide_at: int, entry: Entry) -> int:
        """Keep a report (one a user and job); returns how many have reported it.

        From `hide_at` different reporters on the job is hidden and a review is open. The card of an open one is edited.
        """
        ...


class Notices(Protocol):
    """What is still to be posted to moderators' channels, or to be edited there."""

    async def due_notices(self, now: float, limit: int = 20) -> list[Notice]:
        """Oldest first."""
        ...

    async def posted(self, notice: Notice, message: MessageRef | None, now: float) -> None:
        """It stands as its subject was when the notice was read; one that changed meanwhile stays due."""
        ...

    async def put_off(self, notice: Notice, until: float, message: MessageRef | None = None) -> None:
        """Try again then. Counts the attempt. `message`: where it stands since this one, though not whole."""
        ...


class Notice(Protocol):
    """One row of the outbox to moderators."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def community(self) -> str:
        """Whose moderators."""
        ...

    @property
    def kind(self) -> NoticeKind:
        """Which channel."""
        ...

    @property
    def subject(self) -> int:
        """The review's or the audit entry's id."""
        ...

    @property
    def message(self) -> MessageRef | None:
        """Where it stands already."""
        ...

    @property
    def version(self) -> int:
        """Grows with every change of its subject."""
        ...

    @property
    def attempts(self) -> int:
        """How often posting failed."""
        ...
