"""Settings of guilds and workspaces: one JSON value a community, read by its key at every command."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.community import Community
from bot.policy.records import Entry
from storage.dialect import insert
from storage.policy import audit
from storage.policy.base import Part
from storage.policy_tables import communities
from storage.prepared import Prepared, let
from storage.turns import Turn

ADAPTER = TypeAdapter(Community)
SETTINGS = Prepared(select(communities.c.settings).where(communities.c.key == let("key")))


async def settings(connection: AsyncConnection, key: str) -> Community:
    """What is set for a community; defaults where nothing is stored, and for ""."""
    text = (await SETTINGS.run(connection, key=key)).scalar if key else None
    return ADAPTER.validate_json(text) if text else Community()


class Communities(Part):
    """The Communities port."""

    async def community(self, key: str) -> Community:
        """Defaults where nothing is stored, and for "". Not cached: another process may have changed it."""
        if not key:
            return Community()
        async with self._db.read() as connection:
            return await settings(connection, key)

    async def save_community(self, key: str, community: Community, entry: Entry, expect: Community | None = None) -> bool:
        """Replace them, unless somebody else has changed what was `expect`ed."""
        text = ADAPTER.dump_json(community).decode()
        async with self._db.write(Turn.DESK) as connection:
            if expect is not None and await settings(connection, key) != expect:
                return False
            query = insert(connection, communities).values(key=key, settings=text)
            await connection.execute(query.on_conflict_do_update(index_elements=["key"], set_={"settings": text}))
            await audit.write(connection, entry, self._clock())
        return True

    async def all_communities(self) -> dict[str, Community]:
        """Every stored one, by key."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(communities.c.key, communities.c.settings).order_by(communities.c.key))
            return {row.key: ADAPTER.validate_json(row.settings) for row in rows}
