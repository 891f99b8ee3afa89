"""Tiers by role, grants, and budgets that warn and stop: as a member and as a moderator meet them."""

from __future__ import annotations

from pathlib import Path

from bot.policy.community import Budget
from bot.policy.records import What
from bot.texts import admin
from bot.texts import desk as texts
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.guild_desk import Desk, facts, open_desk

GOLD = 1_573_627_386_887_405_999
"""A role's id."""


async def test_tiers_grants_and_budgets(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel, IMAGINE_DAILY_IMAGES="4") as desk:
        await desk.set(log_channel=str(desk.log.id))
        await a_role_gives_more(desk)
        await granted(desk)
        await used_up(desk)


async def info(desk: Desk) -> str:
    return facts(await desk.server.command("info"))


async def a_role_gives_more(desk: Desk) -> None:
    server, ada = desk.server, desk.ada
    page = await desk.admin("settings")
    await desk.press(ada, page, admin.TIERS)
    await desk.turned(page, lambda text: admin.TIERS_HELP in text)
    form = await desk.press(ada, page, admin.TIER_ADD)
    await desk.fill(ada, form, name="gold", role=GOLD, daily="8")
    await desk.turned(page, lambda text: "Tier gold: none → 8 pictures a day" in text)
    assert "Left today:** 4 of 4" in await info(desk)
    shown = await server.drawn()
    await desk.refused(await server.imagine(), "0 of your 4 for today are left", "00:00 UTC", "Nothing was charged")
    server.ann.roles = (GOLD,)
    said = await info(desk)
    assert "gold" in said
    assert "Left today:** 4 of 8" in said
    await server.drawn("a golden fox")
    await desk.refused(await server.press(shown, "U1"), "0 of your 8 for today")
    assert await server.used() == 8


async def granted(desk: Desk) -> None:
    """From the person's page; who has no right to it sees nothing of it."""
    server = desk.server
    page = await desk.admin("user", user=server.ann)
    assert "Used today: 8 of 8 pictures" in facts(page).replace("*", "")
    form = await desk.press(desk.ada, page, texts.GRANT)
    await desk.fill(desk.ada, form, units="4")
    await desk.turned(page, lambda text: texts.granted(4) in text)
    await server.drawn("a gift")
    await desk.refused(await server.imagine(), "0 of your 8 for today")
    [entry] = await desk.entries(What.GRANTED)
    assert (entry.name, entry.subject) == ("ada", f"discord:{server.ann.id}")
    assert await server.used() == 12, "what moderators give is good in their guild alone"


async def used_up(desk: Desk) -> None:
    """12 pictures are drawn: of 20, four more are 80 % and eight more are all; then nobody draws."""
    server, cat = desk.server, desk.fake.user("cat")
    await desk.set(budget=Budget(images_day=20))
    server.bob.roles = (GOLD,)
    await server.drawn("warned", user=server.bob)
    await desk.card(desk.log, "80% of the budget for the day is used")
    await server.drawn("the last one", user=server.bob)
    for _ in range(2):
        await desk.refused(await server.imagine(user=cat), "budget of this community for the day is used up", "tomorrow")
    await desk.card(desk.log, "The budget for the day is used up")
    assert len(await desk.entries(What.BUDGET)) == 2
    assert "20 of 20 (100%)" in facts(await desk.server.command("info", cat))
    assert await server.used(cat) == 0
    server.clock.ahead += 86_400
    await server.drawn("the next day", user=cat)
