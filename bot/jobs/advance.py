"""One look at a job: claim the row, take steps, each saved before the next, and say when to look again."""

from __future__ import annotations

import structlog
from structlog.contextvars import bound_contextvars

from bot.errors import StoreUnavailable
from bot.jobs.house import House
from bot.jobs.leases import Leases
from bot.jobs.model import Job, JobState
from bot.jobs.ports import Held
from bot.jobs.steps import announce, cancel, deliver, fetch, hold, place, queue, submit, watch
from bot.jobs.steps.common import Next, end
from bot.jobs.store import LeaseLost

log = structlog.get_logger()
FAULTS = 5
"""How often a step may fail by a fault of ours before the job is given up."""
STEPS = {
    JobState.NEW: place.step,
    JobState.HELD: hold.step,
    JobState.QUEUED: queue.step,
    JobState.SUBMITTING: submit.step,
    JobState.RUNNING: watch.step,
    JobState.FINISHED: fetch.step,
    JobState.REVIEW: hold.step,
    JobState.STORED: deliver.step,
}


class Advancer:
    """The callback of the engine."""

    def __init__(self, house: House, leases: Leases | None = None) -> None:
        """Over the ports. `leases`: this process's; None: its own, which nobody renews."""
        self._house = house
        self._leases = leases or Leases(house.store, house.clock, house.timing.lease)

    async def __call__(self, job_id: str) -> float | None:
        """Seconds to the next look, or None if only a wake can bring news. Raises StoreUnavailable and Held."""
        house, now = self._house, self._house.clock()
        job = await self._claim(job_id, now)
        if job is None:
            await self._not_ours(job_id)
            return None
        wait: float | None = house.timing.backoff_first
        try:
            with bound_contextvars(job=job.id, user=job.alias, community=job.place.community, provider=job.provider):
                wait = await self._walk(job)
        finally:
            await house.store.release(job, None if wait is None else house.clock() + wait)
        return wait

    async def _claim(self, job_id: str, now: float) -> Job | None:
        leases, until = self._leases, now + self._house.timing.lease
        try:
            return await self._house.store.claim(job_id, leases.id, leases.free_at(now), until)
        except StoreUnavailable:
            leases.unsure()
            raise

    async def _not_ours(self, job_id: str) -> None:
        """Unknown, or held: what woke this look may have come too late for the one that is under way elsewhere."""
        if await self._house.store.job(job_id) is not None:
            raise Held(job_id)

    async def _walk(self, job: Job) -> float | None:
        """Step after step until one says to wait; a lost lease ends it at once."""
        outcome: Next = job
        try:
            async with self._leases.held(job.id):
                while isinstance(outcome, Job):
                    job = outcome
                    outcome = await self._step(job)
                    if isinstance(outcome, Job) and outcome.state is not job.state:
                        log.info("job moved", state=outcome.state.value)
                await self._house.progress.rest(job.id)
        except LeaseLost:
            log.info("lease lost", state=job.state.value)
            self._house.progress.drop(job.id)
            return self._house.timing.backoff_first
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, the job must come to an end)
            return await self._broken(job, error)
        return outcome

    async def _broken(self, job: Job, error: Exception) -> float | None:
        """A fault of ours: tried again a few times, then the job ends, refunded, so that nobody waits for ever."""
        log.error("step failed", state=job.state.value, attempt=job.attempts, exc_info=error)
        wait = self._house.backoff(job.attempts)
        try:
            if job.attempts < FAULTS or not job.state.open:
                await self._house.store.retry(job, self._house.clock() + wait, "broken")
            else:
                await end(self._house, job, JobState.FAILED, "broken", detail="a fault in the bot: see the log")
                wait = 0.0
        except LeaseLost:
            log.info("lease lost", state=job.state.value)
        return wait

    async def _step(self, job: Job) -> Next:
        if not job.state.open:
            return await announce.step(self._house, job)
        if job.cancel_requested:
            return await cancel.step(self._house, job)
        return await STEPS[job.state](self._house, job)
