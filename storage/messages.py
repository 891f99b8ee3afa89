"""The playground's messages. The change counter is taken inside the writing transaction, so no reader misses a change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.playground.ports import CHANNEL, Message, all_readable, readable
from storage.db import Database
from storage.tables import messages
from storage.turns import Turn


class SqlMessages:
    """The MessageStore port of the playground."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def add(self, message: Message) -> Message:
        """Insert unless the id stands already; returns the row as it stands."""
        async with self._db.write(Turn.MESSAGES) as connection:
            row = await _row(connection, message.id)
            if row is not None:
                return _read(row)
            values = {name: getattr(message, name) for name in Message.__dataclass_fields__}
            kept = await connection.execute(
                insert(messages).values(**values | {"updated": await _next(connection)}).returning(*messages.c)
            )
            return _read(kept.mappings().one())

    async def change(self, message_id: str, card: str) -> Message | None:
        """Replace the Card; None if the message is unknown or deleted."""
        return await self._update(message_id, {"card": card})

    async def remove(self, message_id: str) -> Message | None:
        """Mark as deleted and forget its Card; None if it is unknown or was deleted before."""
        return await self._update(message_id, {"card": "", "deleted": True})

    async def _update(self, message_id: str, values: dict[str, Any]) -> Message | None:
        alive = update(messages).where(messages.c.id == message_id, messages.c.deleted.is_(False))
        async with self._db.write(Turn.MESSAGES) as connection:
            values["updated"] = await _next(connection)
            row = (await connection.execute(alive.values(**values).returning(*messages.c))).mappings().first()
        return _read(row) if row else None

    async def get(self, message_id: str) -> Message | None:
        """One message, deleted ones too."""
        async with self._db.read() as connection:
            row = await _row(connection, message_id)
        return _read(row) if row else None

    async def since(self, updated: int, user_id: str, limit: int, *, moderator: bool = False) -> list[Message]:
        """What this user may see and what changed after `updated`, in the order of change."""
        theirs = messages.c.visible_to.in_(all_readable(user_id, moderator=moderator))
        query = select(messages).where(messages.c.updated > updated, theirs)
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(messages.c.updated).limit(limit))
            return [_read(row) for row in rows.mappings()]

    async def page(self, user_id: str, limit: int, before_id: str = "", *, channel: str = CHANNEL) -> list[Message]:
        """The last `limit` messages of a channel for this user, oldest first."""
        query = select(messages).where(messages.c.visible_to.in_(readable(user_id, channel)), messages.c.deleted.is_(False))
        async with self._db.read() as connection:
            before = await _row(connection, before_id) if before_id else None
            if before is not None:
                older = messages.c.created < before["created"]
                tied = (messages.c.created == before["created"]) & (messages.c.id < before["id"])
                query = query.where(or_(older, tied))
            newest = query.order_by(messages.c.created.desc(), messages.c.id.desc()).limit(limit)
            return [_read(row) for row in (await connection.execute(newest)).mappings()][::-1]

    async def counter(self) -> int:
        """The change counter now."""
        async with self._db.read() as connection:
            return await _next(connection) - 1


async def _row(connection: AsyncConnection, message_id: str) -> RowMapping | None:
    return (await connection.execute(select(messages).where(messages.c.id == message_id))).mappings().first()


async def _next(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.coalesce(func.max(messages.c.updated), 0)))).scalar_one()) + 1


def _read(row: RowMapping) -> Message:
    return Message(**{name: row[name] for name in Message.__dataclass_fields__} | {"deleted": bool(row["deleted"])})
