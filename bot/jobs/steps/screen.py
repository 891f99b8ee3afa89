"""What the moderation thinks of a job's pictures before anybody sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.ports import Composed
from bot.jobs.screening import Look, look
from bot.policy.community import Community, Flagged, ReviewMode, WhenDown
from bot.policy.records import Entry, What
from bot.texts import review as texts


@dataclass(frozen=True, slots=True)
class Screened:
    """`flags`: categories found; `hold`: a moderator must look first; `refuse`: nobody is there who could; `spoiler`."""

    flags: tuple[str, ...] = ()
    hold: bool = False
    refuse: bool = False
    spoiler: bool = False


async def screen(house: House, job: Job, pictures: Sequence[Composed]) -> Screened:
    """Ask about every picture; the worst decides."""
    if house.moderation is None or not house.moderation.pictures:
        return Screened()
    community = await house.policy.community(job.place.community)
    seen = await look(house, community, pictures, adult=job.place.adult)
    if seen.flags:
        await _record(house, job, What.FLAGGED, texts.flagged(seen.flags))
    if seen.error is not None:
        await _record(house, job, What.MODERATION_DOWN, texts.down(seen.error.text))
    return _decided(job, community, seen)


def _decided(job: Job, community: Community, seen: Look) -> Screened:
    """What was found decides by `flagged`, what could not be judged by `when_down`; the stricter of the two holds."""
    flags = (*seen.flags, texts.UNSCREENED) if seen.error else seen.flags
    if not job.place.community:
        return Screened(flags, refuse=bool(seen.flags))
    spoiler = community.flagged is Flagged.SPOILER and community.review is not ReviewMode.EVERYTHING
    hold = bool(seen.flags) and not spoiler
    hold = hold or (seen.error is not None and community.when_down is WhenDown.HOLD)
    return Screened(flags, hold=hold, spoiler=bool(seen.flags) and spoiler)


async def _record(house: House, job: Job, what: What, text: str) -> None:
    """Once a job: the step may be taken again."""
    entry = Entry(job.place.community, what, subject=job.actor.key, job_id=job.id, text=text, once=f"{what}:{job.id}")
    await house.policy.record(entry)
    house.noticed.set()
