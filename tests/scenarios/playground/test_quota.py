"""Tiers by role, a moderator's grant, budgets: who may draw how much, and what they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy.records import What
from tests.scenarios.playground.people import Person, town, words

pytestmark = pytest.mark.slow
"""The same story is played on Discord in the short form."""


async def test_tiers_grants_and_budgets(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        robin, kim = here.robin, here.kim
        await robin.sets("pace", daily="4")
        await robin.sets("review", log_channel="moderators")
        page = await robin.turns(await robin.asks("/admin settings"), "Tiers")
        opened = await robin.press(page, "Add a tier")
        page = (await robin.fills(page, opened, name="Artists", role="artists", daily="8", jobs="2 5"))["message"]
        assert "Artists (@artists): 8 pictures a day, 2 running, 5 waiting" in words(page)

        await kim.draws("/imagine one")
        over = await kim.refused(await kim.says("/imagine two"), "0 of your 4 for today are left", "Nothing was charged")
        assert over["private"]
        artist = Person(here, "Ada", roles="artists, others")
        await artist.draws("/imagine one")
        await artist.draws("/imagine two")
        await artist.refused(await artist.says("/imagine three"), "0 of your 8 for today are left")
        info = words(await artist.asks("/info"))
        assert "Your tiers here: Artists" in info
        assert "0 of 8 pictures" in info

        person = await robin.asks("/imagine-admin user Kim")
        assert "4 of 4 pictures" in words(person)
        granted = await robin.fills(person, await robin.press(person, "Grant pictures"), units="4")
        assert "4 pictures on top" in words(granted["message"])
        assert [entry.subject for entry in await here.entries(What.GRANTED)] == ["playground:kim"]
        await kim.draws("/imagine two")
        await kim.refused(await kim.says("/imagine three"), "0 of your 4 for today")

        await robin.sets("budget", images_day="25")
        await here.sasha.draws("/imagine one")
        await robin.sees("80% of the budget for the day is used", channel="moderators")
        await here.max.draws("/imagine one")
        full = await Person(here, "Lee").says("/imagine two")
        assert "budget of this community for the day is used up" in words(full["message"])
        await robin.sees("The budget for the day is used up: nobody can draw", channel="moderators")
        assert len(await here.entries(What.BUDGET)) == 2, "each is told once"
        info = words(await kim.asks("/info"))
        assert "24 of 25 (96%)" in info
        assert "8 pictures of 2 jobs, 0.0800 USD" in info
