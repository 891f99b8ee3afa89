"""Moderators decide: one of them wins, everybody else is told who was faster."""

from __future__ import annotations

from bot.desk import decision, person_forms, review_page
from bot.desk.moderator import entry, job_of, turned_away
from bot.desk.person_forms import Blocking, NotUnderstood
from bot.desk.review_card import APPROVE, BLOCK, LISTED, LOOK, PRIVATE, REJECT, review_card
from bot.jobs.asks import Answer, Ask, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.surface import Field, FieldKind, Form
from bot.policy.records import Block, Review, What
from bot.texts import desk
from bot.texts import review as texts

APPROVED, REJECTED = "approved", "rejected"


async def page(house: House, asked: Command) -> Answer:
    """`/imagine-admin review`."""
    refused = await turned_away(house, asked.ask)
    return refused or Private(await review_page.card(house, asked.ask.place.community))


async def press(house: House, asked: Press, control: Control) -> Answer:
    """Approve at once; a reason is asked for otherwise."""
    found = await _open(house, asked.ask, control)
    if isinstance(found, Private):
        return found
    job, review = found
    act = control.index % 10
    if act == LOOK:
        return Private(await review_card(house, review, where=PRIVATE))
    if act == REJECT:
        return OpenForm(_reject_form(control))
    if act == BLOCK:
        return OpenForm(person_forms.block(control))
    if act == APPROVE:
        return await _decide(house, asked.ask, control, job, review, APPROVED)
    return say(desk.OLD_BUTTON)


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """Reject with the reason that was typed, or block, which rejects as well."""
    found = await _open(house, asked.ask, control)
    if isinstance(found, Private):
        return found
    job, review = found
    act = control.index % 10
    if act == REJECT:
        return await _decide(house, asked.ask, control, job, review, REJECTED, person_forms.reason_of(asked))
    if act != BLOCK:
        return say(desk.OLD_BUTTON)
    try:
        blocking = person_forms.read_block(asked)
    except NotUnderstood as error:
        return say(str(error))
    await block(house, asked.ask, job.actor.key, blocking, job)
    return await _decide(house, asked.ask, control, job, review, REJECTED, texts.rejected_because(blocking.reason))


async def block(house: House, ask: Ask, user_key: str, blocking: Blocking, job: Job | None = None) -> None:
    """From now on they draw nothing here."""
    until = blocking.until(house.clock())
    text = desk.blocked_for(blocking.hours, blocking.reason)
    made = Block(user_key, until, blocking.reason, ask.actor.key)
    await house.policy.put_block(ask.place.community, made, entry(ask, What.BLOCKED, text, subject=user_key, job=job))
    house.noticed.set()


def _reject_form(control: Control) -> Form:
    longest = person_forms.REASON_LONGEST
    reason = Field("reason", texts.REASON, FieldKind.LONG_TEXT, hint=texts.REASON_HINT, required=True, longest=longest)
    return Form(str(control), texts.REJECT_FORM, (reason,), texts.REJECT)


async def _open(house: House, ask: Ask, control: Control) -> tuple[Job, Review] | Private:
    """The open question about a job of this community, for a moderator."""
    refused = await turned_away(house, ask)
    if refused:
        return refused
    job = await job_of(house, ask, control.job)
    if job is None:
        return say(desk.NO_JOB)
    review = await house.policy.open_review(job.id)
    return (job, review) if review else await _late(house, job)


async def _late(house: House, job: Job) -> Private:
    """Who was faster."""
    last = await decision.last_decision(house, job)
    if last is None:
        return say(texts.once_open(""))
    return say(texts.faster(last.name, last.what) if last.actor else texts.once_open(last.what))


async def _decide(house: House, ask: Ask, control: Control, job: Job, review: Review, decided: str, why: str = "") -> Answer:
    made = entry(ask, What(decided), why, job=job)
    if not await house.policy.decide(review.id, decided, ask.actor.key, why, made):
        return await _late(house, job)
    house.engine.wake(job.id)
    house.noticed.set()
    where = control.index // 10 * 10
    if where == LISTED:
        return Update(await review_page.card(house, ask.place.community))
    return Update(await review_card(house, await house.policy.review(review.id) or review, where=where))
