"""A release is killed with jobs in every state, and today's bot starts on its database: all of them end as they should."""

from __future__ import annotations

from pathlib import Path

import pytest

import storage
from storage.migrate import HEAD
from tests.chaos.carried_over import look
from tests.chaos.released import releases
from tests.chaos.upgrade import restored, upgrade

VERSIONS = Path(storage.__file__).parent / "migrations" / "versions"
WITH_THE_NEXT = frozenset({"0003", "0004", "0005", "0006"})
"""They came in one piece with 0007: no release ever ran with one of them as its newest."""
OPEN = frozenset({"new", "queued", "submitting", "running", "finished", "stored"})
ENDS = frozenset({"delivered", "failed", "refused", "cancelled", "expired", "uncertain"})
STATES = {"0001": OPEN, "0002": OPEN | ENDS | {"held", "review"}}
"""In which a release's dump has jobs; 0001's has them in the open states, 0002's in every state that there is."""


@pytest.mark.parametrize("release", releases())
async def test_jobs_in_flight_survive_an_upgrade(release: str, tmp_path: Path) -> None:
    async with restored(release, tmp_path / release) as (den, people, vendor):
        assert set(look(den.folder).states.values()) >= STATES[release]
        verdict = await upgrade(den, people, vendor, release)
    assert verdict.faults == []
    assert verdict.jobs >= 15


def test_every_released_schema_has_its_dump() -> None:
    """The newest one is still being written; it gets its dump when the next one begins."""
    ran = {path.name[1:5] for path in VERSIONS.glob("v[0-9]*.py")} - WITH_THE_NEXT
    assert set(releases()) == ran - {HEAD}
