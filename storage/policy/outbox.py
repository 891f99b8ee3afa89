"""Rows of the outbox to moderators, written inside the transaction that changes their subject."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.records import NoticeKind
from storage.policy_tables import notices


async def add(connection: AsyncConnection, kind: NoticeKind, subject: int, community: str, now: float) -> None:
    """A new subject is to be posted."""
    state = {"message": None, "version": 1, "shown_version": 0, "due_at": now, "attempts": 0, "created": now}
    await connection.execute(insert(notices).values(kind=kind.value, subject=subject, community=community, **state))


async def changed(
    connection: AsyncConnection, kind: NoticeKind, subjects: Collection[int] | Select[int], now: float
) -> None:
    """Subjects look different now: their messages are to be edited."""
    query = update(notices).where(notices.c.kind == kind.value, notices.c.subject.in_(subjects))
    await connection.execute(query.values(version=notices.c.version + 1, due_at=now, attempts=0))
