"""The settings in the chat: who may change them, what they do to members, and that they hold after a restart."""

from __future__ import annotations

import pytest

from bot.jobs.model import JobState
from bot.policy.records import What
from tests.scenarios.slack.community import control, staffed
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.held import held, release
from tests.scenarios.slack.workspace import words

pytestmark = pytest.mark.slow
"""The same story is played on Discord in the short form."""


async def test_an_admin_sets_where_and_how_fast_and_it_holds(opens: Open) -> None:
    desk = await staffed(opens, channels=False)
    slack, fake = desk.slack, desk.slack.fake
    studio = fake.channel("studio")
    home = await desk.page("admin")
    assert "1. Who and where" in words(home), "the guide stands above the first page"
    assert "Who and where:  as delivered" in words(home)
    assert "1. Who and where" not in words(await desk.page("admin settings"))
    for text in ("admin", "admin usage", "admin stop", "admin log", "admin review", "admin user @bob"):
        assert "Only moderators" in words(await desk.page(text, slack.ann)), text

    page = await desk.set("place", channels=[studio.id], moderators=[desk.mods])
    assert f"Channels where people may draw: every channel →  #{studio.id}" in words(page), "before and after"
    await desk.set("review", log_channel=desk.log.id, review_channel=desk.reviews.id)
    page = await desk.set("pace", cooldown="60")
    assert "Seconds between two jobs of a person: no pause → 60 seconds" in words(page)
    page = await desk.set("budget", images_day="500", spend_month="12.50")
    assert "USD a month: no limit → 12.50 USD" in words(page)
    entry = (await desk.entries(What.SETTING))[0]
    assert (entry.name, "12.50 USD" in entry.text) == ("chief", True)
    await desk.stands(desk.log, "setting", "by chief", "12.50 USD")
    page = await desk.set("review", review_channel=[])
    assert f"Review channel:  #{desk.reviews.id}  → none" in words(page), "a channel can be taken back"
    page = await desk.page("admin")
    await desk.turn(page, "i1:admin:section:0", "budget")
    wrong = await desk.form(page, "i1:admin:change_budget:0")
    await desk.send(wrong, images_day="many")
    assert "whole number" in words(await slack.said(slack.chief))
    assert "As a moderator you can use usage" in words(await desk.page("admin", desk.mia)), "a user group makes moderators"
    await desk.page("admin log", desk.mia)

    await desk.told()
    await slack.restart()
    await desk.refused("a red fox", "not allowed in this channel")
    grid = await slack.drawn("a red fox", channel=studio)
    await desk.refused("a blue fox", "Wait", "one job in 60 seconds", channel=studio)
    await slack.press(grid, "reroll")
    assert "one job in 60 seconds" in words(await slack.said())
    await slack.drawn("a red fox", slack.bob, studio)
    home = await desk.page("admin")
    assert "12.50 USD" in words(home)
    assert f"#{studio.id}" in words(home)


async def test_stop_everything_and_resume(opens: Open) -> None:
    provider = held()
    desk = await staffed(opens, more=[provider], settings={"IMAGINE_USER_RUNNING": "1"})
    slack = desk.slack
    await desk.set("place", moderators=[desk.mods])
    running = await slack.placed("a red fox")
    waiting = await slack.kept(await slack.placed("a blue fox"))
    page = await desk.page("admin stop", desk.mia)
    assert "Nobody can draw here now" in words(page)
    assert "1 job waiting to start" in words(page)
    await desk.refused("a grey fox", "stopped all drawing", user=slack.bob)
    await desk.turn(page, "i1:admin:cancel_waiting:0", user=desk.mia)
    assert "1 waiting job cancelled" in words(page)
    await slack.ends(waiting, JobState.CANCELLED)
    release(provider)
    await slack.shown(running)
    assert await slack.used() == 4, "what was cancelled is not charged"
    await desk.told()
    await slack.restart()
    await desk.refused("a grey fox", "stopped all drawing", user=slack.bob)
    home = await desk.page("admin")
    assert "Stopped: nobody can draw" in words(home)
    await desk.turn(home, "i1:admin:resume:0")
    assert "can draw here again" in words(home)
    await slack.drawn("a grey fox", slack.bob)
    assert [entry.name for entry in await desk.entries(What.STOPPED, What.RESUMED)] == ["chief", "mia", "mia"]
    await desk.stands(desk.log, "stopped", "by mia")


async def test_pages_of_one_stay_out_of_reach_of_others(opens: Open) -> None:
    """A control is no right: a press that somebody makes up, and a form that was open when its sender lost their rank."""
    desk = await staffed(opens)
    slack, fake = desk.slack, desk.slack.fake
    await desk.set("place", admins=[desk.mods])
    page = await desk.page("admin", desk.mia)
    await desk.turn(page, "i1:admin:section:0", "budget", user=desk.mia)
    view = await desk.form(page, "i1:admin:change_budget:0", desk.mia)
    await desk.set("place", admins=[])
    await desk.send(view, desk.mia, images_day="1")
    assert "Only" in words(await slack.said(desk.mia))
    grid = await slack.drawn()
    log = await desk.stands(desk.log, "ann (", "a red fox")
    for action_id in ("i1:admin:stop:0", "i1:admin:home:0", control(log, "moderate", 11), control(log, "person", 11)):
        await fake.press(slack.bob, grid, action_id, forged=True)
        assert "Only moderators" in words(await slack.said(slack.bob)), action_id
    assert not desk.open()
    assert (await slack.bot.house.policy.community("slack:T00000001")).budget.images_day == 0
    assert not grid.deleted
