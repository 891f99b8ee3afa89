"""The usage page and a user's own numbers, over jobs that were really drawn."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.desk import usage
from bot.desk.info import info_card
from bot.jobs.asks import Ask
from bot.jobs.sweep import Sweeper
from bot.policy.community import Budget, Community, Tier
from bot.policy.records import Entry, Override, What
from bot.texts import usage as texts
from storage.pictures import ObstorePictures
from storage.sweeping import Sweeping
from tests.support.admin import ANN, HERE, MOD, Hands, controls, shown
from tests.support.core import Core, running_core

LIMITS = Community(
    budget=Budget(images_day=16, spend_month=1_000_000),
    guided=True,
    tiers=(Tier("Friends", "friends", daily=40, monthly=400),),
)


async def settle(core: Core, community: Community) -> None:
    await core.house.policy.save_community(HERE, community, Entry(HERE, What.SETTING))


async def test_pictures_cost_and_cost_a_picture_by_day_person_and_provider(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        await settle(core, LIMITS)
        await core.drawn("a fox", "ann")
        await core.drawn("an owl", "bob")
        mod = Hands(core, MOD)
        by_day = dict(shown(await mod.command("usage")).facts)
        today = usage.day_of(core.clock())
        assert by_day[today] == by_day[texts.WHOLE] == "8 pictures of 2 jobs, 0.0800 USD, 0.0100 USD a picture"
        assert by_day[texts.TODAY] == "8 of 16 (50%) pictures, 0.0800 USD"
        assert by_day[texts.MONTH] == "8 pictures, 0.0800 of 1.0000 (8%) USD"
        card = shown(await mod.press("usage", index=1))
        people = {label.partition(" ")[0]: value for label, value in card.facts[2:]}
        assert people["Ann"] == people["Bob"] == "4 pictures of 1 job, 0.0400 USD, 0.0100 USD a picture"
        assert dict(shown(await mod.press("usage", index=2)).facts)["fake"] == by_day[today]
        assert controls(card) == ["usage"] * 3
        assert controls(shown(await Hands(core).press("usage", index=9))) == ["usage"] * 3 + ["home"]


async def test_the_chart_is_swept_away_after_a_day(tmp_path: Path) -> None:
    async with running_core(tmp_path, started=False) as core:
        store = ObstorePictures(str(tmp_path / "pictures"))
        core.house.pictures = store
        (chart,) = shown(await Hands(core, MOD).command("usage")).pictures
        assert await store.get(chart.picture.key)
        core.clock.ahead += 0.9 * usage.DAY
        await Sweeper(core.house, Sweeping(core.db)).once()
        assert await store.get(chart.picture.key), "somebody may still look at it"
        core.clock.ahead += 0.2 * usage.DAY
        await Sweeper(core.house, Sweeping(core.db)).once()
        with pytest.raises(KeyError):
            await store.get(chart.picture.key)


async def test_the_chart_is_a_picture_that_is_new_when_its_numbers_are(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        mod = Hands(core, MOD)
        empty = shown(await mod.command("usage"))
        assert texts.NOTHING in empty.lines
        await core.drawn()
        (chart,) = shown(await mod.command("usage")).pictures
        data, mime = core.pictures.kept[chart.picture.key]
        with Image.open(BytesIO(data)) as image:
            assert (image.size, image.format) == ((chart.picture.width, chart.picture.height), "PNG")
        assert (mime, chart.picture.mime) == ("image/png", "image/png")
        assert chart.picture.key.startswith("desk/")
        assert chart.picture.key != empty.pictures[0].picture.key
        assert shown(await mod.press("usage", index=1)).pictures == (chart,)


async def test_info_tells_the_limits_that_hold_here_and_ones_own_week(tmp_path: Path) -> None:
    async with running_core(tmp_path) as core:
        await core.drawn()
        ask = Ask(ANN, core.place, "key")
        before = dict((await info_card(core.house, ask)).facts)
        assert before["Left today"] == "96 of 100 pictures"
        assert before[texts.THIS_MONTH] == "4 pictures"
        assert texts.BUDGET_DAY not in before
        assert before[texts.LAST_WEEK].startswith("4 pictures of 1 job, 0.0400 USD; ")
        await settle(core, LIMITS)
        facts = dict((await info_card(core.house, ask)).facts)
        assert facts["Left today"] == "36 of 40 pictures"
        assert facts[texts.THIS_MONTH] == "4 of 400 pictures"
        assert facts[texts.TIERS_HERE] == "Friends"
        assert facts[texts.BUDGET_DAY] == "4 of 16 (25%) pictures, 0.0400 USD"
        await core.house.policy.put_override(HERE, ANN.key, Override(daily=5), Entry(HERE, What.LIMITED))
        assert dict((await info_card(core.house, ask)).facts)["Left today"] == "1 of 5 pictures"
