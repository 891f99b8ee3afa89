"""Data folders to be backed up and restored."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.pictures import ObstorePictures
from tests.support.core import Core, running_core
from tests.support.wait import eventually


def at(folder: Path) -> dict[str, str]:
    return {"IMAGINE_DATA_DIR": str(folder)}


async def filled(folder: Path) -> set[str]:
    """A data folder with two delivered jobs, one of them deleted; the keys of what is to be kept."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    async with running_core(folder) as core:
        store = core.house.pictures = ObstorePictures(str(folder / "pictures"))
        job, gone = await core.drawn("a fox"), await core.drawn("an owl")
        await core.press(f"i1:delete:{gone.id}:0")
        await eventually(lambda: _taken_away(core, gone.id))
        await store.put("jobs/stray/1", b"nobody's", "image/png")
        calls = await core.store.calls(job.id)
        named = (*job.pictures, *(picture for call in calls for picture in call.pictures))
        keys = {picture.key for picture in named} | {job.shown.key if job.shown else ""}
    (folder / "bot.db").rename(folder / "imagine.db")
    (folder / "secret").write_text("the secret")
    return keys


async def _taken_away(core: Core, job_id: str) -> bool:
    job = await core.job(job_id)
    return job.deleted and job.told


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def jobs_in(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        return sorted(database.execute("SELECT id, state FROM jobs").fetchall())
