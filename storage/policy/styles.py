"""House styles."""

from __future__ import annotations

from sqlalchemy import RowMapping, delete, select

from bot.policy.records import Entry, HouseStyle
from storage.dialect import insert
from storage.policy import audit
from storage.policy.base import Part
from storage.policy_tables import styles

FIELDS = ("name", "prefix", "suffix", "parameters", "preview", "preview_mime", "by")


def _read(row: RowMapping) -> HouseStyle:
    return HouseStyle(**{name: row[name] for name in FIELDS})


class Styles(Part):
    """The Styles port."""

    async def styles(self, key: str) -> list[HouseStyle]:
        """By name."""
        query = select(styles).where(styles.c.community == key).order_by(styles.c.name)
        async with self._db.read() as connection:
            return [_read(row) for row in (await connection.execute(query)).mappings()]

    async def put_style(self, key: str, style: HouseStyle, entry: Entry) -> None:
        """Add or replace."""
        values = {name: getattr(style, name) for name in FIELDS}
        async with self._db.write() as connection:
            query = insert(connection, styles).values(community=key, **values)
            await connection.execute(query.on_conflict_do_update(index_elements=["community", "name"], set_=values))
            await audit.write(connection, entry, self._clock())

    async def remove_style(self, key: str, name: str, entry: Entry) -> HouseStyle | None:
        """The removed one, None if there was none."""
        query = delete(styles).where(styles.c.community == key, styles.c.name == name).returning(*styles.c)
        async with self._db.write() as connection:
            row = (await connection.execute(query)).mappings().first()
            if row:
                await audit.write(connection, entry, self._clock())
        return _read(row) if row else None
