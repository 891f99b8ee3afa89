"""Five hundred asks at once against a cap: exactly as many get in as fit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.jobs.acceptance import Accepted, Caps, RefusalKind
from bot.policy.community import Budget, Community, Tier
from bot.policy.records import Override
from bot.policy.tiers import caps_for
from tests.support.policy import ANN, HERE, NOW, desk_on
from tests.support.rows import key, new_job

FULL, FEW = 500, 60
WIDE = Caps(daily=100_000, user_running=1000, user_waiting=1000, running=1000)
TIERED = Community(tiers=(Tier("tin", "t", daily=40), Tier("gold", "g", daily=90)), daily=20)
CASES: dict[str, tuple[int, Caps, int, RefusalKind]] = {
    "daily": (FULL, replace(WIDE, daily=83), 20, RefusalKind.QUOTA),
    "monthly": (FEW, replace(WIDE, monthly=80), 20, RefusalKind.MONTH),
    "tier": (FULL, caps_for(WIDE, TIERED, Override(), ("t", "g")), 22, RefusalKind.QUOTA),
    "own": (FEW, caps_for(WIDE, TIERED, Override(daily=30), ("t", "g")), 7, RefusalKind.QUOTA),
    "images": (FULL, replace(WIDE, budget=Budget(images_day=102)), 25, RefusalKind.BUDGET),
    "usd": (FULL, replace(WIDE, budget=Budget(spend_day=1_000_000)), 25, RefusalKind.BUDGET),
    "usd of a month": (FEW, replace(WIDE, budget=Budget(spend_month=1_039_999)), 25, RefusalKind.BUDGET),
    "line": (FEW, replace(WIDE, running=4, waiting=6), 10, RefusalKind.LINE_FULL),
    "cooldown": (FEW, replace(WIDE, cooldown=30), 1, RefusalKind.COOLDOWN),
    "spam": (FEW, replace(WIDE, repeats=3), 3, RefusalKind.SPAM),
    "queue": (FEW, replace(WIDE, user_running=4, user_waiting=6), 10, RefusalKind.QUEUE_FULL),
}
"""How many ask, caps, how many jobs of 4 pictures at 0.04 USD fit, and what the others are told."""


@pytest.mark.parametrize("name", CASES)
async def test_exactly_as_many_get_in_as_fit(name: str, tmp_path: Path, backend: str) -> None:
    many, caps, fit, kind = CASES[name]
    many = many if backend == "sqlite" else min(many, 2 * FEW)  # tests/storage/test_processes.py has the rush on a server
    users = ["ann"] if kind is not RefusalKind.BUDGET else ["ann", "bob", "cid", "dan"]
    async with desk_on(tmp_path) as desk:
        asks = [replace(new_job(users[n % len(users)], at=NOW), estimate=40_000) for n in range(many)]
        decided = await asyncio.gather(*(desk.store.accept(job, key(), caps, NOW) for job in asks))
        refused = [one.kind for one in decided if not isinstance(one, Accepted)]
        assert (many - len(refused), set(refused)) == (fit, {kind})
        pictures, money = await desk.policy.used_in(HERE, NOW)
        assert (pictures.day, money.day) == (fit * 4, fit * 40_000)
        if kind is not RefusalKind.BUDGET:
            assert (await desk.policy.used_by(ANN, NOW)).day == fit * 4


async def test_the_same_ask_many_times_is_one_job(tmp_path: Path, backend: str) -> None:
    async with desk_on(tmp_path) as desk:
        decided = await asyncio.gather(*(desk.store.accept(new_job(at=NOW), "one", WIDE, NOW) for _ in range(FEW)))
        jobs = {one.job.id for one in decided if isinstance(one, Accepted)}
        assert (len(decided), len(jobs)) == (FEW, 1)
        assert (await desk.policy.used_by(ANN, NOW)).day == 4
