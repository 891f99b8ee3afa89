"""Calls that were sent without an answer: a webhook may name them, a status confirms it; a guess never does."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs.house import House
from bot.jobs.model import Call, CallState
from bot.jobs.steps.common import log
from providers.base import Provider
from providers.errors import ProviderError


async def confirm(house: House, provider: Provider, calls: Sequence[Call]) -> None:
    """A webhook named a provider id for an unknown call: if the status route knows it, the call was accepted."""
    for call in calls:
        if not (call.hooked and call.candidate):
            continue
        try:
            status = await provider.status(call.candidate)
        except ProviderError as error:
            log.warning("candidate not confirmed", call=call.id, error=error.text)
            continue
        log.info("lost call found", call=call.id, stage=status.stage)
        await house.store.call_accepted(call, call.candidate, status.cost, house.clock())
        house.engine.wake(call.job_id)


def patience(house: House, provider: Provider, calls: Sequence[Call]) -> float:
    """Seconds that a webhook may still take; 0 where none can come."""
    url = house.webhook_url(provider.capabilities.name, "") if provider.capabilities.webhook else None
    sent = [call.sent_at or call.created_at for call in calls if call.state is CallState.UNKNOWN]
    if url is None or not sent:
        return 0.0
    return max(0.0, max(sent) + house.timing.webhook_grace - house.clock())
