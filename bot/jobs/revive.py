"""An operator takes an ended job up again: where it re-enters, and when it may not.

It re-enters at the first step whose product is missing. Its books stay closed: whatever still comes is free of units.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.errors import ImagineError
from bot.jobs.model import GIVEN_UP, Call, CallState, Job, JobState
from bot.jobs.store import JobStore
from bot.texts import revive as texts

DOUBTFUL = frozenset({CallState.INTENT, CallState.UNKNOWN})
"""Calls that may have been sent and paid without our knowing."""
JUDGED = frozenset({"flagged", "rejected", "review"})
"""Reasons of ends by which pictures are not to be shown: a retry is no way around the moderators."""


class NotRevived(ImagineError):
    """The job stays as it is; `str()` is the sentence for the operator."""


def entry(job: Job, calls: Sequence[Call], *, pay_again: bool) -> JobState:
    """The state in which an ended job goes on. Raises NotRevived.

    Pictures in our store: deliver. Calls that the provider took and has not finished, also those that were given up at its
    deadline: poll. Finished ones: fetch.
    Submitting again is left to a person's "Try again", which reserves anew; only a job of which nobody knows whether it
    was paid may be sent again from here, and only where the operator accepts a second payment.
    """
    if job.state.open:
        raise NotRevived(texts.OPEN)
    if job.deleted:
        raise NotRevived(texts.DELETED)
    if job.reason in JUDGED:
        raise NotRevived(texts.JUDGED)
    if job.state is JobState.DELIVERED:
        raise NotRevived(texts.DELIVERED)
    if job.pictures and job.shown:
        return JobState.STORED
    if any(call.ref and call.reason == GIVEN_UP for call in calls):
        return JobState.RUNNING
    return _at_provider(job, {call.state for call in calls}, pay_again=pay_again)


def _at_provider(job: Job, states: Collection[CallState], *, pay_again: bool) -> JobState:
    if CallState.ACCEPTED in states:
        return JobState.RUNNING
    if CallState.DONE in states:
        return JobState.FINISHED
    if job.state is not JobState.UNCERTAIN and DOUBTFUL.isdisjoint(states):
        raise NotRevived(texts.FRESH)
    if not pay_again:
        raise NotRevived(texts.MAY_BE_PAID)
    return JobState.SUBMITTING


async def revive(store: JobStore, job_id: str, now: float, *, pay_again: bool = False) -> JobState:
    """Take a job up again; a running bot sees it at its next look. Raises NotRevived, StoreUnavailable.

    Before a second submit the doubtful calls are given up (their cost stays booked): a kill between the two writes leaves
    the job where it was, to be retried again.
    """
    job = await store.job(job_id)
    if job is None:
        raise NotRevived(texts.UNKNOWN_JOB)
    calls = await store.calls(job_id)
    state = entry(job, calls, pay_again=pay_again)
    if state is JobState.SUBMITTING:
        for call in (call for call in calls if call.state in DOUBTFUL):
            await store.call_refused(call, texts.SENT_AGAIN, paid=True, now=now)
    if not await store.revive(job_id, state, now):
        raise NotRevived(texts.OPEN)
    return state
