"""Anybody can say that a result should not stand. Moderators see it at once; enough reports hide it."""

from __future__ import annotations

from dataclasses import replace

from bot.desk import decision
from bot.desk.moderator import entry, job_of
from bot.desk.person_forms import REASON_LONGEST, reason_of
from bot.jobs.asks import Answer, Ask, OpenForm, Press, Private, Submission
from bot.jobs.controls import Control
from bot.jobs.entry import say
from bot.jobs.house import House
from bot.jobs.model import Job, JobState
from bot.jobs.surface import Field, FieldKind, Form
from bot.policy.records import Cause, Report, What
from bot.texts import answers, desk
from bot.texts import review as texts


async def press(house: House, asked: Press, control: Control) -> Answer:
    """Ask what is wrong with it."""
    job = await _result(house, asked.ask, control)
    if isinstance(job, Private):
        return job
    own = job.actor.key == asked.ask.actor.key
    hint = texts.REPORT_OWN if own else texts.REPORT_HINT
    reason = Field("reason", texts.REPORT_REASON, FieldKind.LONG_TEXT, hint=hint, required=True, longest=REASON_LONGEST)
    return OpenForm(Form(str(Control("report", job.id)), texts.REPORT_FORM, (reason,), texts.REPORT))


async def submit(house: House, asked: Submission, control: Control) -> Answer:
    """One report a user and job; what a moderator has let stand after reports is not asked about again."""
    ask, job = asked.ask, await _result(house, asked.ask, control)
    if isinstance(job, Private):
        return job
    community = await house.policy.community(ask.place.community)
    reason = reason_of(asked)
    report = Report(job.id, ask.actor.key, reason)
    told = entry(ask, What.REPORTED, reason, job=job)
    await house.policy.report(report, ask.place.community, community.reports_hide, told)
    if not await decision.acquitted(house, job):
        held = replace(entry(ask, What.HELD, texts.asked(Cause.REPORTS, ""), job=job), actor="", name="")
        await house.policy.ask(ask.place.community, job.id, Cause.REPORTS, reason, held)
    return await _thanks(house, job)


async def _thanks(house: House, job: Job) -> Private:
    house.noticed.set()
    now = await house.store.job(job.id)
    hidden = now is not None and now.hidden
    if hidden:
        house.engine.wake(job.id)
    return say(texts.REPORTED_HIDDEN if hidden else texts.REPORTED, refused=False)


async def _result(house: House, ask: Ask, control: Control) -> Job | Private:
    if not ask.place.community:
        return say(desk.NO_COMMUNITY)
    job = await job_of(house, ask, control.job)
    if job is None:
        return say(desk.NO_JOB)
    if job.deleted:
        return say(answers.DELETED)
    return job if job.state is JobState.DELIVERED else say(texts.NOT_A_RESULT)
