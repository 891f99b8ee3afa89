"""Settings in the chat: the admin changes them, members are refused, and what was set holds for everybody at once."""

from __future__ import annotations

from pathlib import Path

from bot.jobs.mentions import channel_mention
from bot.policy.records import What
from bot.texts import admin, gate
from bot.texts import guide as texts
from tests.fakes.discord.model import VIEW_AUDIT_LOG
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.guild_desk import Desk, open_desk
from tests.scenarios.discord.server import private


async def test_settings_hold_at_once_and_after_a_restart(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await changed_by_forms(desk)
        await kept_to(desk)
        await desk.server.restart()
        page = await desk.admin("settings")
        assert "Seconds between two jobs of a person: 60 seconds" in page.text
        assert "Pictures a day: 50 pictures" in page.text
        await stopped(desk, easel)
        await guided(desk)


async def changed_by_forms(desk: Desk) -> None:
    server, ada = desk.server, desk.ada
    page = await desk.admin("settings")
    assert admin.HOME_TITLE in page.text
    assert "set-up" not in page.text
    menu = next(one["custom_id"] for one in page.menus)
    for section, values in (
        ("place", {"channels": [server.art]}),
        ("pace", {"cooldown": "60"}),
        ("budget", {"images_day": "50", "spend_month": "12.50"}),
        ("review", {"log_channel": desk.log, "review_channel": desk.team}),
    ):
        await desk.press(ada, page, "", section, control=menu)
        await server.until(lambda: page.has_button(admin.CHANGE))
        opened = await desk.press(ada, page, admin.CHANGE)
        await desk.fill(ada, opened, **values)
        await desk.turned(page, lambda text: "→" in text)
        assert page.ephemeral
        await desk.press(ada, page, admin.BACK)
        await desk.turned(page, lambda text: admin.HOME_TITLE in text)
    told = await desk.card(desk.log, f"Log channel: none → <#{desk.log.id}>")
    assert "by ada" in told.text
    written = [entry.text for entry in await desk.entries(What.SETTING)]
    assert "Seconds between two jobs of a person: no pause → 60 seconds" in written
    assert "Pictures a day: no limit → 50 pictures; USD a month: no limit → 12.50 USD" in written
    assert f"Channels where people may draw: every channel → {channel_mention(str(server.art.id))}" in written


async def kept_to(desk: Desk) -> None:
    """Members and moderators without the right are refused; so is drawing elsewhere, and too soon."""
    server = desk.server
    other = desk.fake.channel(server.guild, "chat")
    before = len(desk.fake.messages_in(other))
    await desk.refused(await server.imagine(channel=other), f"<#{server.art.id}>")
    assert len(desk.fake.messages_in(other)) == before
    assert await server.used() == 0
    [entry] = await desk.entries(What.REFUSED)
    assert (entry.name, entry.channel) == ("ann", str(other.id))
    await desk.card(desk.log, "refused", "ann", str(other.id))
    shown = await server.drawn()
    await desk.refused(await server.imagine("again"), "Wait ", "one job in 60 seconds")
    await desk.refused(await server.press(shown, "↻"), "Wait ")
    assert await server.used() == 4


async def stopped(desk: Desk, easel: Easel) -> None:
    server, paid = desk.server, len(easel.paid)
    server.clock.ahead += 61
    page = await desk.admin("stop")
    assert admin.STOP_DONE in page.text
    await desk.refused(await server.imagine("a stopped one"), gate.STOPPED)
    assert len(easel.paid) == paid
    await desk.press(desk.ada, page, admin.RESUME)
    await desk.turned(page, lambda text: admin.RESUME_DONE in text)
    await server.drawn("after all")
    assert [entry.what for entry in await desk.entries(What.STOPPED, What.RESUMED)] == [What.RESUMED, What.STOPPED]


async def guided(desk: Desk) -> None:
    """Whoever adds the bot to a server (its audit log says who) gets the guide as a DM, once."""
    fake, eve = desk.fake, desk.fake.user("eve", permissions=desk.ada.permissions)
    fake.me.permissions |= VIEW_AUDIT_LOG
    home = fake.guild("home", installed=False, owner=desk.ada)
    fake.add_bot(home, eve)
    [guide] = await desk.server.until(lambda: fake.messages_in(fake.dm(eve)))
    assert guide.text.startswith(f"**{texts.TITLE}**")
    assert guide.buttons == []
    page = await private(fake.slash(eve, fake.channel(home), "imagine-admin settings"))
    assert admin.HOME_TITLE in page.text
    assert texts.STEPS[0] not in page.text
    assert fake.messages_in(fake.dm(desk.ada)) == []
