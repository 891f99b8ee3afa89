"""Three processes on Postgres: any worker finishes any job, whoever is killed or restarted meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.cluster import cluster

pytestmark = pytest.mark.timeout(300)


async def test_a_killed_worker_and_a_rolling_restart_lose_nothing(tmp_path: Path) -> None:
    verdict = await cluster(tmp_path, jobs=30, lease=4.0, strict=False)
    assert verdict.jobs >= 30
    assert verdict.faults == []
