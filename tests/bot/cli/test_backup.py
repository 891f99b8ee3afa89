"""`imagine-bot backup` and `restore`: what is in the file, what is refused, and a whole round trip with jobs in flight."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.app import cli
from bot.jobs.model import JobState
from storage.archive import Manifest
from tests.bot.cli.conftest import Invoke
from tests.bot.cli.folders import at, filled, jobs_in, names_in
from tests.chaos import audit, books
from tests.chaos.ground import ground
from tests.chaos.lives import Den
from tests.chaos.people import People
from tests.chaos.recovery import wait_for_ends
from tests.chaos.waits import moment


def entries(path: Path) -> list[str]:
    with tarfile.open(path) as tar:
        return tar.getnames()


async def test_what_the_file_holds_and_how_it_comes_back(tmp_path: Path, invoke: Invoke) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    keys = await filled(old)
    made = await invoke("backup", "kept", **at(old))
    assert made.exit_code == 0, made.output
    assert "2 jobs (0 open), 9 pictures" in made.output
    kept = tmp_path / "kept"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert set(entries(kept)) == {"imagine.db", "secret", "manifest.json"} | {f"pictures/{key}" for key in keys}
    back = await invoke("restore", "kept", **at(new))
    assert back.exit_code == 0, back.output
    assert "2 jobs, 0 of them open, 9 pictures" in back.output
    assert jobs_in(new) == jobs_in(old)
    assert (new / "secret").read_text() == "the secret"
    assert (new / "secret").stat().st_mode & 0o777 == 0o600
    assert {key: (new / "pictures" / key).read_bytes() for key in keys} == {
        key: (old / "pictures" / key).read_bytes() for key in keys
    }
    assert (names_in(tmp_path), names_in(new)) == (["kept", "new", "old"], ["imagine.db", "pictures", "secret"]), "no drafts"


async def test_names_by_the_time_in_a_folder_and_without_pictures(tmp_path: Path, invoke: Invoke) -> None:
    await filled(tmp_path / "old")
    (tmp_path / "shelf").mkdir()
    assert (await invoke("backup", "shelf", "--no-pictures", **at(tmp_path / "old"))).exit_code == 0
    assert (await invoke("backup", **at(tmp_path / "old"))).exit_code == 0
    (shelved,) = (tmp_path / "shelf").iterdir()
    (own,) = (tmp_path / "old" / "backups").iterdir()
    assert shelved.name.startswith("imagine-bot-2")
    assert set(entries(shelved)) == {"imagine.db", "secret", "manifest.json"}
    assert len(entries(own)) == 12
    assert (await invoke("restore", str(shelved), **at(tmp_path / "new"))).exit_code == 0


async def test_no_backup_of_nothing_and_none_of_a_damaged_database(tmp_path: Path, invoke: Invoke) -> None:
    nothing = await invoke("backup", **at(tmp_path / "none"))
    assert (nothing.exit_code, "no database" in nothing.output) == (2, True)
    await filled(tmp_path / "old")
    with (tmp_path / "old" / "imagine.db").open("r+b") as file:
        file.seek(4096 * 10)
        file.write(b"\xff" * 4096 * 8)
    bad = await invoke("backup", "kept", **at(tmp_path / "old"))
    assert (bad.exit_code, "no backup was made" in bad.output) == (2, True), bad.output
    assert not (tmp_path / "kept").exists()
    (tmp_path / "notes").touch()
    unwritable = await invoke("backup", "notes/x.tar", **at(tmp_path / "old"))
    assert (unwritable.exit_code, "cannot be written" in unwritable.output) == (2, True), unwritable.output


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_bytes(path: Path) -> None:
    """One picture is not what it was."""
    data = path.read_bytes()
    at_picture = data.index(b"\xff\xd8\xff") + 40
    path.write_bytes(data[:at_picture] + b"?" + data[at_picture + 1 :])


def other_database(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at_database = data.index(b"SQLite format 3") + 5000
    data[at_database] ^= 0xFF
    path.write_bytes(data)


def not_a_tar(path: Path) -> None:
    path.write_text("hello")


def _remade(path: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> None:
    with tarfile.open(path) as tar:
        files = [(entry.name, tar.extractfile(entry)) for entry in tar]
        changed = [change(name, file.read()) for name, file in files if file]
    with tarfile.open(path, "w") as tar:
        for name, data in changed:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def newer(path: Path) -> None:
    def change(name: str, data: bytes) -> tuple[str, bytes]:
        return name, json.dumps(json.loads(data) | {"revision": "9999"}).encode() if name == "manifest.json" else data

    _remade(path, change)


def outside(path: Path) -> None:
    """A name that leads out of the store."""
    _remade(path, lambda name, data: ("pictures/../../evil", data) if name.startswith("pictures/") else (name, data))


def a_link(path: Path) -> None:
    """To a file that is not in the backup."""
    with tarfile.open(path, "a") as tar:
        entry = tarfile.TarInfo("pictures/x")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(entry)


@pytest.mark.parametrize("harm", [cut, other_bytes, other_database, not_a_tar, newer, outside, a_link, Path.unlink])
async def test_what_is_not_whole_is_not_put_back(tmp_path: Path, invoke: Invoke, harm: Callable[[Path], None]) -> None:
    await filled(tmp_path / "old")
    assert (await invoke("backup", "kept", **at(tmp_path / "old"))).exit_code == 0
    harm(tmp_path / "kept")
    told = await invoke("restore", "kept", **at(tmp_path / "new"))
    assert (told.exit_code, "Nothing was changed" in told.output) == (2, True), told.output
    assert (names_in(tmp_path / "new"), set(names_in(tmp_path)) - {"kept"}) == ([], {"new", "old"})


async def test_a_folder_in_use_is_left_alone_unless_forced(tmp_path: Path, invoke: Invoke) -> None:
    await filled(tmp_path / "old")
    before = jobs_in(tmp_path / "old")
    assert (await invoke("backup", "kept", **at(tmp_path / "old"))).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "old" / "imagine.db")) as database:
        database.execute("UPDATE jobs SET state = 'failed'")
        database.commit()
    told = await invoke("restore", "kept", **at(tmp_path / "old"))
    assert (told.exit_code, "is not empty" in told.output) == (2, True)
    assert jobs_in(tmp_path / "old") != before
    (tmp_path / "old" / "imagine.db-wal").write_bytes(b"of another database")
    forced = await invoke("restore", "kept", "--force", **at(tmp_path / "old"))
    assert (forced.exit_code, "Set aside:" in forced.output) == (0, True), forced.output
    assert jobs_in(tmp_path / "old") == before
    aside = {path.name.partition(".before-")[0] for path in (tmp_path / "old").glob("*.before-*")}
    assert aside == {"imagine.db", "imagine.db-wal", "secret"}
    pictures_alone = tmp_path / "old" / "imagine.db"
    pictures_alone.unlink()
    told = await invoke("restore", "kept", **at(tmp_path / "old"))
    assert (told.exit_code, "pictures is not empty" in told.output) == (2, True)


async def test_a_round_trip_with_jobs_in_flight(tmp_path: Path) -> None:
    """A backup under load; the bot dies; a bot on another folder takes the jobs up where the backup saw them."""
    async with ground(tmp_path, lookup=True) as (den, people, vendor):
        await vendor.script(answer_delay=0.3, seconds=0.5)
        async with den.life() as life:
            people.base = life.url
            parent = await people.imagine("early", "an old oak --provider fake-async")
            await moment(lambda: _state(den, parent, "delivered"))
            asking = asyncio.gather(*(_ask(people, n) for n in range(12)))
            await moment(lambda: _submitting(den))
            made = await _command(den.folder, "backup", str(tmp_path / "kept.tar"))
            refused = await _command(den.folder, "restore", str(tmp_path / "kept.tar"), "--force", code=2)
            await asking
        assert " open), " in made
        assert "(0 open)" not in made
        assert "Another imagine-bot process is running" in refused
        new = replace(den, folder=tmp_path / "new", port=0)
        assert "open jobs go on" in await _command(new.folder, "restore", str(tmp_path / "kept.tar"))
        kept = books.read(new.folder)
        async with new.life() as life:
            people.base = life.url
            await wait_for_ends(new.folder, life)
            found, messages = books.read(new.folder), await people.messages()
            assert await people.picture(parent, _shown(found, parent)) == 200
            assert (await people.press("reader", parent, "upscale", 1))["kind"] == "placeholder"
            await wait_for_ends(new.folder, life)
    assert set(found.jobs) == set(kept.jobs)
    assert {job["state"] for job in found.jobs.values()} == {JobState.DELIVERED.value}
    faults = [*audit.lost(found), *audit.wrongly_charged(found), *audit.unsettled(found, frozenset())]
    assert [*faults, *audit.spend_astray(found), *audit.sums_astray(found), *audit.unended_messages(found, messages)] == []


async def _ask(people: People, number: int) -> None:
    provider = ("fake-async", "fake-single")[number % 2]
    await asyncio.sleep(number * 0.05)
    await people.imagine(f"u{number}", f"a fleet --provider {provider}")


async def _state(den: Den, job_id: str, state: str) -> bool:
    job = books.job_row(den.folder, job_id)
    return job is not None and job["state"] == state


async def _submitting(den: Den) -> bool:
    return any(job["state"] in {"submitting", "running"} for job in books.read(den.folder).jobs.values())


def _shown(found: books.Books, job_id: str) -> str:
    return str(json.loads(found.jobs[job_id]["shown"])["key"])


async def _command(folder: Path, *arguments: str, code: int = 0) -> str:
    """Beside the bot's process; not in a folder of its own, since the bot is started from this one."""
    ran = await asyncio.to_thread(CliRunner().invoke, cli, arguments, env=at(folder), prog_name="imagine-bot")
    assert ran.exit_code == code, ran.output
    return ran.output


def test_a_manifest_of_another_form_is_not_read() -> None:
    """Fields are compared with what this version writes: whoever adds one raises FORM."""
    names = {"made", "version", "revision", "counts", "open_jobs", "sha256", "with_pictures", "pictures", "size", "missing"}
    assert set(Manifest.__dataclass_fields__) == names | {"digest", "form"}
