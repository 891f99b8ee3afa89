"""Tiers by user group, grants, quota and budget; and what moderators and members see of the numbers."""

from __future__ import annotations

import pytest

from bot.jobs.place import Platform
from bot.policy.records import What
from bot.slack.convert import Source
from bot.slack.front import SlackFront
from tests.scenarios.slack.community import staffed
from tests.scenarios.slack.conftest import Open
from tests.scenarios.slack.workspace import find, opened, words

pytestmark = pytest.mark.slow
"""The same story is played on Discord in the short form."""

CAP = {"IMAGINE_DAILY_IMAGES": "4"}


async def test_a_group_has_more_and_a_moderator_grants_more(opens: Open) -> None:
    desk = await staffed(opens, settings=CAP, channels=False)
    slack, fake = desk.slack, desk.slack.fake
    gold = fake.group([slack.bob], "gold")
    await desk.set("place", moderators=[desk.mods])
    front = slack.bot.fronts[Platform.SLACK]
    assert isinstance(front, SlackFront)
    (await front.offices.of(Source())).groups._known.clear()  # five minutes passed
    page = await desk.page("admin")
    await desk.turn(page, "i1:admin:tiers:0")
    view = await desk.form(page, "i1:admin:tier_add:0")
    element = next(block["element"] for block in view.body["blocks"] if block["block_id"] == "f:role")
    assert [one["text"]["text"] for one in element["options"]] == ["gold", "mods"], "user groups by their names"
    edits = page.edits
    await desk.send(view, name="Gold", role=gold, daily="8", jobs="2 5")
    await fake.until(lambda: page.edits > edits)
    assert "Tier Gold: none → 8 pictures a day, 2 running, 5 waiting" in words(page)

    await slack.drawn("a red fox")
    await desk.refused("a red fox", "0 of your 4 for today are left", "00:00 UTC")
    for _ in range(2):
        await slack.drawn("a red fox", slack.bob)
    await desk.refused("a red fox", "0 of your 8 for today are left", user=slack.bob)
    mine = words(await desk.page("info", slack.bob))
    assert all(part in mine for part in ("0 of 8 pictures", "Gold", "8 pictures of 2 jobs"))

    person = await desk.page("admin user @ann", desk.mia)
    assert all(part in words(person) for part in ("ann (", "1. delivered: a red fox", "4 of 4 pictures"))
    grant = next(one for one in person.action_ids if one.startswith("i1:person:") and one.endswith(":3"))
    await desk.filled(person, grant, desk.mia, units="4")
    assert "4 pictures on top." in words(person)
    await slack.drawn("a blue fox")
    await desk.refused("a blue fox", "0 of your 4 for today are left")
    await desk.turn(person, find(person, "person", 4), user=desk.mia)
    await desk.filled(person, find(person, "person", 5), desk.mia, daily="12")
    assert "Own limits:  12 a day" in words(person)
    assert "of 12 pictures" in words(await desk.page("info", slack.ann))
    await slack.restart()
    await slack.drawn("a grey fox")
    made = [(entry.what, entry.name) for entry in await desk.entries(What.GRANTED, What.RESET, What.LIMITED)]
    assert made == [(What.LIMITED, "mia"), (What.RESET, "mia"), (What.GRANTED, "mia")]


async def test_the_budget_warns_once_and_ends_and_the_page_shows_it(opens: Open) -> None:
    desk = await staffed(opens)
    slack, fake = desk.slack, desk.slack.fake
    await desk.set("budget", images_day="12", spend_day="0.12")
    for user in (slack.ann, slack.bob):
        await slack.drawn("a red fox", user)
    assert await desk.count(What.BUDGET) == 0
    grid = await slack.drawn("a red fox")
    warned = await desk.stands(desk.log, "budget", "nobody can draw")
    assert "used up" in words(warned)
    await desk.refused(
        "a red fox", "budget of this community for the day is used up", "tomorrow at 00:00 UTC", user=slack.bob
    )
    await slack.press(grid, "upscale", 1, slack.bob)
    assert "budget of this community" in words(await slack.said(slack.bob))
    assert await desk.count(What.BUDGET) == 1, "once a day"
    await desk.set("budget", images_day="100", spend_day="0.19")
    await slack.drawn("a red fox", slack.bob)
    assert "84% of the budget for the day is used" in words(await desk.stands(desk.log, "budget", "84%"))
    await desk.refused("a red fox", "is used up")
    assert await desk.count(What.BUDGET) == 2

    page = await desk.page("admin usage")
    assert page.to == slack.chief.id
    chart = opened(page)
    assert chart.format == "PNG"
    assert chart.width > 400
    assert len(chart.convert("RGB").getcolors(1 << 20) or []) > 4, "bars and words stand in it"
    shown = words(page)
    assert all(part in shown for part in ("16 of 100 (16%) pictures", "0.1600 of 0.1900 (84%) USD", "16 pictures of 4 jobs"))
    await desk.turn(page, "i1:admin:usage:1")
    assert all(part in words(page) for part in ("ann (", "bob (", "8 pictures of 2 jobs, 0.0800 USD, 0.0100 USD a picture"))
    await desk.turn(page, "i1:admin:usage:2")
    assert "16 pictures of 4 jobs" in words(page)
    assert len(page.pictures) == 1
    assert not [one for one in fake.messages(slack.art) if one.pictures and one.pictures[0] == page.pictures[0]]
    assert "Only moderators" in words(await desk.page("admin usage", slack.bob))
