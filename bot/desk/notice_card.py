"""A notice's subject as the Card that stands in the moderators' channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.desk.logbook import entry_card
from bot.desk.review_card import review_card
from bot.jobs.house import House
from bot.jobs.surface import Card, Tone
from bot.policy.desk_ports import Notice
from bot.policy.records import NoticeKind
from bot.texts import desk as texts


async def card(house: House, notice: Notice, *, pictures: bool = True) -> Card | None:
    """As its subject is now; None if there is none of that id."""
    if notice.kind is NoticeKind.REVIEW:
        review = await house.policy.review(notice.subject)
        return await review_card(house, review, pictures=pictures) if review else None
    entry = await house.policy.entry(notice.subject)
    return await entry_card(house, entry) if entry else None


async def is_open(house: House, notice: Notice) -> bool:
    """Whether it still asks something."""
    review = await house.policy.review(notice.subject) if notice.kind is NoticeKind.REVIEW else None
    return review is not None and not review.decided


async def summed(house: House, notices: Sequence[Notice]) -> Card:
    """How many entries of which kinds: it names nobody, so that it never has to be changed."""
    entries = [await house.policy.entry(notice.subject) for notice in notices]
    kinds = Counter(entry.what.value for entry in entries if entry)
    log = house.names.of(notices[0].community, "imagine-admin", "log")
    return Card(Tone.WAITING, status=texts.summed(len(notices), dict(kinds), log))
