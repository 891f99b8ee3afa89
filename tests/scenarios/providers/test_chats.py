"""A vendor that answers at once and one that is asked again, each through both chats: command, grid and V."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.jobs.model import Action, Job, Platform
from tests.scenarios.discord.server import open_server
from tests.scenarios.discord.server import opened as opened_discord
from tests.scenarios.providers.vendors import VENDORS
from tests.scenarios.slack.conftest import Open, opens
from tests.scenarios.slack.workspace import opened as opened_slack

__all__ = ["opens"]
PAID = {"recraft": 1, "bfl": 4}
"""Paid requests of one grid: Recraft draws four at once, Black Forest Labs one a request."""


def check(job: Job, name: str, platform: Platform, action: Action = Action.IMAGINE) -> None:
    """A whole grid of that vendor, in that chat."""
    assert (job.provider, len(job.pictures), job.action, job.actor.platform) == (name, 4, action, platform)


@pytest.mark.parametrize("name", PAID)
async def test_through_discord(tmp_path: Path, name: str) -> None:
    async with VENDORS[name].api() as api:
        async with open_server(tmp_path, **VENDORS[name].settings(api.base)) as server:
            grid = await server.drawn("a lighthouse at dusk")
            assert min(opened_discord(grid).size) >= 2 * api.size
            check(await server.job(grid), name, Platform.DISCORD)
            assert (await server.used(), api.paid) == (4, PAID[name])
            varied = await server.child(grid, "V2")
            check(await server.job(varied), name, Platform.DISCORD, Action.VARIATION)
            assert (await server.used(), api.paid) == (8, 2 * PAID[name])
        assert api.violations == []


@pytest.mark.parametrize("name", PAID)
async def test_through_slack(opens: Open, name: str) -> None:
    async with VENDORS[name].api() as api:
        slack = await opens(more=(), settings=VENDORS[name].settings(api.base))
        grid = await slack.drawn("a lighthouse at dusk")
        assert min(opened_slack(grid).size) >= 2 * api.size
        check(await slack.job(grid), name, Platform.SLACK)
        assert (await slack.used(), api.paid) == (4, PAID[name])
        varied = await slack.child(grid, "variation", 2)
        check(await slack.job(varied), name, Platform.SLACK, Action.VARIATION)
        assert (await slack.used(), api.paid) == (8, 2 * PAID[name])
        await slack.stop()
        assert api.violations == []
