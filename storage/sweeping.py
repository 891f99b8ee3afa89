"""Old prompts and pictures, found and forgotten in batches. Reads take no writer's time; each write is a short one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, null, or_, select, update

from bot.jobs.model import OPEN, JobState
from bot.jobs.sweep import Aged, Range
from storage.db import Database
from storage.dialect import length_of, text_at, with_values
from storage.orphans import OrphanReads
from storage.policy import images
from storage.policy.erase import OWN_WORDS
from storage.policy_tables import audit, reviews
from storage.rows import PROGRESS, read_job
from storage.tables import calls, jobs

BATCH = 50
PREVIEW_DAYS = 7.0
"""How far back leftovers of previews are looked for: the sweep comes every hour."""
ENDED = and_(jobs.c.state.not_in([*(state.value for state in OPEN), JobState.UNCERTAIN.value]), jobs.c.told.is_(True))
WORDS = ("$.prompt", "$.text", "$.params.negative")


class Sweeping(OrphanReads):
    """The OldRows port."""

    def __init__(self, db: Database) -> None:
        """Over an open database."""
        self._db = db

    async def forget_prompts(self, which: Range) -> int:
        """Blank the words of up to a batch of ended jobs; returns how many had any."""
        said = or_(jobs.c.detail != "", *(text_at(jobs.c.request, path) != "" for path in WORDS))
        query = select(jobs.c.id).where(ENDED, *_old(which, jobs.c.community_key, jobs.c.created_at), said).limit(BATCH)
        blank = with_values(jobs.c.request, dict.fromkeys(WORDS, "") | {"$.params.images": []})
        async with self._db.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
        if ids:
            async with self._db.write() as connection:
                await connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(request=blank, detail="", flags="[]"))
                decided = (reviews.c.job_id.in_(ids), reviews.c.decided != "")
                await connection.execute(update(reviews).where(*decided).values(text="", why=""))
        return len(ids)

    async def forget_audit(self, which: Range) -> int:
        """Blank what users said in up to a batch of audit entries; returns how many."""
        said = (audit.c.what.in_(OWN_WORDS), audit.c.text != "")
        query = select(audit.c.id).where(*_old(which, audit.c.community, audit.c.at), *said).limit(BATCH)
        async with self._db.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
        if ids:
            async with self._db.write() as connection:
                await connection.execute(update(audit).where(audit.c.id.in_(ids)).values(text=""))
        return len(ids)

    async def old_pictures(self, which: Range) -> Aged:
        """Up to a batch of ended jobs that still name pictures, with the keys that nobody younger needs."""
        named = or_(
            jobs.c.pictures != "[]",
            jobs.c.shown.is_not(None),
            text_at(jobs.c.request, "$.image_key") != "",
            select(calls.c.id).where(calls.c.job_id == jobs.c.id, calls.c.pictures != "[]").exists(),
        )
        old = _old(which, jobs.c.community_key, jobs.c.created_at)
        query = select(jobs.c.id).where(ENDED, *old, named, images.without_children()).limit(BATCH)
        async with self._db.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
            keys = await images.keys(connection, jobs.c.id.in_(ids)) if ids else ()
            image_key = text_at(jobs.c.request, "$.image_key")
            others = select(image_key).where(image_key.in_(keys), jobs.c.id.not_in(ids))
            needed = set((await connection.execute(others)).scalars()) if keys else set()
        return Aged(tuple(ids), tuple(key for key in keys if key not in needed))

    async def forget_pictures(self, ids: Sequence[str]) -> None:
        """Their rows name no pictures any more; how many there were stays for the usage page."""
        some = and_(jobs.c.id.in_(ids), jobs.c.pictures != "[]")
        counted = with_values(jobs.c.request, {"$.count": length_of(jobs.c.pictures)})
        unnamed = with_values(jobs.c.request, {"$.image_key": "", "$.image_mime": ""})
        nothing = PROGRESS.dump_json(PROGRESS.validate_python({})).decode()
        async with self._db.write() as connection:
            await connection.execute(update(calls).where(calls.c.job_id.in_(ids)).values(pictures="[]", urls="[]"))
            await connection.execute(update(jobs).where(some).values(request=counted))
            gone = {"pictures": "[]", "shown": null(), "request": unnamed, "progress": nothing}
            await connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(**gone))

    async def previews(self, now: float) -> Aged:
        """Ended jobs of the last days that still name a preview."""
        named = text_at(jobs.c.progress, "$.preview").is_not(None)
        query = select(jobs).where(ENDED, jobs.c.created_at >= now - PREVIEW_DAYS * 86400.0, named).limit(BATCH)
        async with self._db.read() as connection:
            found = [read_job(row) for row in (await connection.execute(query)).mappings()]
        return Aged(tuple(job.id for job in found), tuple(j.progress.preview.key for j in found if j.progress.preview))

    async def forget_previews(self, ids: Sequence[str]) -> None:
        """Their rows name none any more."""
        bare = with_values(jobs.c.progress, {"$.preview": None})
        async with self._db.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(progress=bare))


def _old(which: Range, community: ColumnElement[str], at: ColumnElement[float]) -> Collection[ColumnElement[bool]]:
    place = community == which.only if which.only else community.not_in(which.but)
    return (at < which.before, place)
