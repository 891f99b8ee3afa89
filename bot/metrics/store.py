"""A JobStore that tells a Meter of what it has committed. The row is the state machine, so most figures pass here."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from bot.jobs.acceptance import Accepted, Caps, Refusal
from bot.jobs.meter import Meter
from bot.jobs.model import Call, CallState, Found, Job, JobState, Picture
from bot.jobs.store import JobStore, NewCall

MOST_DRAWN = 10_000
"""Jobs between their last picture and their delivery that are kept in mind; another process may deliver some."""


class MeteredStore:
    """Everything that is not measured goes through untouched. The Meter hears of nothing that raised."""

    def __init__(self, store: JobStore, meter: Meter) -> None:
        """Around an open store."""
        self._store = store
        self._meter = meter
        self._drawn: OrderedDict[str, float] = OrderedDict()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the store has under that name)
        """The store's own."""
        return getattr(self._store, name)

    async def accept(self, job: Job, key: str, caps: Caps, due_at: float) -> Accepted | Refusal:
        """Counted unless it is a replay."""
        decided = await self._store.accept(job, key, caps, due_at)
        if isinstance(decided, Accepted) and not decided.replay:
            self._meter.accepted(job.actor.platform, job.action, job.provider)
        return decided

    async def intend(self, job: Job, calls: Sequence[NewCall], now: float) -> list[Call]:
        """The first one ends the wait in the line; a moderator's hold is no wait of ours."""
        intents = await self._store.intend(job, calls, now)
        if not job.hold and all(call.attempt == 0 for call in calls):
            self._meter.began(job.provider, now - job.created_at)
        return intents

    async def call_accepted(self, call: Call, ref: str, cost: int | None, now: float) -> Call:
        """The provider took it."""
        accepted = await self._store.call_accepted(call, ref, cost, now)
        self._meter.called(call.provider, "accepted")
        return accepted

    async def call_done(
        self, call: Call, ref: str, pictures: Sequence[Picture], urls: Sequence[Found], cost: int | None, now: float
    ) -> None:
        """How long it took, and how we heard of it."""
        await self._store.call_done(call, ref, pictures, urls, cost, now)
        by = "inline" if call.state is CallState.INTENT else "webhook" if call.hooked else "poll"
        self._meter.called(call.provider, "done")
        self._meter.drawn(call.provider, by, now - call.created_at)
        self._drawn[call.job_id] = time.monotonic()
        self._drawn.move_to_end(call.job_id)
        if len(self._drawn) > MOST_DRAWN:
            self._drawn.popitem(last=False)

    async def call_refused(self, call: Call, reason: str, *, paid: bool, now: float) -> None:
        """By the family that the reason begins with."""
        await self._store.call_refused(call, reason, paid=paid, now=now)
        self._meter.called(call.provider, reason.partition(":")[0])

    async def call_unknown(self, call: Call, reason: str, now: float) -> None:
        """No answer came."""
        await self._store.call_unknown(call, reason, now)
        self._meter.called(call.provider, CallState.UNKNOWN.value)

    async def retry(self, job: Job, due_at: float, reason: str, *, provider: str = "", notes: Sequence[str] = ()) -> Job:
        """By the step that it happened in."""
        again = await self._store.retry(job, due_at, reason, provider=provider, notes=notes)
        self._meter.retried(job.state, reason)
        return again

    async def end(self, job: Job, state: JobState, now: float, **how: Any) -> Job:  # noqa: ANN401  (as the port has them)
        """By state and provider; of what was delivered also how long the last step took."""
        ended = await self._store.end(job, state, now, **how)
        drawn = self._drawn.pop(job.id, None)
        self._meter.ended(state, job.provider, now - job.created_at)
        if drawn is not None and state is JobState.DELIVERED:
            self._meter.delivered(job.actor.platform, time.monotonic() - drawn)
        return ended
