"""What the store refused, as a private sentence and a line in the audit log; and the budget's warning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.jobs.acceptance import Accepted, Caps, Refusal, RefusalKind
from bot.jobs.asks import Private
from bot.jobs.entry import say, write_refusal
from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.why import Why
from bot.jobs.wish import Wish
from bot.policy.community import SPAM_SECONDS
from bot.policy.records import Entry, What
from bot.texts import answers, gate

log = structlog.get_logger()
DAY = 86400.0
LINE_SECONDS = 60.0
"""After which a full queue may have room."""
WARN_AT = 0.8
"""Moderators are told when so much of a budget is used."""
SILENT = frozenset({RefusalKind.TWIN, RefusalKind.DRAWN})
"""A second press is no refusal worth a line in the audit log."""


async def tell_refusal(house: House, wish: Wish, refusal: Refusal, job: Job, caps: Caps) -> Private:
    """Why not, and what to do."""
    log.info("job refused", user=job.alias, kind=refusal.kind.value, left=refusal.left)
    answer = _answer(house, refusal, job, caps)
    if refusal.kind not in SILENT:
        await write_refusal(house, wish, f"{refusal.kind.value}: {answer.card.lines[0]}")
    if refusal.kind is RefusalKind.BUDGET:
        await tell_budget(house, job.place.community, 1.0, refusal.period)
    return answer


def _answer(house: House, refusal: Refusal, job: Job, caps: Caps) -> Private:
    why, now = Why.RULES if refusal.kind is RefusalKind.SPAM else Why(refusal.kind.value), house.clock()
    if refusal.kind is RefusalKind.QUOTA:
        wait = DAY - now % DAY
        return say(answers.quota(refusal.left, caps.daily, job.units, wait), why=why, wait=wait)
    if refusal.kind is RefusalKind.MONTH:
        return say(answers.month(refusal.left, caps.monthly, job.units), why=why, wait=_month_left(now))
    if refusal.kind is RefusalKind.BUDGET:
        wait = DAY - now % DAY if refusal.period == "day" else _month_left(now)
        return say(answers.budget(refusal.period), why=why, wait=wait)
    if refusal.kind in {RefusalKind.QUEUE_FULL, RefusalKind.LINE_FULL}:
        own = answers.queue_full(caps.user_running, caps.user_waiting)
        return say(own if refusal.kind is RefusalKind.QUEUE_FULL else answers.LINE_FULL, why=why, wait=LINE_SECONDS)
    if refusal.kind in {RefusalKind.COOLDOWN, RefusalKind.SPAM}:
        soon = float(refusal.left) if refusal.kind is RefusalKind.COOLDOWN else None
        return say(f"{_pace(refusal, caps)} {answers.FREE}", why=why, wait=soon)
    return replace(_twin(refusal), why=why, job_id=refusal.twin.id if refusal.twin else "")


def _month_left(now: float) -> float:
    """Seconds to the first of the next month, UTC."""
    today = datetime.fromtimestamp(now, UTC)
    first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1).timestamp() - now


def _pace(refusal: Refusal, caps: Caps) -> str:
    """As the gate says it."""
    if refusal.kind is RefusalKind.COOLDOWN:
        return gate.cooldown(refusal.left, caps.cooldown)
    return gate.spam(refusal.left, int(SPAM_SECONDS // 60))


def _twin(refusal: Refusal) -> Private:
    """A link to the job that does this already, or has done it."""
    url = refusal.twin.message.url if refusal.twin and refusal.twin.message else ""
    if refusal.kind is RefusalKind.DRAWN:
        done = bool(refusal.twin and refusal.twin.state is JobState.DELIVERED)
        return say(answers.DRAWN if done else answers.DRAWING, link=url)
    return say(answers.TWIN, link=url)


async def warn_budget(house: House, accepted: Accepted) -> None:
    """At 80 % the moderators are told, once a period."""
    if accepted.budget >= WARN_AT and not accepted.replay:
        await tell_budget(house, accepted.job.place.community, accepted.budget, accepted.period)


async def tell_budget(house: House, community: str, share: float, period: str) -> None:
    """One line in the log for 80 %, one for 100 %, each once a day or month."""
    mark = "stop" if share >= 1.0 else "warn"
    day = answers.day(house.clock())
    once = f"budget:{community}:{mark}:{day if period == 'day' else day[:7]}"
    await house.policy.record(Entry(community, What.BUDGET, text=answers.budget_used(share, period), once=once))
    house.noticed.set()
