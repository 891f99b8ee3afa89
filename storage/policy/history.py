"""What a user did here lately, and a community's usage, from the job rows."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.jobs.model import JobState
from bot.policy.records import Usage
from storage import pace
from storage.policy.base import Part
from storage.tables import jobs
from storage.usage import ARRIVED, BY


class History(Part):
    """The History port. An erased user's jobs still count as theirs, except for prompts, which are gone."""

    async def last_accepted(self, key: str, user_key: str) -> float | None:
        """When their last job here was accepted. One of the future, from before the clock was set back, does not count."""
        async with self._db.read() as connection:
            return await pace.last_accepted(connection, key, self._keys(user_key), self._clock())

    async def repeats(self, key: str, user_key: str, prompt: str, since: float) -> int:
        """How often they asked for this very prompt here since then, with or without its parameters; U and V aside."""
        async with self._db.read() as connection:
            return await pace.repeats(connection, key, user_key, prompt, since)

    async def delivered(self, key: str, user_key: str, most: int) -> int:
        """Jobs delivered to them here, ever; `most` are counted."""
        mine = (jobs.c.community_key == key, jobs.c.user_key.in_(self._keys(user_key)))
        state = func.coalesce(jobs.c.state, "")  # by the index of users: a community's delivered jobs are far more
        query = select(jobs.c.id).where(*mine, state == JobState.DELIVERED.value).limit(most)
        async with self._db.read() as connection:
            return len((await connection.execute(query)).all())

    async def usage(self, key: str, by: str, since: float) -> list[Usage]:
        """Of a community by `day`, `user` or `provider`, largest cost first (days: in order). KeyError for another `by`."""
        group = BY[by].label("grouped")
        cost = func.sum(jobs.c.cost)
        query = select(group, func.count().label("asked"), func.sum(ARRIVED).label("pictures"), cost.label("cost"))
        query = query.where(jobs.c.community_key == key, jobs.c.created_at >= since).group_by(group)
        query = query.order_by(group) if by == "day" else query.order_by(cost.desc(), group)
        async with self._db.read() as connection:
            return [Usage(row.grouped, *map(int, row[1:])) for row in await connection.execute(query)]
