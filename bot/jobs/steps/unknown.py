"""Calls that were sent without an answer: our key or a webhook may find them, the provider confirms; a guess never does."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.house import House
from bot.jobs.model import Call, CallState
from bot.jobs.steps.common import log
from providers.base import Provider, Submitted
from providers.errors import ProviderError

NEVER_ARRIVED = "broken: never arrived"
"""Why a call was refused that the provider does not know."""


async def confirm(house: House, provider: Provider, calls: Sequence[Call]) -> None:
    """Write down what the provider knows of unknown calls. "Never got it" counts once no request can be under way."""
    for call in calls:
        try:
            found = await _found(provider, call)
        except ProviderError as error:
            log.warning("unknown call not confirmed", call=call.id, error=error.text)
            continue
        if found is not None:
            log.info("lost call found", call=call.id)
            await house.store.call_accepted(call, found.ref, found.cost, house.clock())
            house.engine.wake(call.job_id)
        elif provider.capabilities.lookup and not patience(house, provider, [call]):
            await house.store.call_refused(call, NEVER_ARRIVED, paid=False, now=house.clock())


async def _found(provider: Provider, call: Call) -> Submitted | None:
    """By our key where the API can; else by the id that a webhook named, if the status route knows it."""
    found = await provider.lookup(call.id) if provider.capabilities.lookup else None
    if found is not None or not (call.hooked and call.candidate):
        return found
    return Submitted(call.candidate, cost=(await provider.status(call.candidate)).cost)


def patience(house: House, provider: Provider, calls: Sequence[Call]) -> float:
    """Seconds that news of unknown calls may still take: a webhook, or a key that turns up; 0 where none can come."""
    capabilities = provider.capabilities
    hooked = capabilities.webhook and house.webhook_url(capabilities.name, "") is not None
    sent = [call.sent_at or call.created_at for call in calls if call.state is CallState.UNKNOWN]
    if not sent or not (hooked or capabilities.lookup):
        return 0.0
    return still_under_way(house, max(sent))


def still_under_way(house: House, sent_at: float) -> float:
    """Seconds for which a request that was sent at `sent_at` may yet come to the provider's books."""
    return max(0.0, sent_at + house.timing.webhook_grace - house.clock())
