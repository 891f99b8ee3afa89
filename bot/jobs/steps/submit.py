"""submitting -> running: every paid request is written down before it is sent, and never sent a second time on a guess."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.jobs import drawing
from bot.jobs.house import House
from bot.jobs.model import Call, CallState, Job, JobState, new_id
from bot.jobs.steps import results, unknown
from bot.jobs.steps.common import Next, end, log
from bot.jobs.store import NewCall
from providers.base import Capabilities, DrawRequest, Kind, Provider
from providers.errors import Accepted, Family, ProviderError

AGAIN = frozenset({Family.BUSY.value, Family.BROKEN.value})
"""Refusals that a later try may overcome; only ever with `accepted: no`."""


async def step(house: House, job: Job) -> Next:
    """Settle what an earlier life left open, then send what is still to be sent."""
    provider = house.providers.get(job.provider)
    if provider is None:
        return await end(house, job, JobState.FAILED, "no_provider")
    calls = await house.store.calls(job.id)
    if _intents(calls):
        await _recover(house, provider, _intents(calls))
        calls = await house.store.calls(job.id)
        if _intents(calls):
            return max(house.backoff(0), *(unknown.still_under_way(house, call.created_at) for call in _intents(calls)))
    latest = _latest(calls)
    try:
        request = await drawing.request(job, provider.capabilities, house.store, house.pictures)
    except drawing.ParentGone:
        return await end(house, job, JobState.FAILED, "parent_gone")
    new = _to_send(job, provider.capabilities, request.kind, latest, house.tries.submit)
    if new:
        intents = await house.store.intend(job, new, house.clock())
        asked = await asyncio.gather(*(_send(house, provider, request, call) for call in intents))
        latest = _latest(await house.store.calls(job.id))
        if any(_retriable(call, house.tries.submit) for call in latest.values()):
            return await _later(house, job, [wait for wait in asked if wait is not None])
    if any(call.state in {CallState.ACCEPTED, CallState.DONE, CallState.UNKNOWN} for call in latest.values()):
        return await house.store.move(job, JobState.RUNNING, house.clock())
    return await results.end_refused(house, job, list(latest.values()))


async def _later(house: House, job: Job, asked: Sequence[float]) -> float:
    wait = house.backoff(job.attempts, max(asked, default=0.0))
    await house.store.retry(job, house.clock() + wait, "busy")
    return wait


def _intents(calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if call.state is CallState.INTENT]


def _latest(calls: Sequence[Call]) -> dict[int, Call]:
    """The newest call of each slot."""
    return {call.slot: call for call in sorted(calls, key=lambda call: call.attempt)}


def _retriable(call: Call, tries: int) -> bool:
    return call.state is CallState.REFUSED and call.reason.partition(":")[0] in AGAIN and call.attempt + 1 < tries


def _to_send(job: Job, capabilities: Capabilities, kind: Kind, latest: dict[int, Call], tries: int) -> list[NewCall]:
    """A row for each slot that has no call yet, or one that was certainly not accepted and may be tried again."""
    price = capabilities.upscale_price if kind is Kind.UPSCALE else capabilities.price
    new = []
    for slot, count in enumerate(drawing.slots(job.request.count, capabilities.per_call)):
        last = latest.get(slot)
        if last is None or _retriable(last, tries):
            attempt = last.attempt + 1 if last else 0
            new.append(NewCall(new_id(), slot, attempt, capabilities.name, count, price * count))
    return new


async def _send(house: House, provider: Provider, request: DrawRequest, call: Call) -> float | None:
    """Send one intent and write down what came of it; returns the wait that a busy provider asked for."""
    one = replace(request, count=call.count)
    if request.params.seed is not None and call.slot:
        one = replace(one, params=replace(request.params, seed=(request.params.seed + call.slot) % 2**32))
    webhook = house.webhook_url(call.provider, call.id) if provider.capabilities.webhook else None
    try:
        taken = await provider.submit(one, call.id, webhook)
    except ProviderError as error:
        await _refused(house, call, error)
        return error.retry_after
    if taken.pictures:
        await results.keep(house, call, taken.ref, taken.pictures, taken.cost)
    else:
        await house.store.call_accepted(call, taken.ref, taken.cost, house.clock())
    return None


async def _refused(house: House, call: Call, error: ProviderError) -> None:
    log.warning(
        "submit failed", call=call.id, attempt=call.attempt, family=error.family, accepted=error.accepted, error=error.text
    )
    if error.family in {Family.BAD_KEY, Family.NO_MONEY}:
        log.error("the provider needs its operator", provider=call.provider, family=error.family, error=error.text)
    if error.accepted is Accepted.NO:
        await house.store.call_refused(call, f"{error.family}: {error.text}", paid=False, now=house.clock())
    else:
        await house.store.call_unknown(call, error.text, house.clock())


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
