"""A wish at the gate: what it makes use of, whether it may pass, and what is said and written down when it may not."""

from __future__ import annotations

import structlog

from bot.jobs.asks import Ask, Private
from bot.jobs.house import House
from bot.jobs.model import Action
from bot.jobs.surface import Card, Link, Tone
from bot.jobs.why import Why
from bot.jobs.wish import Wish
from bot.policy import gate
from bot.policy.case import Case, Hold, No
from bot.policy.community import Community, Feature
from bot.policy.records import Entry, What
from bot.texts import answers, pages

log = structlog.get_logger()
USES = {
    Action.IMAGINE: Feature.IMAGINE,
    Action.UPSCALE: Feature.UPSCALE,
    Action.VARIATION: Feature.VARIATION,
    Action.REROLL: Feature.REROLL,
}


def say(
    sentence: str,
    *,
    refused: bool = True,
    link: str = "",
    why: Why | None = None,
    wait: float | None = None,
    job_id: str = "",
) -> Private:
    """One private sentence, with a link where one helps, and what a program goes by (see `Private`)."""
    links = (Link(pages.OPEN, link),) if link else ()
    tone = Tone.FAILED if refused else Tone.DONE
    card = Card(tone, lines=(sentence,), links=links, private=True)
    return Private(card, refused=refused, why=why, wait=wait, job_id=job_id)


def denied(ask: Ask, sentence: str) -> Private:
    """Somebody has not the right to it. Nobody is told so while the platform does not say what they may do."""
    return say(ask.unranked or sentence)


def case_of(house: House, wish: Wish, community: Community) -> Case:
    """The wish as the gate's checks see it."""
    features = {Feature.REMIX if wish.remix else USES[wish.action]}
    if wish.has_image:
        features.add(Feature.IMAGE_INPUT)
    return Case(
        actor=wish.ask.actor,
        place=wish.ask.place,
        community=community,
        features=frozenset(features),
        text=wish.text,
        now=house.clock(),
        has_image=wish.has_image,
    )


async def knock(house: House, wish: Wish, community: Community) -> Private | None:
    """The checks that cost nothing outside, before a picture is fetched for the wish; None: it may go on."""
    opinion = await gate.early(house.tools, case_of(house, wish, community))
    return await _refuse(house, wish, opinion) if isinstance(opinion, No) else None


async def enter(house: House, wish: Wish, community: Community) -> Private | tuple[Hold, ...]:
    """All checks: a private refusal, or the reasons for which a moderator must agree first (mostly none)."""
    opinion = await gate.ask(house.tools, case_of(house, wish, community))
    return await _refuse(house, wish, opinion) if isinstance(opinion, No) else opinion


async def _refuse(house: House, wish: Wish, no: No) -> Private:
    ask = wish.ask
    log.info("refused at the gate", check=no.check, community=ask.place.community, detail=no.detail)
    await write_refusal(house, wish, f"{no.check}: {no.detail or no.sentence}")
    return say(f"{no.sentence} {answers.FREE}", why=Why(no.check), wait=no.wait)


async def write_refusal(house: House, wish: Wish, text: str) -> None:
    """The audit log's line."""
    ask = wish.ask
    entry = Entry(
        ask.place.community,
        What.REFUSED,
        actor=ask.actor.key,
        name=ask.actor.name,
        subject=ask.actor.key,
        channel=ask.place.room,
        text=f"{text} ({wish.prompt})" if wish.prompt else text,
    )
    await house.policy.record(entry)
    house.noticed.set()
