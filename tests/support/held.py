"""What tests of held jobs share: a community's settings, its moderators' decisions, and what stands where."""

from __future__ import annotations

from typing import Any

from bot.policy.community import Community
from bot.policy.records import Cause, Entry, Review, What
from tests.support.core import Core
from tests.support.wait import eventually

HERE = "playground:guild"
REVIEW_SECONDS = 72 * 3600.0


async def community(core: Core, **settings: Any) -> None:
    """The guild of the hall is set so."""
    await core.house.policy.save_community(HERE, Community(**settings), Entry(HERE, What.SETTING))


async def asked(core: Core, job_id: str, cause: Cause) -> Review:
    """Wait until the moderators have been asked."""

    async def there() -> Review | None:
        return await core.house.policy.open_review(job_id)

    review = await eventually(there)
    assert review is not None
    assert (review.cause, review.community) == (cause, HERE)
    return review


async def decide(core: Core, review: Review, decided: str, why: str = "") -> bool:
    """As the desk does it."""
    what = What.APPROVED if decided == "approved" else What.REJECTED
    entry = Entry(HERE, what, actor="playground:mod", job_id=review.job_id, text=why)
    won = await core.house.policy.decide(review.id, decided, "playground:mod", why, entry)
    core.engine.wake(review.job_id)
    return won


async def logged(core: Core, job_id: str = "") -> list[What]:
    """The audit log of a job (or of everything), oldest first."""
    return [one.what for one in reversed(await core.house.policy.entries("")) if one.job_id == job_id or not job_id]


async def used(core: Core, user: str = "ann") -> int:
    """Units in the user's book."""
    return (await core.store.standing(f"playground:{user}", core.clock())).used


def pictures_shown(core: Core) -> list[str]:
    """The keys of all pictures that any message, ever, has shown to anybody."""
    cards = [card for shown in core.chat.messages.values() for card in shown] + [card for _, card in core.chat.whispers]
    return [one.picture.key for card in cards for one in card.pictures]


def last_status(core: Core, job_id: str) -> str:
    """What the job's message says now."""
    return core.chat.messages[f"m-{job_id}"][-1].status
