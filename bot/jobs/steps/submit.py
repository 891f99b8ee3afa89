"""submitting -> running: every paid request is written down before it is sent, and never sent a second time on a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.jobs import drawing
from bot.jobs.house import House
from bot.jobs.model import Call, CallState, Job, JobState, new_id
from bot.jobs.steps import fallover, results, unknown, watch
from bot.jobs.steps.common import Next, end, log, seconds_of, tell_operator, told
from bot.jobs.steps.fitting import fitted
from bot.jobs.steps.insist import insist
from bot.jobs.steps.preview import Previews
from bot.jobs.store import LeaseLost, NewCall
from bot.jobs.turns import TURN_SECONDS
from providers.base import DrawRequest, Kind, Provider, Stage, Status
from providers.capabilities import Capabilities
from providers.errors import Accepted, Family, ProviderError
from providers.streaming import Streaming

FROZEN_SECONDS = 20.0
"""An intent is sent at once or not at all: after 30 s without a word of it (`Timing.webhook_grace`) it never arrived."""
AGAIN = frozenset({Family.BUSY.value, Family.BROKEN.value})
"""Refusals that a later try may overcome; only ever with `accepted: no`."""
TAKEN = frozenset({CallState.ACCEPTED, CallState.DONE, CallState.UNKNOWN})
"""The provider has it, or may have it."""


async def step(house: House, job: Job) -> Next:
    """Settle what an earlier life left open, then send what is still to be sent."""
    provider = house.providers.get(job.provider)
    if provider is None:
        return await end(house, job, JobState.FAILED, "no_provider")
    calls, wait = await settled(house, job, provider)
    wait = wait or _rest(house, job, calls)
    if wait:
        return wait
    try:
        return await _go_on(house, job, provider, calls)
    except drawing.ParentGone:
        return await end(house, job, JobState.FAILED, "parent_gone")


async def _go_on(house: House, job: Job, provider: Provider, calls: Sequence[Call]) -> Next:
    """Pictures are made to fit when it is the job's turn: while it waits nothing is worked for it."""
    request = await drawing.request(job, provider.capabilities, house.store, house.pictures)
    new = _to_send(job, provider.capabilities, request, calls, house.tries.submit)
    asked: list[float | None] = []
    if new:
        if not house.turns.take(provider.capabilities, job.id):
            return TURN_SECONDS
        try:
            request = await fitted(house, request, provider.capabilities)
            intents = await house.store.intend(job, new, house.clock())
            job, asked = await _send_all(house, job, provider, request, intents)
        finally:
            if following := house.turns.leave(provider.capabilities):
                house.engine.wake(following)
        calls = await house.store.calls(job.id)
    return await _outcome(house, job, request, calls, [wait for wait in asked if wait is not None])


async def settled(house: House, job: Job, provider: Provider) -> tuple[Sequence[Call], float]:
    """The job's calls, and seconds to wait while what an earlier life sent may still be under way."""
    calls = await house.store.calls(job.id)
    if not _intents(calls):
        return calls, 0.0
    await _recover(house, provider, _intents(calls))
    calls = await house.store.calls(job.id)
    under_way = [unknown.still_under_way(house, call.created_at) for call in _intents(calls)]
    return calls, max(house.backoff(0), *under_way) if under_way else 0.0


def _rest(house: House, job: Job, calls: Sequence[Call]) -> float:
    """Seconds that are left of the wait before another try: a sibling's webhook or a restart does not cut it short.

    A clock that was set back would make it longer than the provider asked for.
    """
    now = house.clock()
    set_back = any(call.created_at > now for call in calls)
    return 0.0 if set_back or job.not_before is None else max(0.0, job.not_before - now)


async def _outcome(house: House, job: Job, request: DrawRequest, calls: Sequence[Call], asked: Sequence[float]) -> Next:
    """On, or again, or elsewhere, or to the end, by what came of the newest call of each slot."""
    latest = _latest(calls, job.provider)
    if not any(call.state in TAKEN for call in latest):
        other = await fallover.other(house, job, request, calls, latest)
        if other is not None:
            return await fallover.begin(house, job, other)
    if any(_retriable(call, calls, house.tries.submit) for call in latest):
        return await _later(house, job, asked)
    if any(call.state in TAKEN for call in latest):
        return await house.store.move(job, JobState.RUNNING, house.clock())
    return await results.end_refused(house, job, latest)


async def _later(house: House, job: Job, asked: Sequence[float]) -> float:
    wait = house.backoff(job.attempts, max(asked, default=0.0))
    log.info("submit again", attempt=job.attempts + 1, seconds=round(wait, 3))
    await house.store.retry(job, house.clock() + wait, "busy")
    return wait


def _intents(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if call.state is CallState.INTENT]


def _latest(calls: Sequence[Call], provider: str) -> list[Call]:
    """The newest call of each slot with this provider."""
    mine = [call for call in calls if call.provider == provider]
    return list({call.slot: call for call in sorted(mine, key=lambda call: call.attempt)}.values())


def _retriable(call: Call, calls: Sequence[Call], tries: int) -> bool:
    """Certainly not accepted, by a fault that may pass, and not tried too often with this provider."""
    tried = sum(other.slot == call.slot and other.provider == call.provider for other in calls)
    return fallover.never_taken(call) and call.reason.partition(":")[0] in AGAIN and tried < tries


