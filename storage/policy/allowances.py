"""Users' own limits and grants; sums of both books."""

from __future__ import annotations

import secrets

from sqlalchemy import insert as plain_insert
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.policy.records import Entry, Override, Period
from storage import ledger as book
from storage import sums
from storage.dialect import insert
from storage.policy import audit
from storage.policy.base import Part
from storage.policy_tables import overrides
from storage.prepared import Prepared, let
from storage.tables import ledger
from storage.turns import Turn

OVERRIDE = Prepared(
    select(overrides.c.daily, overrides.c.monthly)
    .where(overrides.c.community == let("key"), overrides.c.user_key.in_([let("user"), let("anonymous")]))
    .order_by(overrides.c.user_key != let("user"))
    .limit(1)
)


async def _grant(connection: AsyncConnection, key: str, user_key: str, units: int, now: float) -> None:
    """A line of the ledger that counts down and belongs to no job."""
    line = {"job_id": f"grant-{secrets.token_hex(10)}", "kind": "grant", "units": -units, "at": now}
    await connection.execute(plain_insert(ledger).values(user_key=user_key, community=key, period=book.period(now), **line))


class Allowances(Part):
    """The Allowances port."""

    async def override_of(self, key: str, user_key: str) -> Override:
        """Empty where nothing is stored. What was decided since an erasing counts before what was decided earlier."""
        user, anonymous = self._keys(user_key)
        row = (await self._db.ask(OVERRIDE, key=key, user=user, anonymous=anonymous)).first
        return Override(row["daily"], row["monthly"]) if row else Override()

    async def put_override(self, key: str, user_key: str, override: Override, entry: Entry) -> None:
        """Replace it."""
        limits = {"daily": override.daily, "monthly": override.monthly}
        async with self._db.write() as connection:
            query = insert(connection, overrides).values(community=key, user_key=user_key, **limits)
            await connection.execute(query.on_conflict_do_update(index_elements=["community", "user_key"], set_=limits))
            await audit.write(connection, entry, self._clock())

    async def grant(self, key: str, user_key: str, units: int, entry: Entry, now: float) -> None:
        """Units on top for today (and this month), as a line of the ledger: good in that community; of "" everywhere."""
        async with self._db.write() as connection:
            await _grant(connection, key, user_key, units, now)
            await audit.write(connection, entry, now)

    async def reset(self, key: str, user_key: str, entry: Entry, now: float) -> int:
        """Grant what was used today, as it counts there; returns how many units."""
        async with self._db.write(Turn.DESK) as connection:
            used = (await sums.used(connection, self._keys(user_key), book.period(now), key)).day
            if used > 0:
                await _grant(connection, key, user_key, used, now)
            await audit.write(connection, entry, now)
        return max(0, used)

    async def used_by(self, user_key: str, now: float, community: str = "") -> Period:
        """A user's units, everywhere: reserved and not refunded, less grants of the operator and of that community."""
        async with self._db.read() as connection:
            return await sums.used(connection, self._keys(user_key), book.period(now), community)

    async def used_in(self, key: str, now: float) -> tuple[Period, Period]:
        """A community's pictures and micro-USD: what its budget is held against. DMs have none."""
        if not key:
            return Period(), Period()
        async with self._db.read() as connection:
            return await sums.community_used(connection, key, book.period(now))
