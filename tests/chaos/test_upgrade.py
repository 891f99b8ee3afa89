"""A release is killed with jobs in every state, and today's bot starts on its database: all of them end as they should."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import storage
from storage.migrate import HEAD
from tests.chaos.released import releases
from tests.chaos.upgrade import restored, upgrade

VERSIONS = Path(storage.__file__).parent / "migrations" / "versions"
OPEN = {"new", "queued", "submitting", "running", "finished", "stored"}
"""States of an open job in the first release."""


def states(folder: Path) -> set[str]:
    """Of the jobs as the release left them: its tables are not today's."""
    with closing(sqlite3.connect(folder / "imagine.db")) as database:
        return {state for (state,) in database.execute("SELECT state FROM jobs")}


@pytest.mark.parametrize("release", releases())
async def test_jobs_in_flight_survive_an_upgrade(release: str, tmp_path: Path) -> None:
    async with restored(release, tmp_path / release) as (den, people, vendor):
        assert states(den.folder) >= OPEN
        verdict = await upgrade(den, people, vendor, release)
    assert verdict.faults == []
    assert verdict.jobs >= 15


def test_every_released_schema_has_its_dump() -> None:
    """The newest one is still being written; it gets its dump when the next one begins."""
    scripts = {path.name[1:5] for path in VERSIONS.glob("v[0-9]*.py")}
    assert set(releases()) == scripts - {HEAD}
