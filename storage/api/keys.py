"""Keys of the job API."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, insert, or_, select, update

from bot.api.ports import Key, Scope
from storage.api_tables import api_keys
from storage.db import Database

SCOPES = TypeAdapter(tuple[Scope, ...])
ROLES = TypeAdapter(tuple[str, ...])
USED_SECONDS = 60.0
"""When a key was used last is written down once in so many seconds."""


class SqlKeys:
    """The Keys port."""

    _db: Database

    async def key(self, key_id: str) -> Key | None:
        """One key."""
        async with self._db.read() as connection:
            row = (await connection.execute(select(api_keys).where(api_keys.c.id == key_id))).mappings().first()
        return _read(row) if row else None

    async def all_keys(self) -> list[Key]:
        """Oldest first."""
        query = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
        async with self._db.read() as connection:
            return [_read(row) for row in (await connection.execute(query)).mappings()]

    async def add_key(self, key: Key) -> None:
        """A new one."""
        values = {name: getattr(key, name) for name in api_keys.c.keys() if name not in {"scopes", "roles"}}  # noqa: SIM118
        values |= {"scopes": SCOPES.dump_json(key.scopes).decode(), "roles": ROLES.dump_json(key.roles).decode()}
        async with self._db.write() as connection:
            await connection.execute(insert(api_keys).values(**values))

    async def revoke_key(self, key_id: str, now: float) -> bool:
        """False if there was nothing to revoke."""
        query = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None)).values(revoked_at=now)
        async with self._db.write() as connection:
            return (await connection.execute(query)).rowcount > 0

    async def key_used(self, key_id: str, now: float) -> None:
        """To the minute."""
        old = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at < now - USED_SECONDS)
        async with self._db.write() as connection:
            await connection.execute(update(api_keys).where(api_keys.c.id == key_id, old).values(used_at=now))


def _read(row: RowMapping) -> Key:
    values = dict(row)
    return Key(**values | {"scopes": SCOPES.validate_json(row["scopes"]), "roles": ROLES.validate_json(row["roles"])})
