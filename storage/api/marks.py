"""Idempotency keys of the job API."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.api.ports import Mark
from storage.api_tables import api_marks
from storage.db import Database


class SqlMarks:
    """The Marks port."""

    _db: Database

    async def mark(self, key_id: str, idempotency: str, mark: Mark, now: float, since: float) -> Mark:
        """The one that stands. Where two insert at once the table refuses one of them, who then finds the other's."""
        try:
            return await self._mark(key_id, idempotency, mark, now, since)
        except IntegrityError:
            return await self._mark(key_id, idempotency, mark, now, since)

    async def _mark(self, key_id: str, idempotency: str, mark: Mark, now: float, since: float) -> Mark:
        mine = (api_marks.c.key_id == key_id, api_marks.c.idempotency == idempotency)
        async with self._db.write() as connection:
            row = (await connection.execute(select(api_marks).where(*mine))).mappings().first()
            if row and row["created_at"] > since:
                return Mark(row["nonce"], row["fingerprint"])
            # Not one that another process has written since it was looked for: that stands.
            await connection.execute(delete(api_marks).where(*mine, api_marks.c.created_at <= since))
            values = {"fingerprint": mark.fingerprint, "nonce": mark.nonce, "created_at": now}
            await connection.execute(insert(api_marks).values(key_id=key_id, idempotency=idempotency, **values))
        return mark
