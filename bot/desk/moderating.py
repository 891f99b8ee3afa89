"""One result in a moderator's hands: what it is, and what can be done about it and its user."""

from __future__ import annotations

from bot.desk import decision, person_card
from bot.desk.moderator import ELSEWHERE, job_of, turned_away
from bot.desk.review_card import LOOK, PRIVATE
from bot.desk.who import alias_of, called, link_to, prompt_of, state_of
from bot.jobs import deleting
from bot.jobs.asks import Answer, Press, Private, Submission, Update
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.model import Job
from bot.jobs.steps.common import label
from bot.jobs.surface import Button, Card, Style, Tone
from bot.texts import desk as texts

OPEN, DELETE = 0, 1
"""What a button does: its control's index (the ones)."""


async def press(house: House, asked: Press, control: Control) -> Answer:
    """Show it, or delete it."""
    refused = await turned_away(house, asked.ask)
    if refused:
        return refused
    job = await job_of(house, asked.ask, control.job)
    if job is None:
        return say(texts.NO_JOB)
    act, elsewhere = control.index % ELSEWHERE, control.index >= ELSEWHERE
    if act == OPEN:
        return Private(await card(house, job))
    if act != DELETE:
        return say(texts.OLD_BUTTON)
    await deleting.delete(house, asked.ask, job)
    shown = await card(house, await house.store.job(job.id) or job, texts.DELETED)
    return Private(shown) if elsewhere else Update(shown)


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """No form is opened here: what asks for words belongs to the person."""
    del house, asked, control
    return say(texts.OLD_BUTTON)


async def card(house: House, job: Job, status: str = "") -> Card:
    """Everything a moderator may want to know of it."""
    return Card(
        Tone.DONE,
        prompt_of(job, 1500),
        status=status,
        facts=await _facts(house, job),
        rows=await _rows(house, job),
        links=link_to(job),
        private=True,
    )


async def _facts(house: House, job: Job) -> tuple[tuple[str, str], ...]:
    state = f"{state_of(job)}, {texts.HIDDEN}" if job.hidden and not job.deleted else state_of(job)
    reported = await decision.reasons(house, job)
    facts = (
        (texts.USER, await called(house, job.actor.key, job.actor.name)),
        (texts.STATE, state),
        (texts.ASKED, texts.when(job.created_at)),
        (texts.PROVIDER, label(house, job)),
        (texts.COST, f"{job.cost / 1_000_000:.4f} USD"),
        (texts.FOUND, ", ".join(job.flags)),
        (texts.REPORTS, "; ".join(reported)[:800]),
    )
    return tuple((name, value) for name, value in facts if value)


async def _rows(house: House, job: Job) -> tuple[tuple[Button, ...], ...]:
    first: list[Button] = []
    if not job.deleted:
        first.append(Button(str(Control("moderate", job.id, DELETE)), texts.DELETE, Style.DANGER))
    if await house.policy.open_review(job.id):
        first.append(Button(str(Control("review", job.id, PRIVATE + LOOK)), texts.REVIEW, Style.PRIMARY))
    alias = await alias_of(house, job.actor.key)
    rows = (tuple(first), person_card.shortcuts(alias) if alias else ())
    return tuple(row for row in rows if row)
