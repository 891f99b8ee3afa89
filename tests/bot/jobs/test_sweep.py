"""Retention: what is old goes, what is young or needed stays, and the bot stays usable."""

from __future__ import annotations

from pathlib import Path

from bot.jobs.asks import Private
from bot.jobs.model import Job
from bot.jobs.orphans import DAY
from bot.jobs.sweep import Sweeper
from bot.policy.community import Community
from bot.policy.records import Entry, What
from bot.texts import answers
from storage.pictures import ObstorePictures
from storage.sweeping import Sweeping
from storage.usage import usage
from tests.support.core import Core, running_core

HERE = "playground:guild"


def sweeper(core: Core) -> Sweeper:
    return Sweeper(core.house, Sweeping(core.db))


async def keeps(core: Core, *, prompts: int = 0, pictures: int = 0) -> None:
    community = Community(retain_prompts=prompts, retain_pictures=pictures)
    await core.house.policy.save_community(HERE, community, Entry(HERE, What.SETTING))


async def swept(core: Core, days: float) -> None:
    core.clock.ahead += days * DAY
    await sweeper(core).once()


def pictures_of(core: Core, job: Job) -> list[str]:
    return [key for key in core.pictures.kept if key.startswith(f"jobs/{job.id}")]


async def test_nothing_goes_where_nothing_is_set(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        job = await core.drawn("a fox")
        await swept(core, 10_000)
        assert (await core.job(job.id)).request.prompt == "a fox"
        assert len(pictures_of(core, job)) == 5


async def test_old_prompts_are_blanked_and_the_log_with_them(tmp_path: Path, backend: str) -> None:
    async with running_core(tmp_path) as core:
        core.house.retain_days = 30
        job = await core.drawn("a fox --no a clown")
        await core.house.policy.record(Entry(HERE, What.REFUSED, actor="playground:ann", text="rules: a fox"))
        await core.house.policy.record(Entry(HERE, What.SETTING, text="cooldown: 5"))
        await swept(core, 29)
        assert (await core.job(job.id)).request.text == "a fox"
        young = await core.drawn("an owl")
        await swept(core, 2)
        row = await core.job(job.id)
        assert (row.request.prompt, row.request.text, row.request.params.negative) == ("", "", "")
        assert (await core.job(young.id)).request.prompt == "an owl"
        texts = [entry.text for entry in await core.house.policy.entries(HERE)]
        assert "cooldown: 5" in texts
        assert not any("fox" in text for text in texts)
        again = await core.press(f"i1:reroll:{job.id}:0")
        assert isinstance(again, Private)
        assert again.card.lines == (answers.swept_prompt("/imagine"),)


async def test_old_pictures_are_deleted_and_the_buttons_say_so(tmp_path: Path, backend: str) -> None:
    async with running_core(tmp_path) as core:
        await keeps(core, pictures=7)
        job = await core.drawn("a fox")
        before = await usage(core.db, "user", 0.0)
        await swept(core, 6)
        assert len(pictures_of(core, job)) == 5
        await swept(core, 2)
        assert pictures_of(core, job) == []
        row = await core.job(job.id)
        assert (row.pictures, row.shown, row.request.prompt) == ((), None, "a fox")
        assert await core.store.calls(job.id)
        for control in (f"i1:upscale:{job.id}:1", f"i1:variation:{job.id}:1"):
            answer = await core.press(control)
            assert isinstance(answer, Private)
            assert answer.card.lines == (answers.SWEPT_PICTURES,)
        assert await usage(core.db, "user", 0.0) == before, "the pictures were delivered all the same"
        assert f"m-{job.id}" in core.chat.messages, "the message stays"


async def test_a_communitys_own_time_wins_over_the_deployments(tmp_path: Path, backend: str) -> None:
    async with running_core(tmp_path) as core:
        core.house.retain_days = 1
        await keeps(core, prompts=60, pictures=60)
        job = await core.drawn("a fox")
        await swept(core, 5)
        assert (await core.job(job.id)).request.prompt == "a fox"
        assert len(pictures_of(core, job)) == 5
        await keeps(core)
        await sweeper(core).once()
        assert (await core.job(job.id)).request.prompt == ""
        assert pictures_of(core, job) == []


async def test_many_go_in_batches(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        core.house.retain_days = 1
        ids = [await core.accepted(f"fox {number}", f"user{number}") for number in range(120)]
        async with core.db.write() as connection:
            await connection.exec_driver_sql("UPDATE jobs SET state = 'failed', told = 1")
        await swept(core, 2)
        assert {(await core.job(job_id)).request.prompt for job_id in ids} == {""}


async def test_open_jobs_are_left_alone(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        core.house.retain_days = 1
        job_id = await core.accepted("a fox")
        await swept(core, 5)
        assert (await core.job(job_id)).request.prompt == "a fox"


async def test_files_made_to_be_read_once_go_after_a_day(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        for key in ("privacy/a.zip", "desk/chart.png", "jobs/x/0", "privacyx"):
            await core.pictures.put(key, b"1", "application/zip")
        await swept(core, 0.9)
        assert len(core.pictures.kept) == 4
        await swept(core, 0.2)
        assert set(core.pictures.kept) == {"jobs/x/0", "privacyx"}


async def test_the_real_store_finds_old_files(tmp_path: Path) -> None:
    store = ObstorePictures(str(tmp_path / "pictures"))
    assert [key async for keys in store.keys("privacy") for key in keys] == []
    for key in ("privacy/a.zip", "privacy/b.zip", "desk/c.png"):
        await store.put(key, b"1", "application/zip")
    assert sorted([key async for keys in store.keys("privacy") for key in keys]) == ["privacy/a.zip", "privacy/b.zip"]
    assert [key async for keys in store.keys("privacy", before=1.0) for key in keys] == []
