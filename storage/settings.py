"""Personal settings of users."""

from __future__ import annotations

from pydantic import TypeAdapter
from sqlalchemy import select

from bot.jobs.ports import UserSettings
from storage.db import Database
from storage.dialect import insert
from storage.prepared import Prepared, let
from storage.tables import user_settings

ADAPTER = TypeAdapter(UserSettings)
OF_USER = Prepared(select(user_settings.c.settings).where(user_settings.c.user_key == let("user")))


class SqlSettings:
    """The SettingsStore port."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def user_settings(self, user_key: str) -> UserSettings:
        """Defaults where nothing is stored."""
        text = (await self._db.ask(OF_USER, user=user_key)).scalar
        return ADAPTER.validate_json(text) if text else UserSettings()

    async def save_user_settings(self, user_key: str, settings: UserSettings) -> None:
        """Replace them."""
        text = ADAPTER.dump_json(settings).decode()
        async with self._db.write() as connection:
            query = insert(connection, user_settings).values(user_key=user_key, settings=text)
            await connection.execute(query.on_conflict_do_update(index_elements=["user_key"], set_={"settings": text}))
