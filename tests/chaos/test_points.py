"""The list of fail-points is the port's own: nothing that writes escapes it."""

from __future__ import annotations

import inspect

import pytest

from bot.jobs.store import JobReads
from storage.jobs import SqlJobStore
from tests.chaos.points import POINTS, WRITES, Stop, read_stop

ONLY_READS = {"open_count"}
"""A question of the SQL store that the port does not have."""


def test_every_write_of_the_store_is_in_the_port() -> None:
    public = {name for name, _ in inspect.getmembers(SqlJobStore, inspect.isfunction) if not name.startswith("_")}
    reads = {name for name in vars(JobReads) if not name.startswith("_")}
    assert public - reads - ONLY_READS == set(WRITES)


def test_two_points_a_write() -> None:
    assert len(POINTS) == 2 * len(WRITES) == len(set(POINTS))


def test_a_plan_names_points_that_exist() -> None:
    assert read_stop("after:intend:2") == Stop("after:intend", 2)
    with pytest.raises(ValueError, match="no such point"):
        read_stop("after:intent:1")
