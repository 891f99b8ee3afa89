"""Another provider, where certainly nothing was accepted: on busy, broken, no money, bad key; never on moderated."""

from __future__ import annotations

from collections.abc import Sequence

from bot.jobs import drawing
from bot.jobs.house import House
from bot.jobs.model import Call, CallState, Job
from bot.jobs.notes import notes
from bot.jobs.steps.common import log
from providers.base import DrawRequest, Kind, Provider
from providers.errors import Family
from providers.limits import Measure

FALLS = frozenset(family.value for family in (Family.BUSY, Family.BROKEN, Family.NO_MONEY, Family.BAD_KEY))


def never_taken(call: Call) -> bool:
    """Refused before it was accepted. What a provider took and then failed (it has a `ref`) may be on its bill."""
    return call.state is CallState.REFUSED and not call.ref


async def other(
    house: House, job: Job, request: DrawRequest, calls: Sequence[Call], latest: Sequence[Call]
) -> Provider | None:
    """The next that can do it, was not tried yet, and takes so long a prompt. A provider that the person named stays."""
    falls = [never_taken(call) and call.reason.partition(":")[0] in FALLS for call in latest]
    if job.request.params.provider or not falls or not all(falls):
        return None
    tried = {call.provider for call in calls} | {job.provider}
    order = (await house.policy.community(job.place.community)).providers
    tile = await _tile(house, job) if request.kind is Kind.UPSCALE else None
    image = bool(job.request.image_key)
    found = house.providers.choose(request.kind, "", image=image, but=tried, order=order, tile=tile)
    long = found is not None and len(job.request.text) > found.capabilities.longest_prompt
    return None if long else found


async def _tile(house: House, job: Job) -> Measure | None:
    return drawing.tile(await house.store.job(job.parent_id), job.parent_index)


async def begin(house: House, job: Job, provider: Provider) -> Job:
    """Hand the job over; the message will say who draws."""
    capabilities = provider.capabilities
    log.warning("provider changed", before=job.provider, now=capabilities.name)
    parent = await house.store.job(job.parent_id) if job.parent_id else None
    native = parent is not None and parent.provider == capabilities.name
    image = bool(job.request.image_key)
    told = notes(job.action, job.request.params, capabilities, native=native, image=image)
    return await house.store.retry(job, house.clock(), "elsewhere", provider=capabilities.name, notes=told)
