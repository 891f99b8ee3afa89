"""What quotas and budgets are held against: a day's and a month's sums of both books, thirty rows a month at most."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Label, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.model import OPEN
from bot.policy.records import Period
from storage.prepared import Prepared, let
from storage.sums_tables import community_days, user_days
from storage.tables import jobs

OPEN_STATES = sorted(state.value for state in OPEN)
OPERATORS = ""
"""The community of the operator's own grants, which count everywhere."""


def _both(name: str, days: ColumnElement[str], value: ColumnElement[int]) -> tuple[Label[int], Label[int]]:
    """`<name>_day` and `<name>_month`."""
    today = func.coalesce(func.sum(case((days == let("day"), value), else_=0)), 0)
    return today.label(f"{name}_day"), func.coalesce(func.sum(value), 0).label(f"{name}_month")


def _month(days: ColumnElement[str]) -> ColumnElement[bool]:
    """Days sort as text: the month is a range, so that the key serves it."""
    return and_(days >= let("first"), days <= let("last"))


def _used() -> Prepared:
    days = user_days.c
    granted = case((days.community.in_([OPERATORS, let("community")]), days.granted), else_=0)
    theirs = days.user_key.in_([let("user"), let("anonymous")])
    return Prepared(select(*_both("units", days.period, days.units + granted)).where(theirs, _month(days.period)))


def _communitys() -> Prepared:
    days = community_days.c
    to_come = select(
        func.coalesce(func.sum(case((jobs.c.estimate > jobs.c.cost, jobs.c.estimate - jobs.c.cost), else_=0)), 0)
    ).where(jobs.c.state.in_(OPEN_STATES), jobs.c.community_key == let("community"))
    # One question, so that money that goes from one sum to the other meanwhile is in exactly one of them.
    sums = (*_both("pictures", days.period, days.pictures), *_both("spent", days.period, days.micro_usd))
    query = select(*sums, to_come.scalar_subquery().label("to_come"))
    return Prepared(query.where(days.community == let("community"), _month(days.period)))


USED, COMMUNITY = _used(), _communitys()


def _days(day: str) -> dict[str, str]:
    """The values of `_both` and `_month`."""
    return {"day": day, "first": f"{day[:7]}-01", "last": f"{day[:7]}-31"}


async def used(connection: AsyncConnection, users: tuple[str, str], day: str, community: str) -> Period:
    """Units reserved and not refunded anywhere, less the grants that count in `community`, on that day and in its month.

    `users`: a user's key and their anonymous one. What a community's moderators give is good in their community alone:
    otherwise whoever may add the bot to a server of their own could lift the deployment's cap everywhere.
    """
    user, anonymous = users
    found = (await USED.run(connection, user=user, anonymous=anonymous, community=community, **_days(day))).rows[0]
    return Period(int(found["units_day"]), int(found["units_month"]))


async def community_used(connection: AsyncConnection, community: str, day: str) -> tuple[Period, Period]:
    """A community's pictures, and its micro-USD: what was spent, and what its open jobs may still cost."""
    found = (await COMMUNITY.run(connection, community=community, **_days(day))).rows[0]
    spent = [int(found[f"spent_{name}"]) + int(found["to_come"]) for name in ("day", "month")]
    return Period(int(found["pictures_day"]), int(found["pictures_month"])), Period(*spent)
