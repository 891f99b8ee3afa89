"""From a wish to an accepted job: the row and its reservation are committed, or the person is told why not."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.jobs import ratios
from bot.jobs.asks import Answer, Ask, Placeholder, Private, Quiet
from bot.jobs.card import card
from bot.jobs.house import House
from bot.jobs.model import Action, Job, JobState, Request, new_id
from bot.jobs.notes import notes
from bot.jobs.ports import UserSettings
from bot.jobs.store import Accepted, Refusal, RefusalKind
from bot.jobs.surface import Card, Link, Tone
from bot.texts import answers, pages
from providers.base import Capabilities, Kind, Params, Provider

log = structlog.get_logger()
DAY = 86400.0
KINDS = {Action.UPSCALE: Kind.UPSCALE, Action.VARIATION: Kind.VARIATION}


def say(sentence: str, *, refused: bool = True, link: str = "") -> Private:
    """One private sentence, with a link where one helps."""
    links = (Link(pages.OPEN, link),) if link else ()
    tone = Tone.FAILED if refused else Tone.DONE
    return Private(Card(tone, lines=(sentence,), links=links, private=True), refused=refused)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants drawn, before anybody has agreed to it."""

    ask: Ask
    action: Action
    prompt: str
    text: str
    params: Params
    image_key: str = ""
    image_mime: str = ""
    parent: Job | None = None
    index: int = 0
    job_id: str = ""


async def accept(house: House, wish: Wish, settings: UserSettings) -> Answer:
    """Choose who draws, then commit job and reservation."""
    kind = KINDS.get(wish.action, Kind.IMAGINE)
    wanted = wish.params.provider
    names = [provider.capabilities.name for provider in house.providers.all()]
    if wanted and wanted not in names:
        return say(answers.unknown_provider(wanted, names))
    preferred = wanted or (wish.parent.provider if wish.parent else "")
    provider = await _chosen(house, kind, preferred, image=bool(wish.image_key))
    if provider is None or (wanted and kind is Kind.IMAGINE and provider.capabilities.name != wanted):
        return say(answers.NO_IMAGE_PROVIDER if wish.image_key else answers.NO_PROVIDER)
    longest = provider.capabilities.longest_prompt
    if len(wish.text) > longest:
        return say(answers.too_long(len(wish.text), longest, provider.capabilities.label))
    job = _job(house, wish, provider.capabilities, ping=settings.ping)
    due = job.created_at + (house.timing.front if wish.ask.answers else 0.0)
    decided = await house.store.accept(job, _key(wish.ask), house.caps, due)
    if isinstance(decided, Refusal):
        return _refused(house, decided, job)
    return _accepted(house, wish.ask, decided, provider.capabilities)


async def _chosen(house: House, kind: Kind, preferred: str, *, image: bool) -> Provider | None:
    """Not one that has failed all through the last minute, if another can do it (the circuit breaker)."""
    troubled = await house.store.troubled(house.clock())
    choose = house.providers.choose
    return choose(kind, preferred, image=image, but=troubled) or choose(kind, preferred, image=image)


def _key(ask: Ask) -> str:
    return f"{ask.actor.platform}:{ask.key}"


def _job(house: House, wish: Wish, capabilities: Capabilities, *, ping: bool) -> Job:
    count = 1 if wish.action is Action.UPSCALE else 4
    native = wish.parent is not None and wish.parent.provider == capabilities.name
    request = Request(
        prompt=wish.prompt,
        text=wish.text,
        params=wish.params,
        size=ratios.size_for(wish.params.ratio),
        count=count,
        image_key=wish.image_key,
        image_mime=wish.image_mime,
    )
    return Job(
        id=wish.job_id or new_id(),
        action=wish.action,
        state=JobState.NEW,
        actor=wish.ask.actor,
        place=wish.ask.place,
        request=request,
        units=count,
        provider=capabilities.name,
        created_at=house.clock(),
        parent_id=wish.parent.id if wish.parent else "",
        parent_index=wish.index,
        notes=notes(wish.action, wish.params, capabilities, native=native),
        reply=wish.ask.reply,
        ping=ping,
    )


def _accepted(house: House, ask: Ask, accepted: Accepted, capabilities: Capabilities) -> Answer:
    job = accepted.job
    if accepted.replay and not (ask.answers and job.state is JobState.NEW):
        return Quiet() if not ask.answers else say(answers.TWIN, link=job.message.url if job.message else "")
    log.info("job accepted", job=job.id, user=job.actor.key, community=job.place.community_id, action=job.action.value,
             provider=job.provider, parent=job.parent_id, units=job.units)  # fmt: skip
    if not ask.answers:
        house.engine.wake(job.id)
    return Placeholder(job.id, card(job, capabilities.label, house.clock(), ahead=accepted.ahead))


def _refused(house: House, refusal: Refusal, job: Job) -> Private:
    url = refusal.twin.message.url if refusal.twin and refusal.twin.message else ""
    log.info("job refused", user=job.actor.key, kind=refusal.kind.value, left=refusal.left)
    if refusal.kind is RefusalKind.QUOTA:
        resets_in = DAY - house.clock() % DAY
        return say(answers.quota(refusal.left, house.caps.daily, job.units, resets_in))
    if refusal.kind is RefusalKind.QUEUE_FULL:
        return say(answers.queue_full(house.caps.user_running, house.caps.user_waiting))
    if refusal.kind is RefusalKind.DRAWN:
        done = bool(refusal.twin and refusal.twin.state is JobState.DELIVERED)
        return say(answers.DRAWN if done else answers.DRAWING, link=url)
    return say(answers.TWIN, link=url)
