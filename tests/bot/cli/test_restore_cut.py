"""A restore that is broken off: the folder is as it was, or whoever looks at it says how to finish."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import Invoke
from tests.bot.cli.folders import at, filled, jobs_in, names_in

SAYS = "run `imagine-bot restore FILE --force` again"
SWAPPED = ("imagine.db", "imagine.db-wal", "imagine.db-shm", "secret")


class Killed(BaseException):
    """Nothing of ours catches it."""


def killed_at(number: int, real: Callable[..., Any]) -> Callable[..., Any]:
    """So many calls are done, then nobody is alive."""
    calls = count()

    def call(*arguments: Any, **named: Any) -> Any:
        if next(calls) >= number:
            raise Killed
        return real(*arguments, **named)

    return call


async def grown(folder: Path, invoke: Invoke) -> list[tuple[str, str]]:
    """A backup `kept` of a folder whose database has changed since, and has a log now; the jobs in the backup."""
    await filled(folder)
    assert (await invoke("backup", "kept", **at(folder))).exit_code == 0
    jobs = jobs_in(folder)
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        database.execute("UPDATE jobs SET state = 'failed'")
        database.commit()
    for end in ("-wal", "-shm"):
        (folder / f"imagine.db{end}").write_text(f"of the old database: {end}")
    (folder / "secret").write_text("a newer secret")
    return jobs


async def cut(folder: Path, invoke: Invoke, module: object, name: str, number: int) -> bool:
    """Whether a forced restore came to that call of the function; it ends there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, killed_at(number, getattr(module, name)))
        try:
            assert (await invoke("restore", "kept", "--force", **at(folder))).exit_code == 0
        except Killed:
            return True
    return False


def contents(folder: Path) -> list[bytes]:
    """Of what a restore swaps, under whatever name it stands now."""
    return [path.read_bytes() for path in folder.iterdir() if path.name.partition(".before-")[0] in SWAPPED]


async def test_cut_while_files_are_swapped(tmp_path: Path, invoke: Invoke) -> None:
    jobs = await grown(tmp_path / "old", invoke)
    for number in range(len(SWAPPED) + 2):
        folder = tmp_path / f"cut{number}"
        shutil.copytree(tmp_path / "old", folder)
        assert await cut(folder, invoke, Path, "replace", number)
        left = names_in(folder)
        for asked in (("run",), ("keys", "list"), ("migrate",), ("restore", "kept")):
            told = await invoke(*asked, **at(folder))
            assert (told.exit_code, SAYS in told.output) == (2, True), (number, asked, told.output)
        assert names_in(folder) == left, "nothing was made"
        finished = await invoke("restore", "kept", "--force", **at(folder))
        assert finished.exit_code == 0, finished.output
        assert (jobs_in(folder), (folder / "secret").read_text()) == (jobs, "the secret")
        assert set(contents(tmp_path / "old")) <= set(contents(folder)), "all that was there is set aside"
        assert [name for name in names_in(folder) if name.startswith(".")] == []
    shutil.copytree(tmp_path / "old", tmp_path / "whole")
    assert not await cut(tmp_path / "whole", invoke, Path, "replace", number + 1), "there is no further step"


async def test_cut_before_that(tmp_path: Path, invoke: Invoke) -> None:
    jobs, folder = await grown(tmp_path / "old", invoke), tmp_path / "old"
    before = {name: (folder / name).read_bytes() for name in SWAPPED}
    for number in range(2):
        assert await cut(folder, invoke, shutil, "copy2", number)
        assert {name: (folder / name).read_bytes() for name in SWAPPED} == before
        assert not (folder / ".restoring").exists()
    assert (await invoke("restore", "kept", "--force", **at(folder))).exit_code == 0
    assert jobs_in(folder) == jobs
