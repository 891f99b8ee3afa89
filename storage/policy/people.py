"""Pseudonyms, and a user's right to what is kept."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from bot.policy.records import Entry, Kept
from storage.db import Database
from storage.dialect import insert
from storage.policy import audit, erase, images, kept
from storage.policy.base import Part
from storage.policy_tables import aliases
from storage.prepared import Prepared, let
from storage.tables import jobs
from storage.turns import Turn

ALIAS = Prepared(select(aliases.c.alias).where(aliases.c.user_key == let("user")))
REMEMBERED = 5000
"""Pseudonyms in memory."""


class People(Part):
    """The People port."""

    def __init__(self, db: Database, clock: Callable[[], float], secret: str) -> None:
        """Pseudonyms that were read are remembered: every job asks for one, and none ever changes."""
        super().__init__(db, clock, secret)
        self._known: OrderedDict[str, str] = OrderedDict()

    async def alias(self, user_key: str) -> str:
        """The user's pseudonym: 16 random hex digits, made at the first call and kept until they are erased."""
        if user_key not in self._known:
            self._known[user_key] = await self._alias(user_key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[user_key]

    async def _alias(self, user_key: str) -> str:
        there = (await self._db.ask(ALIAS, user=user_key)).scalar
        if there is not None:
            return str(there)
        async with self._db.write() as connection:
            new = insert(connection, aliases).values(user_key=user_key, alias=secrets.token_hex(8))
            await connection.execute(new.on_conflict_do_nothing(index_elements=["user_key"]))
            return str((await ALIAS.run(connection, user=user_key)).scalar)

    async def user_of(self, alias: str) -> str | None:
        """Whose pseudonym it is."""
        query = select(aliases.c.user_key).where(aliases.c.alias == alias)
        async with self._db.read() as connection:
            return (await connection.execute(query)).scalar()

    async def kept(self, user_key: str) -> Kept:
        """Everything that is stored about them; also what stands under the anonymous key since an earlier erasing."""
        keys = self._keys(user_key)
        standing = (jobs.c.user_key.in_(keys), jobs.c.deleted.is_(False))
        async with self._db.snapshot() as connection:
            tables = await kept.tables(connection, user_key, keys)
            return Kept(tables, tuple(await images.keys(connection, *standing)))

    async def erase(self, user_key: str, entry: Entry, now: float) -> Sequence[str]:
        """Forget them. Returns the keys of their pictures, but for those that a running job still draws from.

        The engine takes messages away, and then `storage.erased.finish` forgets where they stood.
        """
        who = erase.Person(user_key, self._anon(user_key), now)
        async with self._db.write(Turn.COUNTS, Turn.DESK, Turn.MESSAGES) as connection:
            pictures = await images.keys(connection, jobs.c.user_key == user_key, images.without_children())
            for part in (erase.said, erase.desk, erase.own, erase.drawn):
                await part(connection, who)
            await audit.write(connection, _nameless(entry, who), now)
        self._known.pop(user_key, None)
        return pictures


def _nameless(entry: Entry, who: erase.Person) -> Entry:
    """The entry of an erasing does not name the erased."""
    if entry.actor == who.key:
        entry = replace(entry, actor=who.anon, name="")
    return replace(entry, subject=who.anon) if entry.subject == who.key else entry
