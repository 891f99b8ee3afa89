"""Killed at every write of the storage port, twice in a row, nothing is lost, paid twice or wrongly charged."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.chaos.long_form import run_all
from tests.chaos.points import POINTS
from tests.chaos.recovery import Verdict
from tests.chaos.storm import storm
from tests.chaos.table import table

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    """One run with look-ups and one without, beside each other."""
    folder = tmp_path_factory.mktemp("chaos")

    async def both() -> list[Verdict]:
        runs = (storm(folder / f"lookup-{lookup}", lookup=lookup, short=True) for lookup in (False, True))
        return await asyncio.gather(*runs)

    return asyncio.run(both())


def test_every_point_was_reached(verdicts: list[Verdict]) -> None:
    """The list is derived from the port: a new write without a scene fails here."""
    assert set(POINTS) - set().union(*(verdict.reached for verdict in verdicts)) == set()


@pytest.mark.parametrize("part", ["lost", "doubled", "charged", "unended", "others"])
def test_nothing_went_wrong(verdicts: list[Verdict], part: str) -> None:
    assert [(verdict.fault, line) for verdict in verdicts for line in getattr(verdict, part)] == []


def test_the_runs_were_real(verdicts: list[Verdict]) -> None:
    """A run that did nothing must not pass."""
    every = {job["state"] for verdict in verdicts for job in verdict.books.jobs.values()}
    decided = {review["decided"] for verdict in verdicts for review in verdict.books.reviews}
    assert {"delivered", "failed", "cancelled", "refused"} <= every
    assert {"approved", "rejected", "withdrawn"} <= decided
    for verdict in verdicts:
        ends = {(job["provider"], job["state"]) for job in verdict.books.jobs.values()}
        assert verdict.jobs >= verdict.cases
        assert ("fake-async", "delivered") in ends
        assert (("fake-async", "uncertain") in ends) == ("off" in verdict.fault)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_long_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """200 jobs in flight at a vendor that answers late, killed twice in a row at several moments; prints the table."""
    verdicts = list(run_all(tmp_path))
    with capsys.disabled():
        sys.stdout.write(f"\n{table(verdicts)}\n")
    assert [(verdict.fault, line) for verdict in verdicts for line in verdict.faults] == []
