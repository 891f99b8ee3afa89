"""A person asked to stop: refunded while nothing was paid, or where the provider confirms; otherwise it ends as drawn."""

from __future__ import annotations

from bot.jobs.house import House
from bot.jobs.model import CallState, Job, JobState
from bot.jobs.steps import fallover, submit
from bot.jobs.steps.common import Next, end, log
from providers.base import Provider
from providers.errors import ProviderError


async def step(house: House, job: Job) -> Next:
    """Only the lease holder changes the state."""
    if job.state is JobState.HELD or (job.state is JobState.REVIEW and job.deleted):
        await house.policy.close(job.id, "withdrawn", None)
        house.noticed.set()
    if job.state is JobState.REVIEW and job.deleted:
        return await end(house, job, JobState.CANCELLED, "person", settle=min(job.units, len(job.pictures)))
    if job.state.waiting:
        return await end(house, job, JobState.CANCELLED, "person")
    provider = house.providers.get(job.provider)
    if job.state is JobState.SUBMITTING and provider is not None:
        return await _unsent(house, job, provider)
    if job.state is not JobState.RUNNING or provider is None or not provider.capabilities.cancel:
        return await house.store.keep_going(job)
    calls = await house.store.calls(job.id)
    live = [call for call in calls if call.state is not CallState.REFUSED]
    confirmed = [call for call in live if call.state is CallState.ACCEPTED and await _stopped(provider, call.ref, call.id)]
    for call in confirmed:
        await house.store.call_refused(call, "cancelled: confirmed by the provider", paid=False, now=house.clock())
    if len(confirmed) == len(live):
        return await end(house, job, JobState.CANCELLED, "person")
    return await house.store.keep_going(job)


async def _unsent(house: House, job: Job, provider: Provider) -> Next:
    """Nothing more is sent. What the provider took, or may have taken, it is asked to stop once the job is running."""
    house.turns.forget(provider.capabilities, job.id)
    calls, wait = await submit.settled(house, job, provider)
    if wait:
        return wait
    if all(fallover.never_taken(call) for call in calls):
        return await end(house, job, JobState.CANCELLED, "person")
    return await house.store.move(job, JobState.RUNNING, house.clock())


async def _stopped(provider: Provider, ref: str, call_id: str) -> bool:
    try:
        return await provider.cancel(ref)
    except ProviderError as error:
        log.warning("cancel failed", call=call_id, error=error.text)
        return False
