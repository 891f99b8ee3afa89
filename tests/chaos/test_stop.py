"""A stop waits for running submits, and a person who cannot wait loses nothing either."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.stopping import stop

SLOW = {"answer_delay": 1.0, "seconds": 0.1}
HANGING = {"hang": True, "webhook": "off"}


async def test_sigterm_waits_for_an_open_submit(tmp_path: Path) -> None:
    stopped = await stop(tmp_path, SLOW, signals=1, seconds="20")
    assert stopped.code == 0
    assert set(stopped.calls) <= {"accepted", "done"}
    assert stopped.seconds < 10
    assert stopped.verdict.faults == []
    assert {job["state"] for job in stopped.verdict.books.jobs.values()} == {"delivered"}


async def test_no_longer_than_the_setting_says(tmp_path: Path) -> None:
    stopped = await stop(tmp_path, HANGING, signals=1, seconds="0.3", lookup=True)
    assert stopped.code == 0
    assert stopped.calls == ["intent"] * 3
    assert stopped.verdict.faults == []
    assert {job["state"] for job in stopped.verdict.books.jobs.values()} == {"delivered"}


async def test_a_second_sigterm_cuts_at_once(tmp_path: Path) -> None:
    stopped = await stop(tmp_path, HANGING, signals=2, seconds="200")
    assert stopped.code != 0
    assert stopped.seconds < 10
    assert stopped.calls == ["intent"] * 3
    assert stopped.verdict.faults == []
    assert {job["state"] for job in stopped.verdict.books.jobs.values()} == {"uncertain"}
