"""Slack installations: one row a workspace or organisation, its token sealed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.slack.ports import Installation
from storage.db import Database
from storage.sealed import Seal
from storage.tables import slack_installations as table
from storage.tables import slack_states, slack_teams

PLAIN = tuple(field.name for field in fields(Installation) if field.name not in {"token", "scopes"})
"""Fields that stand in a column of their name as they are."""


class SqlInstallations:
    """The Installations port of the Slack front end."""

    def __init__(self, db: Database, secret: str) -> None:
        """`secret`: IMAGINE_SECRET."""
        self._db = db
        self._seal = Seal(secret, "slack tokens")

    async def save(self, installation: Installation) -> None:
        """Replace what stands under the same id."""
        values: dict[str, object] = {name: getattr(installation, name) for name in PLAIN}
        values |= {"id": installation.id, "scopes": ",".join(installation.scopes)}
        values["token"] = self._seal.close(installation.token, installation.id)
        async with self._db.write() as connection:
            await connection.execute(delete(table).where(table.c.id == installation.id))
            await connection.execute(insert(table).values(**values))

    async def find(self, ids: Sequence[str]) -> Installation | None:
        """In the order of `ids`."""
        async with self._db.read() as connection:
            rows = (await connection.execute(select(table).where(table.c.id.in_(ids)))).mappings().all()
        found = {row["id"]: row for row in rows}
        first = next((found[one] for one in ids if one in found), None)
        return self._read(first) if first is not None else None

    async def all(self) -> list[Installation]:
        """Oldest first."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(table).order_by(table.c.installed_at, table.c.id))
            return [self._read(row) for row in rows.mappings()]

    async def remove(self, installation_id: str, before: float) -> bool:
        """With what is known of the workspaces that it served."""
        theirs = delete(table).where(table.c.id == installation_id, table.c.installed_at < before)
        async with self._db.write() as connection:
            if not (await connection.execute(theirs)).rowcount:
                return False
            await connection.execute(delete(slack_teams).where(slack_teams.c.enterprise_id == installation_id))
        return True

    async def organisation(self, team_id: str) -> str:
        """Empty where the workspace was never seen through one."""
        query = select(slack_teams.c.enterprise_id).where(slack_teams.c.team_id == team_id)
        async with self._db.read() as connection:
            return str((await connection.execute(query)).scalar() or "")

    async def belongs(self, team_id: str, enterprise_id: str) -> None:
        """Replace what was known of it."""
        with suppress(IntegrityError):  # another process wrote the same in this moment
            async with self._db.write() as connection:
                await connection.execute(delete(slack_teams).where(slack_teams.c.team_id == team_id))
                await connection.execute(insert(slack_teams).values(team_id=team_id, enterprise_id=enterprise_id))

    async def spend(self, state: str, until: float, now: float) -> bool:
        """The primary key decides: of two who come at once, in whatever process, one alone is the first."""
        async with self._db.write() as connection:
            await connection.execute(delete(slack_states).where(slack_states.c.until < now))
        try:
            async with self._db.write() as connection:
                await connection.execute(insert(slack_states).values(state=state, until=until))
        except IntegrityError:
            return False
        return True

    def _read(self, row: RowMapping) -> Installation:
        values = {name: row[name] for name in PLAIN} | {"org_wide": bool(row["org_wide"])}
        scopes = tuple(filter(None, row["scopes"].split(",")))
        return Installation(**values, scopes=scopes, token=self._seal.open(row["token"], row["id"]) or "")
