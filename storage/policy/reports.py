"""Reports of results: so many different reporters hide one until a moderator has looked at it."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import JobState
from bot.policy.records import Cause, Entry, NoticeKind, Report, What
from storage.dialect import insert
from storage.policy import audit, outbox
from storage.policy import reviews as review_rows
from storage.policy.base import Part
from storage.policy_tables import reports, reviews
from storage.tables import jobs
from storage.turns import Turn


async def _acquitted(connection: AsyncConnection, job_id: str) -> bool:
    """Whether a moderator has looked at reports of this job before, and let it stand."""
    query = select(reviews.c.id).where(reviews.c.job_id == job_id, reviews.c.cause == Cause.REPORTS.value)
    return (await connection.execute(query.where(reviews.c.decided == review_rows.APPROVED))).first() is not None


async def _hide(connection: AsyncConnection, job_id: str, now: float) -> bool:
    """False if there is nothing to hide (any more)."""
    standing = (jobs.c.state == JobState.DELIVERED.value, jobs.c.hidden.is_(False), jobs.c.deleted.is_(False))
    query = update(jobs).where(jobs.c.id == job_id, *standing)
    query = query.values(hidden=True, told=False, attempts=0, reason="hidden", due_at=now)
    return (await connection.execute(query)).rowcount > 0


async def _said(connection: AsyncConnection, job_id: str) -> list[str]:
    """The reasons of all who reported it, in their order."""
    query = select(reports.c.reason).where(reports.c.job_id == job_id).order_by(reports.c.at, reports.c.user_key)
    return list((await connection.execute(query)).scalars())


class Reports(Part):
    """The reporting half of the Reviews port."""

    async def report(self, report: Report, community: str, hide_at: int, entry: Entry) -> int:
        """Keep a report (a second one of a user is not kept); returns how many users have reported the job.

        What a moderator let stand is not hidden again; the reports are kept and logged all the same.
        """
        now = self._clock()
        values = {"job_id": report.job_id, "user_key": report.user_key, "reason": report.reason, "at": now}
        async with self._db.write(Turn.DESK) as connection:
            query = insert(connection, reports).values(**values).on_conflict_do_nothing()
            new = (await connection.execute(query.returning(reports.c.job_id))).first() is not None
            if new:
                await audit.write(connection, entry, now)
                await self._renew(connection, report.job_id, now)
            counted = select(func.count()).where(reports.c.job_id == report.job_id)
            count = int((await connection.execute(counted)).scalar_one())
            if new and 0 < hide_at <= count and not await _acquitted(connection, report.job_id):
                await self._close_down(connection, report.job_id, community, entry, now)
        return count

    async def _renew(self, connection: AsyncConnection, job_id: str, now: float) -> None:
        """The moderators' card of an open question tells of every report."""
        there = await review_rows.open_of(connection, job_id)
        if there:
            await outbox.changed(connection, NoticeKind.REVIEW, [there.id], now)

    async def _close_down(self, connection: AsyncConnection, job_id: str, community: str, entry: Entry, now: float) -> None:
        """Hide the result and ask the moderators."""
        if not await _hide(connection, job_id, now):
            return
        text = "\n".join(dict.fromkeys(reason for reason in await _said(connection, job_id) if reason))
        await review_rows.add(connection, community, job_id, Cause.REPORTS, text, now)
        hidden = Entry(community, What.HIDDEN, subject=entry.subject, job_id=job_id, channel=entry.channel)
        await audit.write(connection, hidden, now)
