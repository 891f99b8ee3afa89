"""Pictures without a job go, what anybody may need stays; a job whose pictures are gone says so."""

from __future__ import annotations

import time
from pathlib import Path

from structlog.testing import capture_logs

from bot.jobs.asks import Private
from bot.jobs.model import Job, new_id
from bot.jobs.orphans import DAY, Orphans
from bot.texts import answers
from storage.sweeping import Sweeping
from tests.support.core import Core, running_core

ORPHANS = ("inputs/{}", "calls/{}/0", "jobs/{}/1", "jobs/{}/shown-12")


async def swept(core: Core, days: float = 1.5) -> None:
    core.clock.ahead += days * DAY
    await Orphans(core.house, Sweeping(core.db)).once(core.clock())


async def left_behind(core: Core) -> list[str]:
    """What kills leave: files that no row has ever named."""
    keys = [shape.format(new_id()) for shape in ORPHANS]
    for key in keys:
        await core.pictures.put(key, b"lost", "image/png")
    return keys


def kept(core: Core, job: Job) -> set[str]:
    return {key for key in core.pictures.kept if job.id in key}


async def test_files_that_no_row_names_go_after_a_day_and_nothing_else(tmp_path: Path, backend: str) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a fox")
        before = set(core.pictures.kept)
        await core.pictures.put("styles/abc/noir", b"preview", "image/png")
        await core.pictures.put("jobs/README", b"the operator's own", "text/plain")
        keys = await left_behind(core)
        keys.append(f"jobs/{job.id}/shown-7")
        await core.pictures.put(keys[-1], b"an earlier, larger one", "image/jpeg")
        await swept(core, 0.9)
        assert set(keys) <= set(core.pictures.kept), "younger than a day"
        await swept(core, 0.2)
        assert set(core.pictures.kept) == before | {"styles/abc/noir", "jobs/README"}
        assert len(kept(core, job)) == 5


async def test_open_jobs_keep_everything(tmp_path: Path) -> None:
    """A step has stored files that its row does not name yet; and an input picture belongs to two jobs."""
    async with running_core(tmp_path, started=False) as core:
        job_id, call_id = await core.accepted("a fox"), new_id()
        async with core.db.write() as connection:
            await connection.exec_driver_sql(
                "INSERT INTO calls (id, job_id, slot, attempt, provider, state, count, ref, cost, hooked, candidate, polls,"
                " reason, pictures, urls, created_at) VALUES (?, ?, 0, 0, 'fake', 'intent', 4, '', 0, 0, '', 0, '', '[]',"
                " '[]', 0)",
                (call_id, job_id),
            )
        keys = {f"inputs/{job_id}", f"jobs/{job_id}/1", f"jobs/{job_id}/preview-3", f"calls/{call_id}/0"}
        for key in keys:
            await core.pictures.put(key, b"1", "image/png")
        await left_behind(core)
        await swept(core)
        assert set(core.pictures.kept) == keys


async def test_a_deleted_job_keeps_what_others_draw_from(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a fox")
        before = set(core.pictures.kept)
        async with core.db.write() as connection:
            await connection.exec_driver_sql("UPDATE jobs SET deleted = 1, told = 1")
            await connection.exec_driver_sql("CREATE TEMP TABLE child AS SELECT * FROM jobs")
            await connection.exec_driver_sql(
                "UPDATE child SET id = 'child', key = 'k', parent_id = ?, state = 'running', deleted = 0, pictures = '[]'",
                (job.id,),
            )
            await connection.exec_driver_sql("INSERT INTO jobs SELECT * FROM child")
        await swept(core)
        assert set(core.pictures.kept) == before
        async with core.db.write() as connection:
            await connection.exec_driver_sql("UPDATE jobs SET state = 'failed' WHERE id = 'child'")
            await connection.exec_driver_sql("UPDATE jobs SET shown = NULL, request = '{}' WHERE id = 'child'")
        await swept(core)
        assert core.pictures.kept == {}


async def test_another_databases_pictures_are_left_alone(tmp_path: Path) -> None:
    """An empty database beside a full store (before a restore): nothing there is ours to judge."""
    async with running_core(tmp_path, started=False) as core:
        keys = await left_behind(core)
        await swept(core)
        assert set(core.pictures.kept) == set(keys)
        await core.accepted("a fox")
        for key in keys:
            core.pictures.written[key] = time.time() - 10 * DAY
        await swept(core)
        assert set(core.pictures.kept) == set(keys), "written before the oldest job"


async def test_a_press_on_a_picture_that_is_gone_says_so_and_charges_nothing(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a fox")
        used = (await core.store.standing("playground:ann", core.clock())).used
        await core.pictures.delete([job.pictures[1].key])
        for action in ("upscale", "variation"):
            answer = await core.press(f"i1:{action}:{job.id}:2")
            assert isinstance(answer, Private)
            assert answer.card.lines == (answers.PICTURE_GONE,)
        assert not isinstance(await core.press(f"i1:upscale:{job.id}:1"), Private), "the others are there"
        await core.pictures.put(job.pictures[1].key, b"back", "image/jpeg")
        assert not isinstance(await core.press(f"i1:variation:{job.id}:2"), Private), "the store came back"
        assert used == 4


async def test_the_operator_is_told_of_jobs_without_pictures(tmp_path: Path, backend: str) -> None:
    async with running_core(tmp_path) as core:
        lost, fine = await core.drawn("a fox"), await core.drawn("an owl")
        await core.pictures.delete([picture.key for picture in lost.pictures])
        with capture_logs() as logs:
            await swept(core)
        (line,) = [line for line in logs if line["event"] == "jobs without their pictures"]
        assert (line["jobs"], line["looked_at"], line["some"]) == (1, 2, [lost.id])
        assert (await core.job(lost.id)).pictures == lost.pictures, "named still: the folder may come back"
        assert fine.pictures
