"""Removing the pictures of deleted jobs; a running child keeps its parent's tile until it ends."""

from __future__ import annotations

from bot.jobs.house import House
from bot.jobs.model import Job
from providers.streaming import Streaming


async def drop_pictures(house: House, job: Job, ending: str = "") -> None:
    """Remove what a deleted job keeps, unless a child still draws from it (`ending`: a child that needs it no more)."""
    if await house.store.open_children(job.id, ending):
        return
    await drop_drawn(house, job)
    await house.pictures.delete([job.request.image_key] if job.request.image_key else [])


async def drop_drawn(house: House, job: Job) -> None:
    """Remove what was drawn for a job, which nobody has seen or drawn on from; its input picture stays, for another try."""
    keys = [picture.key for picture in job.pictures]
    keys += [job.shown.key] if job.shown else []
    for call in await house.store.calls(job.id):
        keys += [picture.key for picture in call.pictures]
    await house.pictures.delete(keys)


async def before_end(house: House, job: Job) -> None:
    """A job is about to end: its previews go; its parent may have been deleted while it ran.

    Before the end's row, so that no kill skips it.
    """
    if job.progress.preview is not None or isinstance(house.providers.get(job.provider), Streaming):
        await house.pictures.delete(_previews(job))
    parent = await house.store.job(job.parent_id) if job.parent_id else None
    if parent and parent.deleted:
        await drop_pictures(house, parent, ending=job.id)


def next_preview(job: Job) -> str:
    """The key of the preview after the one that the row names: numbered, so that what a kill left behind can be found."""
    return _preview(job, _number(job) + 1)


def _previews(job: Job) -> list[str]:
    """Whatever previews may be left: the one that the row names, and its neighbours if a kill came between."""
    number = _number(job)
    return [_preview(job, n) for n in (number - 1, number, number + 1) if n > 0]


def _preview(job: Job, number: int) -> str:
    return f"jobs/{job.id}/preview-{number}"


def _number(job: Job) -> int:
    preview = job.progress.preview
    return int(preview.key.rpartition("-")[2]) if preview else 0
