"""Pictures before the moderation: what each shows, by the community's level, and who did not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.jobs.asks import Ask
from bot.jobs.house import House
from bot.jobs.ports import Composed
from bot.policy.community import Community, WhenDown
from bot.policy.levels import flagged
from bot.policy.moderation import Moderation
from bot.policy.records import Entry, What
from bot.policy.together import PartlyDown
from bot.texts import review as texts
from providers.errors import BadPicture, ProviderError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Look:
    """`flags`: categories found, in order; `error`: one picture (at least) has not been judged by all."""

    flags: tuple[str, ...] = ()
    error: ProviderError | None = None


async def look(house: House, community: Community, pictures: Sequence[Composed], *, adult: bool) -> Look:
    """Ask about every picture. What was found counts, even where the answer about another picture is missing."""
    moderation = house.moderation
    if moderation is None or not moderation.pictures:
        return Look()
    answers = await asyncio.gather(*(_ask(moderation, picture) for picture in pictures))
    found = {flag for scores, _ in answers for flag in flagged(scores, community.level, adult=adult)}
    errors = [error for _, error in answers if error is not None]
    for error in errors[:1]:
        log.error("moderation down", family=error.family.value, error=error.text, pictures=len(errors))
    return Look(tuple(sorted(found)), errors[0] if errors else None)


async def _ask(moderation: Moderation, picture: Composed) -> tuple[Mapping[str, float], ProviderError | None]:
    try:
        return await moderation.picture(picture.data, picture.mime), None
    except PartlyDown as error:
        return error.scores, error
    except ProviderError as error:
        return {}, error


async def screen_input(house: House, ask: Ask, picture: Composed) -> None:
    """A person's own picture, before anything of it is kept.

    Raises BadPicture if it was flagged, or cannot be judged now where the community would rather wait.
    """
    if house.moderation is None or not house.moderation.pictures:
        return
    community = await house.policy.community(ask.place.community)
    seen = await look(house, community, [picture], adult=ask.place.adult)
    if seen.flags:
        await _record(house, ask, What.FLAGGED, texts.input_flagged(seen.flags))
        raise BadPicture(texts.INPUT_FLAGGED)
    if seen.error is not None:
        await _record(house, ask, What.MODERATION_DOWN, texts.down(seen.error.text))
        if community.when_down is WhenDown.HOLD:
            raise BadPicture(texts.INPUT_UNSCREENED)


async def _record(house: House, ask: Ask, what: What, text: str) -> None:
    """Of a person, since there is no job yet; a repeat of the same request writes nothing new."""
    user, place = ask.actor, ask.place
    entry = Entry(place.community, what, actor=user.key, name=user.name, subject=user.key, channel=place.room, text=text,
                  once=f"{what}:{user.platform}:{ask.key}")  # fmt: skip
    await house.policy.record(entry)
    house.noticed.set()
