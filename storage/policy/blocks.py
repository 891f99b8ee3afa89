"""Blocked users. A block outlives the erasing of its user: it then stands under the anonymous key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Delete, RowMapping, delete, insert, or_, select

from bot.policy.records import Block, Entry
from storage.policy import audit
from storage.policy.base import Part
from storage.policy_tables import blocks
from storage.prepared import Prepared, let
from storage.turns import Turn


def _holds(now: float | BindParameter[float]) -> ColumnElement[bool]:
    return or_(blocks.c.until.is_(None), blocks.c.until > now)


LONGEST = Prepared(
    select(blocks)
    .where(blocks.c.community == let("key"), blocks.c.user_key.in_([let("user"), let("anonymous")]), _holds(let("now")))
    .order_by(blocks.c.until.is_not(None), blocks.c.until.desc())
    .limit(1)
)


def _read(row: Mapping[str, Any] | RowMapping) -> Block:
    return Block(row["user_key"], row["until"], row["reason"], row["by"])


class Blocks(Part):
    """The Blocks port."""

    async def block_of(self, key: str, user_key: str, now: float) -> Block | None:
        """The block that holds now; the longest, if one was set before an erasing and one after it."""
        user, anonymous = self._keys(user_key)
        row = (await self._db.ask(LONGEST, key=key, user=user, anonymous=anonymous, now=now)).first
        return _read(row) if row else None

    async def blocks(self, key: str, now: float) -> list[Block]:
        """All that hold now, newest first."""
        query = select(blocks).where(blocks.c.community == key, _holds(now)).order_by(blocks.c.at.desc(), blocks.c.user_key)
        async with self._db.read() as connection:
            return [_read(row) for row in (await connection.execute(query)).mappings()]

    async def put_block(self, key: str, block: Block, entry: Entry) -> None:
        """Block, or change the block."""
        now = self._clock()
        values = {"user_key": block.user_key, "until": block.until, "reason": block.reason, "by": block.by}
        async with self._db.write(Turn.DESK) as connection:
            await connection.execute(self._of(key, block.user_key))
            await connection.execute(insert(blocks).values(community=key, at=now, **values))
            await audit.write(connection, entry, now)

    async def lift_block(self, key: str, user_key: str, entry: Entry) -> bool:
        """False if nobody was blocked. A block that had run out by itself is lifted silently."""
        now = self._clock()
        held = select(blocks.c.at).where(blocks.c.community == key, blocks.c.user_key.in_(self._keys(user_key)), _holds(now))
        async with self._db.write(Turn.DESK) as connection:
            blocked = (await connection.execute(held)).first() is not None
            await connection.execute(self._of(key, user_key))
            if blocked:
                await audit.write(connection, entry, now)
        return blocked

    def _of(self, key: str, user_key: str) -> Delete:
        return delete(blocks).where(blocks.c.community == key, blocks.c.user_key.in_(self._keys(user_key)))
