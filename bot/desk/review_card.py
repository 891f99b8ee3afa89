"""A question to the moderators as a Card: what was asked for, by whom, why it waits, and what they can do."""

from __future__ import annotations

from bot.desk import decision
from bot.desk.who import alias_of, called, last_jobs, link_to, prompt_of, state_of
from bot.jobs.controls import Control
from bot.jobs.house import House
from bot.jobs.model import Job, JobState, Picture
from bot.jobs.surface import Button, Card, Shown, Style, Tone
from bot.policy.records import Cause, Review
from bot.texts import review as texts
from bot.texts import states

APPROVE, REJECT, BLOCK, LOOK = 1, 2, 3, 4
"""What a button does: the ones of its control's index."""
CHANNEL, LISTED, PRIVATE = 0, 10, 20
"""Where it stands: the tens. In the moderators' channel, in the list of what is open, on a private card."""
TITLE_LONGEST = 1500
HISTORY = 5
PICTURED = frozenset({JobState.REVIEW, JobState.STORED, JobState.DELIVERED})


async def review_card(house: House, review: Review, *, where: int = CHANNEL, pictures: bool = True) -> Card:
    """As it stands now. `pictures` False: a chat did not take them."""
    job = await house.store.job(review.job_id)
    private = where == PRIVATE
    if job is None:
        return Card(Tone.DONE, status=texts.GONE, private=private)
    shown = _pictures(job, review)
    title = prompt_of(job, TITLE_LONGEST)
    if review.decided:
        words = texts.decided(review.decided, await decision.decider(house, job, review), review.why)
        tone = Tone.DONE if review.decided == "approved" else Tone.FAILED
        return Card(tone, title, status=words, facts=await _facts(house, job, review), links=link_to(job), private=private)
    lost = (texts.no_pictures(house.names.of(job.place.community, "imagine-admin", "review")),)
    return Card(
        Tone.WAITING,
        title,
        lines=(*(lost if shown and not pictures else ()), *await _history(house, job)),
        facts=await _facts(house, job, review),
        pictures=shown if pictures else (),
        rows=(buttons(review, where), await _more(house, job)),
        links=link_to(job),
        private=private,
    )


def buttons(review: Review, where: int, number: int = 0) -> tuple[Button, ...]:
    """Approve, reject, block. `number`: of the line that they belong to, where several are listed."""
    reported = review.cause is Cause.REPORTS
    words = (texts.STANDS, texts.REMOVE, texts.REMOVE_BLOCK) if reported else (texts.APPROVE, texts.REJECT, texts.BLOCK)
    looks = (Style.PRIMARY, Style.DANGER, Style.DANGER)
    return tuple(
        Button(str(Control("review", review.job_id, where + act)), texts.numbered(label, number) if number else label, look)
        for act, label, look in zip((APPROVE, REJECT, BLOCK), words, looks, strict=True)
    )


async def _more(house: House, job: Job) -> tuple[Button, ...]:
    alias = await alias_of(house, job.actor.key)
    return (Button(str(Control("person", alias)), texts.PERSON),) if alias else ()


async def _facts(house: House, job: Job, review: Review) -> tuple[tuple[str, str], ...]:
    facts = [(texts.USER, await called(house, job.actor.key, job.actor.name))]
    if review.cause is Cause.REPORTS:
        said = dict.fromkeys(reason for reason in await decision.reasons(house, job) if reason)
        facts += [(texts.WHY, texts.cause(review.cause, ""))]
        facts += [(texts.SAID, "; ".join(said)[:800])] if said else []
    else:
        facts += [(texts.WHY, texts.cause(review.cause, review.text[:800]))]
    return tuple(facts)


async def _history(house: House, job: Job) -> tuple[str, ...]:
    jobs = await last_jobs(house, job.place.community, job.actor.key, HISTORY, but=job.id)
    if not jobs:
        return (texts.NO_HISTORY,)
    return (texts.BEFORE, *(texts.history(state_of(old), prompt_of(old)) for old in jobs))


def _pictures(job: Job, review: Review) -> tuple[Shown, ...]:
    """Covered, and only while there is something to decide: those of a rejected job are gone."""
    if review.decided or job.deleted or job.state not in PICTURED:
        return ()
    found: tuple[Picture, ...] = (job.shown,) if job.shown else job.pictures[:4]
    alt = states.alt(job.request.prompt, len(job.pictures))
    return tuple(Shown(picture, _name(job, at, picture), alt, spoiler=True) for at, picture in enumerate(found, 1))


def _name(job: Job, number: int, picture: Picture) -> str:
    ending = picture.mime.rpartition("/")[2].replace("jpeg", "jpg")
    return f"review-{job.id}-{number}.{ending}"
