"""The real books beside the paper: opened for hypothesis, and compared after each step."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from bot.policy.community import Budget, Community, Tier
from storage.jobs import SqlJobStore
from storage.policy.store import SqlPolicy
from tests.storage.books_model import Model
from tests.storage.books_rows import read_rows
from tests.support.databases import backend, opened
from tests.support.sums import sums_astray

T = TypeVar("T")
START = 1_769_810_400.0
"""2026-01-30 22:00 UTC: two days and a month end soon."""
GUILDS = {
    "guild": Community(monthly=20, tiers=(Tier("gold", "g", daily=18, running=3), Tier("tin", "t", daily=5)),
                       budget=Budget(images_day=18, images_month=30, spend_day=200_000, spend_month=300_000)),
    "other": Community(daily=16, budget=Budget(spend_day=90_000, spend_month=150_000)),
}  # fmt: skip
ROLES = {"ann": ("g", "t"), "bob": (), "cid": ("t",)}


class Compared(RuleBasedStateMachine):
    """A store and a model, both empty; what is done to the one a rule does to the other."""

    on = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.loop = asyncio.Runner()
        with backend(self.on):
            self.db = self.run(opened(self.folder))
        self.store, self.now, self.model = SqlJobStore(self.db, "secret"), START, Model()
        self.policy = SqlPolicy(self.db, lambda: self.now, "secret")

    def teardown(self) -> None:
        self.run(self.db.close())
        self.loop.close()
        shutil.rmtree(self.folder)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    @invariant()
    def sums_agree_with_the_paper(self) -> None:
        for user in ROLES:
            who = f"playground:{user}"
            for here in ("", *(f"playground:{guild}" for guild in GUILDS)):
                assert self.run(self.policy.used_by(who, self.now, here)) == self.model.used(who, here, self.now)
        for guild in GUILDS:
            here = f"playground:{guild}"
            assert self.run(self.policy.used_in(here, self.now)) == (
                self.model.pictures(here, self.now),
                self.model.money(here, self.now),
            )

    @invariant()
    def every_line_is_right(self) -> None:
        rows, units, spent, booked = self.run(read_rows(self.db))
        assert len(rows) == len(self.model.jobs)
        for job_id, paper in self.model.jobs.items():
            lines = units.get(job_id, {})
            assert lines["reserve"] == paper.units
            assert (lines.keys() & {"settle", "refund"} != set()) == paper.closed
            assert -paper.units <= lines.get("refund", 0) <= 0
            assert sum(lines.values()) == paper.kept
            assert rows[job_id] == (paper.state.value, paper.cost)
            assert spent.get(job_id, 0) == paper.cost
        assert self.run(sums_astray(self.db)) == []
        assert booked == {call: cost for paper in self.model.jobs.values() for call, cost in paper.calls.items()}
