"""A moderator sets who may draw where, how often and how much; members are held to it; it stands after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy.records import What
from bot.texts import admin, gate
from tests.scenarios.playground.people import Person, Town, labels, town, words
from tests.support.core import Clock

pytestmark = pytest.mark.slow
"""The same story is played on Discord in the short form."""


async def test_settings_hold_and_refuse_and_survive_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    async with town(tmp_path, clock=clock) as here:
        await set_by_forms(here)
        await only_for_those_who_may(here)
        await kept_to(here)
    async with town(tmp_path, clock=clock) as here:
        page = await here.robin.asks("/admin settings")
        assert "Seconds between two jobs of a person: 60 seconds" in words(page)
        assert "Channels where people may draw: #moderators" in words(page)
        await here.kim.refused(await here.kim.says("/imagine after the restart"), gate.CHANNEL)
        await here.robin.sets("place", channels="playground")
        await cooled_down(here, clock)
        clock.ahead += 61
        await stopped(here)


async def set_by_forms(here: Town) -> None:
    first = await here.robin.asks("/imagine-admin settings")
    assert "Three steps" in words(first)
    assert "Three steps" not in words(await here.robin.asks("/imagine-admin settings")), "the guide is shown once"
    page = await here.robin.sets("place", channels="moderators")
    assert "Channels where people may draw: every channel → #moderators" in words(page)
    assert page["private"]
    page = await here.robin.sets("pace", cooldown="60")
    assert "Seconds between two jobs of a person: no pause → 60 seconds" in words(page)
    page = await here.robin.sets("budget", images_day="50", spend_month="12.50")
    assert "Pictures a day: no limit → 50 pictures" in words(page)
    assert "USD a month: no limit → 12.50 USD" in words(page)
    page = await here.robin.sets("review", log_channel="moderators", review_channel="moderators")
    opened = await here.robin.press(page, "Change")
    wrong = await here.robin.fills(page, opened, reports_hide="many")
    await here.robin.refused(wrong, "write a whole number of reports")
    page = await here.robin.turns(page, "Back")
    assert "Reports that hide" not in words(page), "nothing of a wrong form is kept"
    assert len(await here.entries(What.SETTING)) == 5, "the guide, and four changes"
    told = await here.robin.sees("Log channel: none → #moderators", "by Robin (", channel="moderators")
    assert not told["private"]


async def only_for_those_who_may(here: Town) -> None:
    for text in ("settings", "usage", "review", "log", "user Robin", "stop"):
        await here.kim.refused(await here.kim.says(f"/imagine-admin {text}"), "Only moderators")
    artist = Person(here, "Ada", roles="staff")
    await artist.refused(await artist.says("/imagine-admin usage"), admin.NOT_MODERATOR)
    await here.robin.sets("place", moderators="staff")
    assert "Usage" in words(await artist.asks("/imagine-admin usage"))
    await artist.refused(await artist.says("/imagine-admin settings"), admin.NOT_ADMIN)
    assert await here.sasha.reads() == []


async def kept_to(here: Town) -> None:
    await here.kim.refused(await here.kim.says("/imagine in the wrong place"), gate.CHANNEL)
    assert await here.sasha.reads() == []
    assert await here.kim.used() == 0
    [entry] = await here.entries(What.REFUSED)
    assert (entry.name, entry.channel) == ("Kim", "playground")
    await here.robin.sees("refused", "Kim", channel="moderators")


async def cooled_down(here: Town, clock: Clock) -> None:
    result = await here.kim.draws()
    await here.kim.refused(await here.kim.says("/imagine again"), "Wait ", "one job in 60 seconds")
    await here.kim.refused(await here.kim.press(result, "↻"), "Wait ")
    await here.kim.refused(await here.kim.press(result, "V1"), "Wait ")
    assert await here.kim.used() == 4
    await here.sasha.draws()


async def stopped(here: Town) -> None:
    page = await here.robin.asks("/admin stop")
    assert admin.STOP_DONE in words(page)
    assert labels(page) == ["Resume", "Back"]
    for person in (here.kim, here.robin):
        await person.refused(await person.says("/imagine a stopped one"), gate.STOPPED)
    assert admin.RESUME_DONE in words(await here.robin.turns(page, "Resume"))
    await here.kim.draws("/imagine after all")
    assert [one.what for one in await here.entries(What.STOPPED, What.RESUMED)] == [What.RESUMED, What.STOPPED]
