"""Job -> Card: what a job's message shows in each state."""

from __future__ import annotations

from bot.jobs.controls import Control
from bot.jobs.model import Action, Job, JobState, Picture
from bot.jobs.surface import Button, Card, Link, Shown, Style, Tone
from bot.texts import pages, states

TONES = {
    JobState.NEW: Tone.WAITING,
    JobState.HELD: Tone.WAITING,
    JobState.QUEUED: Tone.WAITING,
    JobState.REVIEW: Tone.WAITING,
    JobState.STORED: Tone.DONE,
    JobState.DELIVERED: Tone.DONE,
    JobState.FAILED: Tone.FAILED,
    JobState.REFUSED: Tone.FAILED,
    JobState.CANCELLED: Tone.FAILED,
    JobState.EXPIRED: Tone.FAILED,
    JobState.UNCERTAIN: Tone.FAILED,
}
DRAWING = frozenset({JobState.SUBMITTING, JobState.RUNNING})
ENDS = {
    JobState.FAILED: states.FAILED,
    JobState.REFUSED: states.REFUSED,
    JobState.CANCELLED: states.CANCELLED,
    JobState.EXPIRED: states.EXPIRED,
    JobState.UNCERTAIN: states.UNCERTAIN,
}

LAST_SECONDS = 120.0
"""Before the end of the only way to a message: time enough for two looks."""
SAID = ENDS | {JobState.HELD: states.HELD, JobState.FINISHED: states.FETCHING, JobState.REVIEW: states.REVIEW}
"""States that one sentence tells of."""


def card(job: Job, label: str, now: float, *, ahead: int = 0, can_cancel: bool = False, parent_url: str = "") -> Card:
    """The Card of a job whose provider is called `label`. `can_cancel`: the provider can stop a running call."""
    links = (Link(states.of_parent(job.action, job.parent_index), parent_url),) if parent_url else ()
    percent = _percent(job) if job.state in DRAWING else None
    last = _last_word(job, now)
    return Card(
        tone=TONES.get(job.state, Tone.RUNNING),
        title=job.request.prompt,
        by=job.actor,
        status=_status(job, label, now, ahead, percent),
        percent=percent,
        lines=(*_lines(job), states.DIRECTLY) if last else _lines(job),
        pictures=_pictures(job),
        rows=() if last else _rows(job, can_cancel=can_cancel),
        links=links,
    )


def _last_word(job: Job, now: float) -> bool:
    """Its message can soon not be edited any more, and the end is not there: no bar or button may stand for ever."""
    ending = job.reply is not None and not job.place.reachable and now > job.reply.expires_at - LAST_SECONDS
    return ending and (job.state.waiting or job.state in DRAWING)


def _percent(job: Job) -> int | None:
    fraction = job.progress.fraction
    return None if fraction is None else max(0, min(99, int(fraction * 100)))


def _status(job: Job, label: str, now: float, ahead: int, percent: int | None) -> str:
    if job.state in SAID or (job.state is JobState.NEW and job.hold):
        return SAID.get(job.state, states.HELD)
    if job.state.waiting:
        return states.waiting(ahead)
    started = job.started_at or job.created_at
    if job.state in {JobState.STORED, JobState.DELIVERED}:
        return states.done(label, (job.ended_at or now) - started)
    return states.running(label, percent, job.progress.queue_position, now - started)


def _lines(job: Job) -> tuple[str, ...]:
    lines = list(job.notes)
    if job.hidden:
        lines.append(states.HIDDEN)
    if job.state in ENDS:
        lines.append(states.reason(job.reason))
    if job.pictures and len(job.pictures) < job.request.count:
        lines.append(states.partial(len(job.pictures), job.request.count))
    return tuple(lines)


def _preview(job: Job) -> tuple[Shown, ...]:
    picture = job.progress.preview
    if picture is None or job.hidden:
        return ()
    alt = states.preview_alt(job.request.text or job.request.prompt)
    return (Shown(picture, f"{job.id}-preview.{_kind(picture)}", alt, spoiler=job.spoiler),)


def _kind(picture: Picture) -> str:
    """The ending of its file name."""
    return picture.mime.rpartition("/")[2].replace("jpeg", "jpg")


def _pictures(job: Job) -> tuple[Shown, ...]:
    if job.state in DRAWING:
        return _preview(job)
    if job.shown is None or job.hidden or job.state not in {JobState.STORED, JobState.DELIVERED}:
        return ()
    words = states.alt(job.request.text or job.request.prompt, len(job.pictures))
    return (Shown(job.shown, f"{job.id}.{_kind(job.shown)}", words, spoiler=job.spoiler),)


def _rows(job: Job, *, can_cancel: bool) -> tuple[tuple[Button, ...], ...]:
    details = Button(str(Control("details", job.id)), pages.DETAILS)
    if job.hidden:
        return ((details,),)
    if job.state in {JobState.STORED, JobState.DELIVERED}:
        delete = Button(str(Control("delete", job.id)), pages.DELETE, Style.DANGER)
        return (*_picture_rows(job), (details, delete))
    if job.state in ENDS:
        return ((Button(str(Control("again", job.id)), pages.AGAIN, Style.PRIMARY), details),)
    paid = job.state in {JobState.FINISHED, JobState.SUBMITTING, JobState.REVIEW}
    if job.state.waiting or (can_cancel and not paid):
        return ((Button(str(Control("cancel", job.id)), pages.CANCEL),),)
    return ()


def _picture_rows(job: Job) -> tuple[tuple[Button, ...], ...]:
    if job.action is Action.UPSCALE:
        return ((Button(str(Control("variation", job.id, 1)), pages.VARY),),)
    numbers = range(1, len(job.pictures) + 1)
    upscales = [Button(str(Control("upscale", job.id, n)), f"U{n}", Style.PRIMARY) for n in numbers]
    variations = [Button(str(Control("variation", job.id, n)), f"V{n}") for n in numbers]
    reroll = Button(str(Control("reroll", job.id)), pages.REROLL, hint=pages.REROLL_HINT)
    remix = Button(str(Control("remix", job.id)), pages.REMIX, hint=pages.REMIX_HINT)
    return ((*upscales, reroll), (*variations, remix))
