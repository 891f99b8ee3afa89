"""The use cases behind buttons and menus. A control is checked against the job row and the place, never trusted alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from bot.jobs import deleting, forms, orphan, pages, personal
from bot.jobs.accepting import Wish, accept, say
from bot.jobs.asks import Answer, Ask, OpenForm, Press, Private, Quiet, Update
from bot.jobs.controls import Control
from bot.jobs.entry import denied
from bot.jobs.house import House
from bot.jobs.model import Action, Job, JobState
from bot.jobs.steps.common import card_of, label
from bot.jobs.steps.fallover import never_taken
from bot.jobs.why import Why
from bot.policy.rights import is_moderator
from bot.texts import answers

log = structlog.get_logger()
SHOWN = frozenset({JobState.STORED, JobState.DELIVERED})
"""The message may show the buttons: it is edited before the row says delivered."""
UNSEEN = frozenset({"cancel", "delete", "details"})
"""What can be done with a job whose pictures are hidden after reports: a client may still show its other buttons."""
Act = Callable[[House, Press, Job, Control], Awaitable[Answer]]


async def press(house: House, asked: Press, control: Control) -> Answer:
    """Find the job, check that it stands here, act."""
    if control.action == "setting":
        return await personal.change(house, asked, control)
    if control.action == "imagine":
        return OpenForm(forms.imagine())
    job = await job_here(house, asked.ask, control.job)
    if job is None or control.action not in ACTS:
        return say(answers.UNKNOWN_JOB, why=Why.NO_JOB)
    if job.deleted:
        return say(answers.DELETED, why=Why.PICTURE_GONE)
    if job.hidden and control.action not in UNSEEN:
        return say(answers.HIDDEN, why=Why.HIDDEN)
    return await ACTS[control.action](house, asked, job, control)


async def job_here(house: House, ask: Ask, job_id: str) -> Job | None:
    """The job, if its message stands in the place where the control was used."""
    job = await house.store.job(job_id)
    if job is None or job.place.platform is not ask.place.platform:
        return None
    known = {job.place.channel_id, job.place.thread_id, job.message.channel_id if job.message else ""} - {""}
    here = {ask.place.channel_id, ask.place.thread_id} - {""}
    moved = job.message is not None and job.message.channel_id != job.place.channel_id
    same = job.place.community_id == ask.place.community_id or moved
    return job if same and known & here else None


async def _from_picture(house: House, asked: Press, job: Job, control: Control) -> Answer:
    """U and V: a child job from one tile."""
    if job.state is JobState.DELIVERED and not job.pictures:
        return say(answers.SWEPT_PICTURES, why=Why.PICTURE_GONE)
    if job.state not in SHOWN or not job.pictures:
        return say(answers.NOT_READY, why=Why.NOT_READY)
    if not 1 <= control.index <= len(job.pictures):
        return say(answers.NO_SUCH_PICTURE, why=Why.NO_PICTURE)
    if await _gone(house, job, control.index):
        return say(answers.PICTURE_GONE, why=Why.PICTURE_GONE)
    action = Action(control.action)
    if action is Action.VARIATION and _wordless(job):
        return _swept(house, asked)
    params = replace(job.request.params, provider="", seed=None if action is Action.VARIATION else job.request.params.seed)
    wish = Wish(asked.ask, action, job.request.prompt, job.request.text, params, parent=job, index=control.index)
    return await accept(house, wish, await house.settings.user_settings(asked.ask.actor.key))


async def _gone(house: House, job: Job, index: int) -> bool:
    """The row names a picture that the store has lost: asked at the press, so that a store that comes back mends it."""
    key = job.pictures[index - 1].key
    there = await house.pictures.has(key)
    if not there:
        log.error("a picture is gone from the store", job=job.id, key=key)
    return not there


def _wordless(job: Job) -> bool:
    """Its prompt has been deleted for its age: there is nothing to draw again."""
    return not (job.request.text or job.request.image_key)


def _swept(house: House, asked: Press) -> Private:
    return say(answers.swept_prompt(house.names.on(asked.ask.place.platform, "imagine")), why=Why.PICTURE_GONE)


async def _again(house: House, asked: Press, job: Job, control: Control) -> Answer:
    """Re-roll with a new seed; "Try again" after a failure with everything as it was."""
    if control.action == "again" and job.action in {Action.UPSCALE, Action.VARIATION}:
        parent = await house.store.job(job.parent_id)
        if parent is None or parent.deleted or parent.hidden:
            return say(answers.HIDDEN if parent and parent.hidden and not parent.deleted else answers.DELETED)
        return await _from_picture(house, asked, parent, Control(job.action.value, parent.id, job.parent_index))
    if _wordless(job):
        return _swept(house, asked)
    params = job.request.params if control.action == "again" else replace(job.request.params, seed=None)
    params = replace(params, provider=params.provider if house.providers.get(params.provider) else "")
    wish = Wish(asked.ask, Action.REROLL, job.request.prompt, job.request.text, params, parent=job,
                image_key=job.request.image_key, image_mime=job.request.image_mime,
                has_image=bool(job.request.image_key))  # fmt: skip
    return await accept(house, wish, await house.settings.user_settings(asked.ask.actor.key))


async def _remix(house: House, asked: Press, job: Job, control: Control) -> Answer:
    del house, asked, control
    return OpenForm(forms.remix(job))


async def _may_be_stopped(house: House, job: Job) -> bool:
    """Nothing was taken yet, or the provider can stop what it took."""
    if job.state.waiting or job.state not in {JobState.SUBMITTING, JobState.RUNNING}:
        return job.state.waiting
    provider = house.providers.get(job.provider)
    if provider is not None and provider.capabilities.cancel:
        return True
    return job.state is JobState.SUBMITTING and all(never_taken(call) for call in await house.store.calls(job.id))


def _too_late(job: Job) -> str:
    if not job.state.open:
        return answers.TOO_LATE_ENDED
    return answers.TOO_LATE if job.state in {JobState.SUBMITTING, JobState.RUNNING} else answers.TOO_LATE_DRAWN


def _left_behind(asked: Press, job: Job) -> bool:
    """Whether the pressed message could not be edited any more when the job ended."""
    return orphan.pressed(asked, job) or not job.place.reachable or job.reason == "undeliverable"


async def _cancel(house: House, asked: Press, job: Job, control: Control) -> Answer:
    del control
    if not job.state.open and asked.ask.answers and _left_behind(asked, job):
        return Update(await card_of(house, job))  # by the press's own answer
    if orphan.pressed(asked, job):
        return await orphan.lead_on(house, asked, job)
    if asked.ask.actor.key != job.actor.key:
        return say(answers.NOT_YOURS_CANCEL)
    if not await _may_be_stopped(house, job):
        return say(_too_late(job), why=Why.TOO_LATE)
    if not await house.store.cancel(job.id, house.clock()):
        return say(_too_late(await house.store.job(job.id) or job), why=Why.TOO_LATE)
    house.engine.wake(job.id)
    return Quiet()


async def _delete(house: House, asked: Press, job: Job, control: Control) -> Answer:
    del control
    community = await house.policy.community(asked.ask.place.community)
    if asked.ask.actor.key != job.actor.key and not is_moderator(asked.ask.actor, community):
        return denied(asked.ask, answers.NOT_YOURS_DELETE)
    await deleting.delete(house, asked.ask, job)
    return say(answers.DELETED_NOW, refused=False)


async def _details(house: House, asked: Press, job: Job, control: Control) -> Answer:
    del asked, control
    parent = await house.store.job(job.parent_id) if job.parent_id else None
    return Private(pages.details(job, label(house, job), parent))


ACTS: dict[str, Act] = {
    "upscale": _from_picture,
    "variation": _from_picture,
    "reroll": _again,
    "again": _again,
    "remix": _remix,
    "cancel": _cancel,
    "delete": _delete,
    "details": _details,
}
