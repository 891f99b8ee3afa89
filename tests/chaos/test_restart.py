"""A restarted process ends what was left to it at once."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.restarting import restart


async def test_drawn_pictures_are_shown_within_two_seconds(tmp_path: Path) -> None:
    verdict = await restart(tmp_path, 6)
    assert verdict.faults == []
