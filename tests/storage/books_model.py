"""Both books as a test would keep them on paper: sums from a list of jobs and grants, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.jobs.acceptance import Caps, RefusalKind
from bot.jobs.model import BUSY, WAITING, JobState
from bot.policy.records import Period


def day_of(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


@dataclass
class Paper:
    """One accepted job. `kept`: units that stay reserved or settled; `calls`: what each is booked at, micro-USD."""

    user: str
    community: str
    units: int
    estimate: int
    day: str
    key: str
    state: JobState = JobState.NEW
    kept: int = 0
    closed: bool = False
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        return sum(self.calls.values())


@dataclass
class Model:
    """Everything that was accepted and granted. `grants`: user, community, day, units."""

    jobs: dict[str, Paper] = field(default_factory=dict)
    grants: list[tuple[str, str, str, int]] = field(default_factory=list)

    def used(self, user: str, community: str, now: float) -> Period:
        taken = [(job.day, job.kept) for job in self.jobs.values() if job.user == user]
        given = ((day, -units) for who, where, day, units in self.grants if who == user and where in {"", community})
        return _sum([*taken, *given], now)

    def pictures(self, community: str, now: float) -> Period:
        return _sum([(job.day, job.kept) for job in self.jobs.values() if job.community == community], now)

    def money(self, community: str, now: float) -> Period:
        here = [job for job in self.jobs.values() if job.community == community]
        spent = _sum([(job.day, job.cost) for job in here], now)
        still = sum(max(0, job.estimate - job.cost) for job in here if job.state.open)
        return Period(spent.day + still, spent.month + still)

    def refusal(self, user: str, community: str, caps: Caps, units: int, estimate: int, now: float) -> RefusalKind | None:
        """What must be answered to an ask, in the order of the issue: quota, budget, caps."""
        used, pictures = self.used(user, community, now), self.pictures(community, now)
        money = self.money(community, now)
        if used.day + units > caps.daily:
            return RefusalKind.QUOTA
        if caps.monthly and used.month + units > caps.monthly:
            return RefusalKind.MONTH
        limits = caps.budget
        sums = (
            (pictures.day + units, limits.images_day),
            (pictures.month + units, limits.images_month),
            (money.day + estimate, limits.spend_day),
            (money.month + estimate, limits.spend_month),
        )
        if any(limit and total > limit for total, limit in sums):
            return RefusalKind.BUDGET
        return self._queue(user, caps)

    def _queue(self, user: str, caps: Caps) -> RefusalKind | None:
        busy = [job.user for job in self.jobs.values() if job.state in BUSY]
        waiting = sum(job.user == user and job.state in WAITING for job in self.jobs.values())
        startable = max(0, min(caps.user_running - busy.count(user), caps.running - len(busy)))
        return RefusalKind.QUEUE_FULL if waiting >= caps.user_waiting + startable else None


def _sum(lines: Iterable[tuple[str, int]], now: float) -> Period:
    lines, today = list(lines), day_of(now)
    return Period(
        sum(units for day, units in lines if day == today), sum(units for day, units in lines if day[:7] == today[:7])
    )
