"""Quota, budget and caps as arithmetic: the store asks these inside the accepting transaction."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.acceptance import Caps, Refusal, RefusalKind
from bot.policy.community import Budget
from bot.policy.records import Period

NOTHING = Period()


@dataclass(frozen=True, slots=True)
class Used:
    """What stands in the books and in the queue before the job: a user's units, the community's pictures and micro-USD."""

    user: Period
    pictures: Period = NOTHING
    money: Period = NOTHING


def quota(caps: Caps, used: Period, units: int) -> Refusal | None:
    """The user's day, then the user's month."""
    if used.day + units > caps.daily:
        return Refusal(RefusalKind.QUOTA, left=max(0, caps.daily - used.day))
    if caps.monthly and used.month + units > caps.monthly:
        return Refusal(RefusalKind.MONTH, left=max(0, caps.monthly - used.month))
    return None


def budget(limits: Budget, used: Used, units: int, cost: int) -> Refusal | None:
    """The community's pictures and money. `cost`: the job's estimate, micro-USD."""
    for period, share in _shares(limits, used, units, cost):
        if share > 1.0:
            return Refusal(RefusalKind.BUDGET, period=period)
    return None


def fullest(limits: Budget, used: Used, units: int, cost: int) -> tuple[float, str]:
    """How much of the fullest budget is used with this job, and of which period; 0.0 where none is set."""
    return max(((share, period) for period, share in _shares(limits, used, units, cost)), default=(0.0, ""))


def _shares(limits: Budget, used: Used, units: int, cost: int) -> list[tuple[str, float]]:
    sums = (
        ("day", limits.images_day, used.pictures.day + units),
        ("month", limits.images_month, used.pictures.month + units),
        ("day", limits.spend_day, used.money.day + cost),
        ("month", limits.spend_month, used.money.month + cost),
    )
    return [(period, total / limit) for period, limit, total in sums if limit]
