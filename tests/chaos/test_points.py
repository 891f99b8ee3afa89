"""The list of fail-points is the ports' own: nothing that writes escapes it."""

from __future__ import annotations

import inspect

import pytest

from bot.jobs.store import JobReads, LeaseWrites
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from tests.chaos.points import JOB_WRITES, NO_LIFE, POINTS, POLICY_WRITES, READS, WRITES, Stop, read_stop

ONLY_READS = {"open_count"}
"""A question of the SQL store that the port does not have."""


def _public(store: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(store, inspect.isfunction) if not name.startswith("_")}


def test_every_write_of_the_store_is_in_the_port() -> None:
    """But for leases, which are renewed beside every life: the kills of several processes stop those."""
    known = {name for port in (JobReads, LeaseWrites) for name in vars(port) if not name.startswith("_")}
    assert _public(SqlJobStore) - known - ONLY_READS == set(JOB_WRITES)


def test_every_write_of_the_policy_store_is_a_point_or_said_to_be_none() -> None:
    """And what is said to be none exists: a list that has aged must not hide a new write."""
    assert _public(SqlPolicy) == set(POLICY_WRITES) | READS | NO_LIFE
    assert {"ask", "decide", "close", "report", "erase", "record", "posted"} <= set(POLICY_WRITES)


def test_two_points_a_write() -> None:
    assert len(POINTS) == 2 * len(WRITES) == len(set(POINTS))


def test_a_plan_names_points_that_exist() -> None:
    assert read_stop("after:intend:2") == Stop("after:intend", 2)
    with pytest.raises(ValueError, match="no such point"):
        read_stop("after:intent:1")
