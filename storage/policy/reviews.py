"""Questions to the moderators. One decision wins; job row, card and audit entry change with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, and_, case, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import JobState
from bot.policy.records import Cause, Entry, NoticeKind, Review
from storage.policy import audit, outbox
from storage.policy.base import Part
from storage.policy_tables import reviews
from storage.tables import jobs
from storage.turns import Turn

APPROVED = "approved"
REJECTED = "rejected"
ASKED = (JobState.HELD.value, JobState.REVIEW.value)
"""States in which a job stands still until the moderators have spoken."""


def read_review(row: RowMapping) -> Review:
    """A row as a Review."""
    facts = {name: row[name] for name in ("id", "community", "job_id", "text", "at", "decided", "by", "why")}
    return Review(cause=Cause(row["cause"]), **facts)


async def open_of(connection: AsyncConnection, job_id: str) -> Review | None:
    """The open review of a job."""
    query = select(reviews).where(reviews.c.job_id == job_id, reviews.c.decided == "")
    row = (await connection.execute(query)).mappings().first()
    return read_review(row) if row else None


async def answered(connection: AsyncConnection, job_id: str, cause: Cause) -> Review | None:
    """A decision that whoever asks has not seen yet: the job was let stand after reports, or its verdict waits for it."""
    newest = select(reviews).where(reviews.c.job_id == job_id).order_by(reviews.c.id.desc()).limit(1)
    if cause is Cause.REPORTS:
        query = newest.where(reviews.c.cause == cause.value, reviews.c.decided == APPROVED)
    else:
        query = newest.join(jobs, jobs.c.id == reviews.c.job_id).where(jobs.c.verdict != "")
    row = (await connection.execute(query)).mappings().first()
    return read_review(row) if row else None


async def add(connection: AsyncConnection, community: str, job_id: str, cause: Cause, text: str, now: float) -> Review:
    """Open one with its notice; the open one of this job if there is one already."""
    there = await open_of(connection, job_id)
    if there:
        return there
    facts = {"community": community, "job_id": job_id, "cause": cause.value, "text": text, "at": now}
    query = insert(reviews).values(**facts, decided="", by="", why="").returning(*reviews.c)
    review = read_review((await connection.execute(query)).mappings().one())
    await outbox.add(connection, NoticeKind.REVIEW, review.id, community, now)
    return review


async def settle(
    connection: AsyncConnection, review_id: int, decided: str, now: float, by: str = "", why: str = ""
) -> Review | None:
    """Close an open review and have its card edited; None if it was not open."""
    mine = update(reviews).where(reviews.c.id == review_id, reviews.c.decided == "")
    query = mine.values(decided=decided, by=by, why=why).returning(*reviews.c)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        return None
    await outbox.changed(connection, NoticeKind.REVIEW, [review_id], now)
    return read_review(row)


async def _carry_out(connection: AsyncConnection, review: Review, now: float) -> None:
    """What the decision does to the job's row: the engine does the rest."""
    this = update(jobs).where(jobs.c.id == review.job_id)
    verdict = APPROVED if review.decided == APPROVED else f"{review.decided}: {review.why}"
    held = jobs.c.state.in_(ASKED)
    early = and_(jobs.c.state == JobState.NEW.value, jobs.c.hold != "")
    due = case((held, now), else_=jobs.c.due_at)  # a new job goes on when its placeholder stands, not before
    await connection.execute(this.where(or_(held, early)).values(verdict=verdict, due_at=due))
    again: dict[str, Any] = {"told": False, "attempts": 0, "due_at": now}
    standing = this.where(jobs.c.state == JobState.DELIVERED.value, jobs.c.deleted.is_(False))
    if review.decided == APPROVED:
        again |= {"hidden": False, "reason": "reviewed"}
        await connection.execute(standing.where(jobs.c.hidden.is_(True)).values(**again))
    else:  # reported, whether or not by enough people to hide it
        await connection.execute(standing.values(**again, deleted=True))


class Reviews(Part):
    """The Reviews port but for reports."""

    async def ask(self, community: str, job_id: str, cause: Cause, text: str, entry: Entry) -> Review:
        """Open one with its notice and entry; the open one of this job, and no entry, if there is one already.

        Nothing is asked that a moderator has answered in this very moment.
        """
        now = self._clock()
        async with self._db.write(Turn.DESK) as connection:
            there = await open_of(connection, job_id)
            there = there or await answered(connection, job_id, cause)
            if there:
                return there
            await audit.write(connection, entry, now)
            return await add(connection, community, job_id, cause, text, now)

    async def review(self, review_id: int) -> Review | None:
        """One review."""
        async with self._db.read() as connection:
            row = (await connection.execute(select(reviews).where(reviews.c.id == review_id))).mappings().first()
        return read_review(row) if row else None

    async def open_reviews(self, key: str, limit: int = 25) -> list[Review]:
        """Oldest first."""
        query = select(reviews).where(reviews.c.community == key, reviews.c.decided == "")
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(reviews.c.id).limit(limit))
            return [read_review(row) for row in rows.mappings()]

    async def open_review(self, job_id: str) -> Review | None:
        """The open one of a job."""
        async with self._db.read() as connection:
            return await open_of(connection, job_id)

    async def decide(self, review_id: int, decided: str, by: str, why: str, entry: Entry) -> bool:
        """One wins: False, and nothing written, if it was decided before."""
        now = self._clock()
        async with self._db.write(Turn.DESK) as connection:
            review = await settle(connection, review_id, decided, now, by, why)
            if review is None:
                return False
            if decided in (APPROVED, REJECTED):
                await _carry_out(connection, review, now)
            await audit.write(connection, entry, now)
            return True

    async def close(self, job_id: str, decided: str, entry: Entry | None) -> None:
        """The open review of a job has become pointless; nothing is written if there is none."""
        now = self._clock()
        async with self._db.write(Turn.DESK) as connection:
            review = await open_of(connection, job_id)
            if review is None:
                return
            await settle(connection, review.id, decided, now)
            if entry is not None:
                await audit.write(connection, entry, now)
