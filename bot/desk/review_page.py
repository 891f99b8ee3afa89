"""`/imagine-admin review`: the oldest open questions, each with its link and its buttons."""

from __future__ import annotations

from bot.desk.review_card import LISTED, LOOK, buttons
from bot.desk.who import called, link_to, prompt_of
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.surface import Button, Card, Link, Tone
from bot.policy.records import Review
from bot.texts import review as texts

SHOWN = 5
"""As many as one message has room for buttons."""
MOST = 25


async def card(house: House, community: str) -> Card:
    """Private: for the moderator who asks."""
    waiting = await house.policy.open_reviews(community, MOST)
    found = [(review, await house.store.job(review.job_id)) for review in waiting[:SHOWN]]
    listed = [(review, job) for review, job in found if job is not None]
    if not listed:
        return Card(Tone.DONE, texts.PAGE_TITLE, lines=(texts.NOTHING_OPEN,), private=True)
    lines = [await _line(house, number, review, job) for number, (review, job) in enumerate(listed, 1)]
    left = len(waiting) - len(found)
    return Card(
        Tone.WAITING,
        texts.PAGE_TITLE,
        lines=(*lines, *((texts.more(left),) if left else ())),
        rows=tuple(_row(number, review) for number, (review, _) in enumerate(listed, 1)),
        links=_links([job for _, job in listed]),
        private=True,
    )


async def _line(house: House, number: int, review: Review, job: Job) -> str:
    by = await called(house, job.actor.key, job.actor.name)
    return texts.listed(number, prompt_of(job, 200), by, texts.cause(review.cause, review.text[:100]))


def _row(number: int, review: Review) -> tuple[Button, ...]:
    look = Button(str(Control("review", review.job_id, LISTED + LOOK)), texts.numbered(texts.LOOK, number))
    return (look, *buttons(review, LISTED, number))


def _links(jobs: list[Job]) -> tuple[Link, ...]:
    return tuple(link for number, job in enumerate(jobs, 1) for link in link_to(job, str(number)))
