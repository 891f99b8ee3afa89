"""What limits the taking of jobs, and what came of asking for one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.jobs.model import Job
from bot.policy.community import Budget


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps that hold for one user in one place. `daily`, `monthly`: pictures a user and UTC day or month, everywhere.

    `running`, `waiting`: jobs of the whole deployment (of those that wait: without what waits for a moderator).
    `monthly`, `waiting` 0: none. `budget`: of the community where the job is asked for. `cooldown`: seconds since the
    user's last job there, 0: none. `repeats`: how often they may have this prompt drawn there within `SPAM_SECONDS`, 0: any.
    """

    daily: int
    user_running: int
    user_waiting: int
    running: int
    monthly: int = 0
    waiting: int = 0
    budget: Budget = field(default_factory=Budget)
    cooldown: int = 0
    repeats: int = 0


class RefusalKind(StrEnum):
    """Why a job was not accepted."""

    QUOTA = "quota"
    MONTH = "month"
    BUDGET = "budget"
    QUEUE_FULL = "queue_full"
    LINE_FULL = "line_full"
    TWIN = "twin"
    DRAWN = "drawn"
    COOLDOWN = "cooldown"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Not accepted, nothing written. `left`: units left today (this month); `twin`: the job that already does (or did) this.

    `period`: "day" or "month", of the budget that is used up. Of a cooldown `left` is in seconds, of spam it is how often
    the prompt came already.
    """

    kind: RefusalKind
    left: int = 0
    twin: Job | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Job row and reservation are committed. `ahead`: jobs before it; `replay`: the same request came before.

    `budget`: how much of the community's fullest budget is used with it, 0.0-1.0, and of which `period`.
    """

    job: Job
    ahead: int
    replay: bool = False
    budget: float = 0.0
    period: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A user's numbers now: units used today, jobs running and waiting, units used this month."""

    used: int
    running: int
    waiting: int
    month: int = 0
