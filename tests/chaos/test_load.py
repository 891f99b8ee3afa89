"""More people than there is room for: all are answered in time, memory is bounded, the rest is refused before it is paid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.load import Crowd, crowded


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
async def test_a_full_line_is_said_at_once(tmp_path: Path) -> None:
    verdict = await crowded(tmp_path, Crowd(running=20, waiting=60, burst=50, beyond=20))
    assert verdict.faults == [], verdict.fault