def _to_send(job: Job, capabilities: Capabilities, request: DrawRequest, calls: Sequence[Call], tries: int) -> list[NewCall]:
    """A row for each slot that has no call yet, or one that was certainly not accepted and may be tried again."""
    redraws = request.kind is Kind.VARIATION or request.image is not None
    latest = {call.slot: call for call in _latest(calls, capabilities.name)}
    new = []
    for slot, count in enumerate(drawing.slots(job.request.count, capabilities.per_call)):
        last = latest.get(slot)
        if last is None or _retriable(last, calls, tries):
            attempt = sum(call.slot == slot for call in calls)
            cost = drawing.cost(capabilities, request.kind, job.request.params, count, redraws=redraws)
            new.append(NewCall(new_id(), slot, attempt, capabilities.name, count, cost))
    return new


async def _send_all(
    house: House, job: Job, provider: Provider, request: DrawRequest, intents: Sequence[Call]
) -> tuple[Job, list[float | None]]:
    """All at once; the job's row as the previews left it, and the wait that each call asked for.

    Raises LeaseLost where the process stood still since it wrote them down: others may have taken them for never sent.
    """
    if house.clock() - min(call.created_at for call in intents) > FROZEN_SECONDS:
        raise LeaseLost(job.id)
    previews = Previews(house, job, intents)
    try:
        sent = (_send(house, provider, request, call, previews) for call in intents)
        # A fault of one leaves the answers to its siblings to be written down.
        asked = await asyncio.gather(*sent, return_exceptions=True)
    finally:
        await previews.close()
    return previews.job, [_unless_failed(wait) for wait in asked]


def _unless_failed(wait: float | BaseException | None) -> float | None:
    if isinstance(wait, BaseException):
        raise wait
    return wait


async def _send(house: House, provider: Provider, request: DrawRequest, call: Call, previews: Previews) -> float | None:
    """Send one intent and write down what came of it; returns the wait that a busy provider asked for.

    Does not raise StoreUnavailable: its siblings go on, and an intent left behind would pass for one of an earlier life.
    """
    one = replace(request, count=call.count)
    if request.params.seed is not None and call.slot:
        one = replace(one, params=replace(request.params, seed=(request.params.seed + call.slot) % 2**32))
    webhook = house.webhook_url(call.provider, call.id) if provider.capabilities.webhook else None
    try:
        if isinstance(provider, Streaming):
            taken = await provider.submit_streaming(one, call.id, webhook, previews.of(call))
            previews.finished(call, taken.pictures)
        else:
            taken = await provider.submit(one, call.id, webhook)
    except ProviderError as error:
        await _refused(house, call, error)
        return error.retry_after
    house.troubles.well(call.provider, label=provider.capabilities.label)
    if taken.pictures:
        await results.keep(house, call, taken.ref, taken.pictures, taken.cost)
        return None
    accepted = await insist(house, partial(house.store.call_accepted, call, taken.ref, taken.cost, house.clock()))
    log.info("call accepted", call=call.id, attempt=call.attempt, ref=told(taken.ref), seconds=seconds_of(house, call))
    if not provider.capabilities.asynchronous:
        await _empty(house, provider, accepted)
    return None


async def _empty(house: House, provider: Provider, call: Call) -> None:
    """A blocking provider answered without pictures: its status may say why; nothing will come later."""
    try:
        status = await provider.status(call.ref)
    except ProviderError:
        status = Status(Stage.DONE)
    await watch.apply(house, call, status if status.stage is Stage.FAILED else Status(Stage.DONE))


async def _refused(house: House, call: Call, error: ProviderError) -> None:
    log.warning(
        "submit failed", call=call.id, attempt=call.attempt, family=error.family, accepted=error.accepted, error=error.text
    )
    tell_operator(house, call.provider, error)
    taken = error.accepted is not Accepted.NO
    if error.family is Family.MODERATED or not taken:
        why = f"{error.family}: {error.text}"
        await insist(house, partial(house.store.call_refused, call, why, paid=taken, now=house.clock()))
    else:
        await insist(house, partial(house.store.call_unknown, call, error.text, house.clock()))


async def _recover(house: House, provider: Provider, calls: Sequence[Call]) -> None:
    """Intents of an earlier life: nobody knows whether they were sent. Look them up, or call them unknown.

    One that was sent just now may come to the provider yet: it stays an intent until that time is over.
    """
    for call in calls:
        try:
            found = await provider.lookup(call.id) if provider.capabilities.lookup else None
        except ProviderError as error:
            log.warning("lookup failed", call=call.id, error=error.text)
            await house.store.call_unknown(call, error.text, house.clock())
            continue
        if found is not None:
            await house.store.call_accepted(call, found.ref, found.cost, house.clock())
        elif not provider.capabilities.lookup:
            await house.store.call_unknown(call, "the bot stopped while it was sent", house.clock())
        elif not unknown.still_under_way(house, call.created_at):
            await house.store.call_refused(call, unknown.NEVER_ARRIVED, paid=False, now=house.clock())
