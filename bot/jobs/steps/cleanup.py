"""Removing the pictures of deleted jobs; a running child keeps its parent's tile until it ends."""

from __future__ import annotations

from bot.jobs.house import House
from bot.jobs.model import Job


async def drop_pictures(house: House, job: Job, ending: str = "") -> None:
    """Remove what a deleted job keeps, unless a child still draws from it (`ending`: a child that needs it no more)."""
    if await house.store.open_children(job.id, ending):
        return
    keys = [picture.key for picture in job.pictures]
    keys += [job.shown.key] if job.shown else []
    keys += [job.request.image_key] if job.request.image_key else []
    for call in await house.store.calls(job.id):
        keys += [picture.key for picture in call.pictures]
    await house.pictures.delete(keys)


async def before_end(house: House, job: Job) -> None:
    """A job is about to end: its parent may have been deleted while it ran. Before the end's row, so no kill skips it."""
    parent = await house.store.job(job.parent_id) if job.parent_id else None
    if parent and parent.deleted:
        await drop_pictures(house, parent, ending=job.id)
