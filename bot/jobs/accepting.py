"""From a wish to an accepted job: the row and its reservation are committed, or the person is told why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.jobs import drawing, ratios
from bot.jobs.acceptance import Accepted, Caps, Refusal
from bot.jobs.asks import Answer, Ask, Placeholder, Private, Quiet
from bot.jobs.card import card
from bot.jobs.entry import case_of, enter, say
from bot.jobs.house import House
from bot.jobs.model import Action, Job, JobState, Request, new_id
from bot.jobs.notes import notes
from bot.jobs.place import Platform
from bot.jobs.ports import UserSettings
from bot.jobs.refusing import tell_refusal, warn_budget
from bot.jobs.why import Why
from bot.jobs.wish import Wish
from bot.policy.case import Hold
from bot.policy.checks.cooldown import pause_for
from bot.policy.community import Community, Delivery
from bot.policy.rules import spam
from bot.policy.tiers import caps_for
from bot.texts import answers
from providers.base import Kind, Provider
from providers.capabilities import Capabilities

__all__ = ["Wish", "accept", "say"]

log = structlog.get_logger()
KINDS = {Action.UPSCALE: Kind.UPSCALE, Action.VARIATION: Kind.VARIATION}


async def accept(house: House, wish: Wish, settings: UserSettings) -> Answer:
    """Pass the gate, choose who draws, then commit job and reservation. There is no other way to a job."""
    community = await house.policy.community(wish.ask.place.community)
    holds = await enter(house, wish, community)
    if isinstance(holds, Private):
        return await _replayed(house, wish.ask) or holds
    provider = await _provider(house, wish, community)
    if isinstance(provider, Private):
        return provider
    caps = await _caps(house, wish, community)
    ping = settings.ping or wish.ask.ping or community.delivery is Delivery.PING
    job = _job(house, wish, provider.capabilities, ping=ping, caps=caps, holds=holds, alias=await _alias(house, wish.ask))
    due = job.created_at + (house.timing.front if wish.ask.answers else 0.0)
    decided = await house.store.accept(job, request_key(wish.ask.actor.platform, wish.ask.key), caps, due)
    if isinstance(decided, Refusal):
        return await tell_refusal(house, wish, decided, job, caps)
    await warn_budget(house, decided)
    return _accepted(house, wish.ask, decided, provider.capabilities)


async def _provider(house: House, wish: Wish, community: Community) -> Provider | Private:
    """Who draws, of those that the community has chosen.

    Not one that has failed all through the last minute, if another can do it (the circuit breaker); who was named is
    asked all the same.
    """
    kind, wanted = KINDS.get(wish.action, Kind.IMAGINE), wish.params.provider
    names = [provider.capabilities.name for provider in house.providers.all(community.providers)]
    if wanted and wanted not in names:
        return say(answers.unknown_provider(wanted, names), why=Why.PROVIDER)
    preferred = wanted or (wish.parent.provider if wish.parent else "")
    troubled = await house.store.troubled(house.clock()) - {wanted}
    tile = drawing.tile(wish.parent, wish.index) if kind is Kind.UPSCALE else None
    choose = partial(
        house.providers.choose, kind, preferred, image=bool(wish.image_key), order=community.providers, tile=tile
    )
    provider = choose(but=troubled) or choose()
    if provider is None or (wanted and kind is Kind.IMAGINE and provider.capabilities.name != wanted):
        nobody = answers.NO_ENLARGER if tile else answers.NO_PROVIDER
        return say(answers.NO_IMAGE_PROVIDER if wish.image_key else nobody, why=Why.PROVIDER)
    longest = provider.capabilities.longest_prompt
    if len(wish.text) > longest:
        return say(answers.too_long(len(wish.text), longest, provider.capabilities.label), why=Why.LENGTH)
    return provider


async def _replayed(house: House, ask: Ask) -> Answer | None:
    """The same request came before and became a job: the gate's answer to it stands no more."""
    job = await house.store.by_key(request_key(ask.actor.platform, ask.key))
    provider = house.providers.get(job.provider) if job else None
    return _accepted(house, ask, Accepted(job, 0, replay=True), provider.capabilities) if job and provider else None


async def _caps(house: House, wish: Wish, community: Community) -> Caps:
    """With the pace that the gate has just asked for: two asks of the same moment both pass there, and one here."""
    actor, case = wish.ask.actor, case_of(house, wish, community)
    override = await house.policy.override_of(case.key, actor.key)
    caps = caps_for(house.caps, community, override, actor.roles)
    return replace(caps, cooldown=pause_for(case), repeats=spam.most(case))


async def _alias(house: House, ask: Ask) -> str:
    return await house.policy.alias(ask.actor.key)


def request_key(platform: Platform, key: str) -> str:
    """What a job's row keeps of the request that it was: the same one again is the same job."""
    return f"{platform}:{key}"


def _job(
    house: House, wish: Wish, capabilities: Capabilities, *, ping: bool, caps: Caps, holds: Sequence[Hold], alias: str
) -> Job:
    count = 1 if wish.action is Action.UPSCALE else wish.count
    wish = replace(wish, params=drawing.drawn_with(wish.action, wish.params, image=bool(wish.image_key)))
    native = wish.parent is not None and wish.parent.provider == capabilities.name
    return Job(
        id=wish.job_id or new_id(),
        action=wish.action,
        state=JobState.NEW,
        actor=wish.ask.actor,
        place=wish.ask.place,
        request=_request(wish, count),
        units=drawing.units(count, wish.params, capabilities),
        provider=capabilities.name,
        created_at=house.clock(),
        parent_id=wish.parent.id if wish.parent else "",
        parent_index=wish.index,
        notes=notes(wish.action, wish.params, capabilities, native=native, image=bool(wish.image_key)),
        reply=wish.ask.reply,
        ping=ping,
        estimate=_estimate(wish, capabilities, count),
        running_cap=caps.user_running,
        hold=holds[0].cause.value if holds else "",
        flags=tuple(hold.text for hold in holds if hold.text),
        alias=alias,
    )


def _request(wish: Wish, count: int) -> Request:
    return Request(
        prompt=wish.prompt,
        text=wish.text,
        params=wish.params,
        size=ratios.size_for(wish.params.ratio),
        count=count,
        image_key=wish.image_key,
        image_mime=wish.image_mime,
    )


def _estimate(wish: Wish, capabilities: Capabilities, count: int) -> int:
    """Micro-USD by the price table."""
    varies = wish.action is Action.VARIATION and (capabilities.variation or capabilities.image_input)
    kind, redraws = KINDS.get(wish.action, Kind.IMAGINE), varies or bool(wish.image_key)
    return drawing.cost(capabilities, kind, wish.params, count, redraws=redraws)


def _accepted(house: House, ask: Ask, accepted: Accepted, capabilities: Capabilities) -> Answer:
    job = accepted.job
    if accepted.replay and not (ask.answers and job.state is JobState.NEW):
        return _again(job) if ask.answers else Quiet()
    log.info("job accepted", job=job.id, user=job.alias, community=job.place.community, action=job.action.value,
             provider=job.provider, parent=job.parent_id, units=job.units, estimate=job.estimate)  # fmt: skip
    if not ask.answers:
        house.engine.wake(job.id)
    return Placeholder(job.id, card(job, capabilities.label, house.clock(), ahead=accepted.ahead))


def _again(job: Job) -> Private:
    """To a request that came again when its job was on its way."""
    url = job.message.url if job.message else ""
    return replace(say(answers.TWIN, link=url, why=Why.TWIN, job_id=job.id), replay=True)
