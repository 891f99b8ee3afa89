"""Stop everything, cancel what waits, resume: each at once, each in the log."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.jobs.model import JobState
from bot.policy.records import What
from bot.texts import admin as texts
from tests.support.admin import MOD, Hands, controls, shown
from tests.support.core import running_core


async def test_stop_and_resume_are_kept_and_audited_once(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        mod = Hands(core, MOD)
        assert texts.STOP_DONE in shown(await mod.command("stop")).lines
        assert texts.ALREADY_STOPPED in shown(await mod.press("stop")).lines
        assert (await mod.settings()).stopped
        root = Hands(core)
        assert controls(shown(await root.press("home")))[-1] == "resume"
        assert texts.RESUME_DONE in shown(await mod.press("resume")).lines
        assert texts.ALREADY_RUNNING in shown(await mod.command("resume")).lines
        assert not (await mod.settings()).stopped
        found = [entry.what for entry in await mod.log() if entry.what is not What.SETTING]
        assert found == [What.RESUMED, What.STOPPED]


async def test_what_waits_here_is_cancelled_on_wish_alone(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        here = await core.accepted("a fox")
        guild, core.place = core.place, replace(core.place, community_id="other")
        elsewhere = await core.accepted("an owl", "bob")
        core.place = guild
        mod = Hands(core, MOD)
        card = shown(await mod.command("stop"))
        assert controls(card)[0] == "cancel_waiting"
        assert "1 job waiting to start." in card.lines
        assert (await core.job(here)).state is JobState.NEW
        assert texts.cancelled(1) in shown(await mod.press("cancel_waiting")).lines
        assert (await core.job(here)).cancel_requested
        assert not (await core.job(elsewhere)).cancel_requested
        assert (await mod.log())[0].text == texts.cancelled(1)
        await core.engine.start()
        assert (await core.ended(here)).state is JobState.CANCELLED
        assert (await core.store.standing("playground:ann", core.clock())).used == 0
