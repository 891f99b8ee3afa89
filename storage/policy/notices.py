"""The outbox to moderators as its messenger sees it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, null, select, update

from bot.jobs.place import MessageRef
from bot.policy.desk_ports import Notice
from bot.policy.records import NoticeKind
from storage.policy.base import Part
from storage.policy_tables import notices
from storage.rows import MESSAGE, dump


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """One row; see `bot.policy.ports.Notice`."""

    id: int
    community: str
    kind: NoticeKind
    subject: int
    message: MessageRef | None
    version: int
    attempts: int


class Notices(Part):
    """The Notices port."""

    async def due_notices(self, now: float, limit: int = 20) -> list[Notice]:
        """Oldest first."""
        query = select(notices).where(notices.c.due_at <= now).order_by(notices.c.due_at, notices.c.id).limit(limit)
        async with self._db.read() as connection:
            return [
                StoredNotice(
                    row.id,
                    row.community,
                    NoticeKind(row.kind),
                    row.subject,
                    MESSAGE.validate_json(row.message) if row.message else None,
                    row.version,
                    row.attempts,
                )
                for row in await connection.execute(query)
            ]

    async def posted(self, notice: Notice, message: MessageRef | None, now: float) -> None:
        """It stands as it was when it was read; one that changed meanwhile stays due. None: where it stood before."""
        stands = None if message is None else dump(MESSAGE, message)
        again = case((notices.c.version > notice.version, now), else_=null())
        query = update(notices).where(notices.c.id == notice.id)
        values = {"message": func.coalesce(stands, notices.c.message), "shown_version": notice.version, "due_at": again}
        async with self._db.write() as connection:
            await connection.execute(query.values(**values, attempts=0))

    async def put_off(self, notice: Notice, until: float, message: MessageRef | None = None) -> None:
        """Try again then. Counts the attempt. None: where it stood before."""
        query = update(notices).where(notices.c.id == notice.id)
        stands = None if message is None else dump(MESSAGE, message)
        values = {"message": func.coalesce(stands, notices.c.message), "attempts": notices.c.attempts + 1}
        async with self._db.write() as connection:
            await connection.execute(query.values(**values, due_at=until))
