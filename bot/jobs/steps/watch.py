"""running -> finished: webhooks wake it, polling goes on below them, progress is shown as the provider tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.jobs.house import House
from bot.jobs.model import GIVEN_UP, Call, CallState, Job, JobState, Progress
from bot.jobs.steps import results, unknown
from bot.jobs.steps.common import Next, card_of, end, log, tell_operator
from providers.base import Provider, Stage, Status
from providers.errors import ProviderError
from providers.polling import next_poll

OPEN = frozenset({Stage.QUEUED, Stage.RUNNING})


async def step(house: House, job: Job) -> Next:
    """Ask how each open call stands; go on when none is open."""
    provider = house.providers.get(job.provider)
    if provider is None:
        return await end(house, job, JobState.FAILED, "no_provider")
    calls = await house.store.calls(job.id)
    told = await asyncio.gather(*(ask(house, provider, call) for call in calls if call.state is CallState.ACCEPTED))
    lost = [call for call in calls if call.state is CallState.UNKNOWN]
    await unknown.confirm(house, provider, lost)
    if lost or any(status and status.stage not in OPEN for status in told):
        calls = await house.store.calls(job.id)
    else:  # they were counted, and nothing else was written
        calls = [replace(call, polls=call.polls + 1) if call.state is CallState.ACCEPTED else call for call in calls]
    open_calls = [call for call in calls if call.state is CallState.ACCEPTED]
    late = [call for call in open_calls if _had(house, job, call) > provider.capabilities.deadline]
    for call in late:
        await house.store.call_refused(call, GIVEN_UP, paid=True, now=house.clock())
    if late:
        return job
    if open_calls:
        job = await _show(house, job, calls, [status for status in told if status])
        return _next_look(house, provider, open_calls)
    return await _all_told(house, job, provider, calls)


def _had(house: House, job: Job, call: Call) -> float:
    """Seconds that the provider has had for it: since it was sent, or since the job was taken up again."""
    return house.clock() - max(job.started_at or job.created_at, call.sent_at or call.created_at)


async def _all_told(house: House, job: Job, provider: Provider, calls: Sequence[Call]) -> Next:
    """No accepted call is open any more."""
    waiting = unknown.patience(house, provider, calls)
    if waiting:
        return waiting
    if any(call.state is CallState.DONE for call in calls):
        return await house.store.move(job, JobState.FINISHED, house.clock())
    if any(call.state is CallState.UNKNOWN for call in calls):
        log.error("a paid request got no answer", calls=[call.id for call in calls if call.state is CallState.UNKNOWN])
        return await end(house, job, JobState.UNCERTAIN, "unanswered")
    newest = {call.slot: call for call in sorted(calls, key=lambda call: call.attempt)}
    return await results.end_refused(house, job, list(newest.values()))


async def ask(house: House, provider: Provider, call: Call) -> Status | None:
    """One status question. A failure to ask changes nothing; it is asked again. An end is written down, the rest counted."""
    try:
        status = await provider.status(call.ref)
    except ProviderError as error:
        log.warning("status failed", call=call.id, family=error.family, error=error.text)
        tell_operator(house, call.provider, error)
        status = None
    if status is None or status.stage in OPEN:
        await house.store.polled(call, house.clock())
    else:
        await apply(house, call, status)
    return status


async def apply(house: House, call: Call, status: Status) -> None:
    """Write down what a status says about an accepted call; an open stage changes nothing."""
    if status.stage is Stage.DONE:
        await results.keep(house, call, call.ref, status.pictures, status.cost)
    elif status.stage is Stage.CANCELLED:
        await house.store.call_refused(call, "cancelled: by the provider", paid=True, now=house.clock())
    elif status.stage is Stage.FAILED:
        error = status.error
        reason = f"{error.family}: {error.text}" if error else "broken: failed without a reason"
        await house.store.call_refused(call, reason, paid=True, now=house.clock())


def _next_look(house: House, provider: Provider, calls: Sequence[Call]) -> float:
    """Polling goes on below webhooks and slows down further. An offline provider keeps its own pace: it costs nothing."""
    capabilities = provider.capabilities
    hooked = capabilities.webhook and house.webhook_url(capabilities.name, "") is not None
    first = capabilities.poll_first if capabilities.offline else house.timing.poll_first or capabilities.poll_first
    polls = min(call.polls for call in calls)
    return next_poll(first, polls, webhook=hooked, random=house.random, cap=max(first, capabilities.poll_cap))


async def _show(house: House, job: Job, calls: Sequence[Call], told: Sequence[Status]) -> Job:
    """Progress as said: the mean over all calls where any gives a fraction, else the best queue position."""
    fractions = [status.fraction for status in told if status.stage is not Stage.DONE and status.fraction is not None]
    queues = [status.queue_position for status in told if status.queue_position is not None]
    done = sum(call.state is CallState.DONE for call in calls)
    fraction = (sum(fractions) + done) / (len(fractions) + done) if fractions else job.progress.fraction
    progress = Progress(fraction, min(queues, default=None), job.progress.preview)
    if progress != job.progress:
        job = await house.store.progressed(job, progress)
    house.progress.show(house.chats[job.actor.platform], job, await card_of(house, job))
    return job
