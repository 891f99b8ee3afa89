"""The audit log. Entries that moderators want to see as they happen become notices in the same transaction."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.records import Entry, NoticeKind, What
from storage.dialect import insert_of, text_at
from storage.policy import outbox
from storage.policy.base import Part
from storage.policy_tables import ONCE, audit, communities
from storage.prepared import Prepared, let

PLAIN = ("community", "actor", "name", "subject", "job_id", "channel", "text", "once")
STANDS_SECONDS = 10.0
"""What was asked for is told of when its message stands, most likely: the log links to it."""


@cache
def _line(dialect: str) -> Prepared:
    query = insert_of(dialect, audit).values({name: let(name) for name in (*PLAIN, "what", "at")})
    return Prepared(query.on_conflict_do_nothing(index_elements=["once"], index_where=ONCE).returning(audit.c.id))


CHANNEL = Prepared(
    select(text_at(communities.c.settings, "$.log_channel").label("channel")).where(communities.c.key == let("key"))
)


async def write(connection: AsyncConnection, entry: Entry, at: float) -> int:
    """One entry, and its notice where the community has a log channel. Returns its id; 0 if `once` had come before."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in PLAIN}
    entry_id = (await _line(connection.dialect.name).run(connection, **values, what=entry.what.value, at=at)).scalar
    if entry_id is None:
        return 0
    if await _logged(connection, entry.community):
        wait = STANDS_SECONDS if entry.what is What.ACCEPTED else 0.0
        await outbox.add(connection, NoticeKind.LOG, entry_id, entry.community, at + wait)
    return int(entry_id)


async def _logged(connection: AsyncConnection, key: str) -> bool:
    """Whether the community has a log channel."""
    return bool((await CHANNEL.run(connection, key=key)).scalar)


def read_entry(row: RowMapping) -> Entry:
    """A row as an Entry."""
    plain = {name: row[name] for name in PLAIN}
    return Entry(what=What(row["what"]), id=row["id"], at=row["at"], **plain)


class Audit(Part):
    """The Audit port."""

    async def record(self, entry: Entry) -> int:
        """Its id; 0 if `once` had come before."""
        async with self._db.write() as connection:
            return await write(connection, entry, self._clock())

    async def entry(self, entry_id: int) -> Entry | None:
        """One entry."""
        async with self._db.read() as connection:
            row = (await connection.execute(select(audit).where(audit.c.id == entry_id))).mappings().first()
        return read_entry(row) if row else None

    async def entries(self, key: str, *, before: int = 0, limit: int = 20, subject: str = "") -> list[Entry]:
        """Newest first; `before` an id; of one subject (or actor) only; key "" = every community."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if key:
            query = query.where(audit.c.community == key)
        if before:
            query = query.where(audit.c.id < before)
        if subject:
            users = self._keys(subject)
            query = query.where(or_(audit.c.subject.in_(users), audit.c.actor.in_(users)))
        async with self._db.read() as connection:
            return [read_entry(row) for row in (await connection.execute(query)).mappings()]
