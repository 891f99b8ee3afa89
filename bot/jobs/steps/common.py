"""What several steps share: the Card as it stands, and how a job comes to its end."""

from __future__ import annotations

import json
import re

import structlog

from bot.jobs.card import card
from bot.jobs.house import House
from bot.jobs.model import Call, Job, JobState
from bot.jobs.place import MessageRef
from bot.jobs.steps import cleanup
from bot.jobs.surface import Card
from providers.errors import Family, ProviderError

log = structlog.get_logger()
Next = Job | float | None
"""What a step returns."""
PLAIN_ID = re.compile(r"[\w.:-]{1,80}", re.ASCII)


def label(house: House, job: Job) -> str:
    """The provider's name for people."""
    return label_of(house, job.provider)


def label_of(house: House, name: str) -> str:
    """The same by its short name."""
    provider = house.providers.get(name)
    return provider.capabilities.label if provider else name


def tell_operator(house: House, name: str, error: ProviderError) -> None:
    """A refused key or an empty account (401, 402): nobody but the operator can mend those."""
    if error.family in {Family.BAD_KEY, Family.NO_MONEY}:
        house.troubles.tell(name, error.family.value, error.text, label=label_of(house, name))


def seconds_of(house: House, call: Call) -> float:
    """Since the intent of a paid request was written down, for the log."""
    return round(house.clock() - call.created_at, 3)


def told(ref: str) -> str:
    """The provider's id in a `ref`, for the log; "" where it has none: sketch keeps the prompt itself there."""
    try:
        kept = json.loads(ref)
    except (ValueError, RecursionError):
        kept = None
    found = kept.get("id") if isinstance(kept, dict) else ref
    return found if isinstance(found, str) and PLAIN_ID.fullmatch(found) else ""


async def card_of(house: House, job: Job, ahead: int = 0) -> Card:
    """The Card that the job's message shows now."""
    provider = house.providers.get(job.provider)
    parent = await house.store.job(job.parent_id) if job.parent_id else None
    return card(
        job,
        label(house, job),
        house.clock(),
        ahead=ahead,
        can_cancel=bool(provider and provider.capabilities.cancel),
        parent_url=parent.message.url if parent and parent.message and not parent.deleted else "",
    )


async def end(
    house: House,
    job: Job,
    state: JobState,
    reason: str = "",
    *,
    detail: str = "",
    settle: int = 0,
    message: MessageRef | None = None,
    told: bool = False,
) -> Job:
    """End a job and start the head of the queue in its place."""
    await cleanup.before_end(house, job)
    ended = await house.store.end(
        job, state, house.clock(), settle=settle, reason=reason, detail=detail, message=message, told=told
    )
    kept = [picture.key for picture in (*ended.pictures, ended.shown) if picture]
    log.info("job ended", state=state.value, reason=reason, detail=detail, settled=settle, cost=ended.cost,
             estimate=ended.estimate, seconds=round(house.clock() - job.created_at, 3), pictures=kept)  # fmt: skip
    await admit(house)
    return ended


async def admit(house: House, looked_at: str = "") -> list[str]:
    """Start what the caps allow and wake it. `looked_at` goes on by itself: a wake would only cut its next wait short."""
    ids = await house.store.admit(house.caps, house.clock())
    for job_id in ids:
        if job_id != looked_at:
            house.engine.wake(job_id)
    return ids
