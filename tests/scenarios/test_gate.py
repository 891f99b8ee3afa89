"""The gate on every way to a job: whatever shuts it, it shuts for all of them, privately and for nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.jobs.asks import Placeholder, Private
from bot.jobs.model import JobState
from bot.policy.community import ReviewMode
from bot.policy.records import Entry, What
from providers.base import Stage, Status
from storage.tables import calls, jobs, ledger, spend
from tests.scenarios.gate_doors import ANN, BOLTS, DOORS, Ground, unbolt
from tests.support.core import CAPS, Core, running_core
from tests.support.held import HERE, community


@asynccontextmanager
async def ground_in(folder: Path) -> AsyncIterator[Ground]:
    async with running_core(folder) as core:
        core.provider.stages = [Status(Stage.DONE)]
        failed = await core.ended(await core.accepted())
        assert failed.state is JobState.FAILED
        yield Ground(core, await core.drawn(), failed)


async def books(core: Core) -> list[int]:
    """How many rows there are that only an accepted job brings; and pictures kept, and paid calls."""
    async with core.db.read() as connection:
        rows = [
            (await connection.execute(select(func.count()).select_from(t))).scalar_one()
            for t in (jobs, ledger, calls, spend)
        ]
    return [*rows, len(core.pictures.kept), len(core.provider.paid)]


async def refusals(core: Core) -> list[Entry]:
    found = await core.house.policy.entries(HERE, limit=200)
    return [entry for entry in found if entry.what is What.REFUSED]


@pytest.mark.parametrize("way", DOORS)
async def test_every_check_shuts_every_way(way: str, tmp_path: Path) -> None:
    feature, door = DOORS[way]
    async with ground_in(tmp_path) as ground:
        core = ground.core
        for name, (bolt, said) in BOLTS.items():
            before, told = await books(core), len(await refusals(core))
            await bolt(ground, feature)
            answer = await door(ground)
            assert isinstance(answer, Private), (way, name, answer)
            assert (answer.refused, answer.card.private) == (True, True), (way, name)
            assert said in answer.card.lines[0], (way, name, answer.card.lines)
            assert await books(core) == before, (way, name)
            entries = await refusals(core)
            assert len(entries) == told + 1, (way, name)
            assert (entries[0].actor, entries[0].channel) == (ANN, "hall"), (way, name)
            assert entries[0].text.startswith(name.split()[0]), (way, name, entries[0].text)
            await unbolt(ground)
            core.house.caps = CAPS
        assert isinstance(await door(ground), Placeholder), way


@pytest.mark.parametrize("way", DOORS)
async def test_where_moderators_review_everything_nothing_is_paid_on_any_way(way: str, tmp_path: Path) -> None:
    async with ground_in(tmp_path) as ground:
        core, paid = ground.core, len(ground.core.provider.paid)
        await community(core, review=ReviewMode.EVERYTHING)
        answer = await DOORS[way][1](ground)
        assert isinstance(answer, Placeholder)
        await core.reaches(answer.job_id, JobState.HELD)
        assert len(core.provider.paid) == paid


@pytest.mark.parametrize("name", ["stopped", "blocked", "role", "rules", "quota", "budget"])
async def test_what_was_set_holds_after_a_restart(name: str, tmp_path: Path) -> None:
    bolt, said = BOLTS[name]
    feature, door = DOORS["imagine"]
    async with ground_in(tmp_path) as ground:
        await bolt(ground, feature)
    async with running_core(tmp_path) as core:
        answer = await door(replace(ground, core=core))
        assert isinstance(answer, Private)
        assert said in answer.card.lines[0]
        assert core.provider.paid == {}
