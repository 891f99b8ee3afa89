"""Quotas and queues as a person meets them."""

from __future__ import annotations

from pathlib import Path

from bot.jobs.model import JobState
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.server import open_server, private


async def test_the_daily_quota(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_server(tmp_path, easel, IMAGINE_DAILY_IMAGES="5") as server:
        grid = await server.drawn()
        refused = await private(await server.imagine())
        assert "This needs 4 pictures, and 1 of your 5 for today are left." in refused.text
        assert "00:00 UTC" in refused.text
        await server.child(grid, "U1")
        assert "0 of your 5" in (await private(await server.press(grid, "U2"))).text
        assert await server.used() == 5
        await server.drawn(user=server.bob)
        server.clock.ahead += 86_400
        await server.drawn("the next day")
        assert await server.used() == 4


async def test_waiting_jobs_say_how_many_are_ahead_and_start_in_turn(tmp_path: Path) -> None:
    easel = Easel()
    settings = {"IMAGINE_USER_RUNNING": "1", "IMAGINE_USER_WAITING": "2", "IMAGINE_RUNNING": "2"}
    async with open_server(tmp_path, easel, **settings) as server:
        first = await server.placed("one")
        await server.reaches(first, JobState.RUNNING)
        second, third = await server.placed("two"), await server.placed("three")
        assert "waiting to start" in second.text
        assert "waiting, 1 job ahead" in third.text
        full = await private(await server.imagine("four"))
        assert "1 of your jobs may run and 2 may wait" in full.text
        other = await server.placed("five", user=server.bob)
        await server.reaches(other, JobState.RUNNING)
        assert (await server.job(second)).state is JobState.QUEUED
        await server.press(second, "Cancel")
        await server.ends(second, JobState.CANCELLED)
        await server.until(lambda: "waiting to start" in third.text)
        easel.finish()
        for message in (first, third, other):
            await server.finished(message)
        assert await server.used() == 8
        assert len(easel.paid) == 3
