"""Reports hide a result, moderators bring it back or delete it; blocking from the log and from the picture."""

from __future__ import annotations

from pathlib import Path

from bot.policy.records import What
from bot.texts import desk as texts
from bot.texts import discord, review, states
from tests.fakes.discord import FakeInteraction, Message, User
from tests.scenarios.discord.easel import Easel
from tests.scenarios.discord.guild_desk import Desk, facts, open_desk
from tests.scenarios.discord.server import links, private


async def test_reports_and_deleting(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await desk.set(reports_hide=2, log_channel=str(desk.log.id))
        shown = await desk.server.drawn("a red fox")
        card = await hidden_by_two(desk, shown)
        await brought_back(desk, shown, card)
        await deleted_from_the_log(desk, shown)


async def test_blocking(tmp_path: Path) -> None:
    easel = Easel()
    easel.finish()
    async with open_desk(tmp_path, easel) as desk:
        await desk.set(log_channel=str(desk.log.id))
        shown = await desk.server.drawn("a red fox")
        await blocked_from_the_log(desk, shown)
        await unblocked_from_the_picture(desk, shown)


async def reported(desk: Desk, user: User, shown: Message, reason: str) -> Message:
    """The message command, the dialog, the thanks."""
    asked: FakeInteraction = desk.fake.use_on(user, desk.server.art, discord.REPORT_PICTURE, shown)
    return await private(await desk.fill(user, asked, reason=reason))


async def hidden_by_two(desk: Desk, shown: Message) -> Message:
    server, cat = desk.server, desk.fake.user("cat")
    dialog = await server.press(shown, "✎", server.bob)
    assert review.REPORTED in (await reported(desk, server.bob, shown, "that is my dog")).text
    card = await desk.card(desk.team, review.CAUSES["reports"])
    assert "that is my dog" in card.text
    assert list(links(card).values()) == [f"https://discord.com/channels/{server.guild.id}/{server.art.id}/{shown.id}"]
    await reported(desk, server.bob, shown, "again")
    assert shown.images
    assert review.REPORTED_HIDDEN in (await reported(desk, cat, shown, "and mine")).text
    await server.until(lambda: not shown.images)
    assert states.HIDDEN in shown.text
    assert not [label for label in ("U1", "V1", "↻") if shown.has_button(label)]
    job = await server.job(shown)
    for action in ("upscale", "variation", "reroll"):
        await desk.refused(await server.forged(shown, f"i1:{action}:{job.id}:1", server.bob), "Hidden after reports")
    late = await desk.fill(server.bob, dialog, prompt="a red fox", base=["2"])
    await desk.refused(late, "Hidden after reports")
    details = await private(await server.press(shown, "Show details"))
    assert not details.images
    await desk.turned(card, lambda text: "and mine" in text)
    assert "again" not in card.text
    assert card.images
    return card


async def brought_back(desk: Desk, shown: Message, card: Message) -> None:
    await desk.press(desk.mo, card, review.STANDS)
    await desk.server.until(lambda: shown.images)
    await desk.turned(card, lambda text: "Approved by mo" in text)
    assert "a red fox" in shown.text
    assert shown.has_button("U1")
    assert [one.what for one in (await desk.entries(What.HIDDEN, What.REPORTED))].count(What.REPORTED) == 2


async def deleted_from_the_log(desk: Desk, shown: Message) -> None:
    server = desk.server
    line = await desk.asked("a red fox")
    await desk.refused(await desk.press(server.bob, line, texts.DELETE), texts.NOT_MODERATOR)
    assert desk.pictures()
    told = await private(await desk.press(desk.mo, line, texts.DELETE))
    assert texts.DELETED in told.text
    await server.until(lambda: shown.deleted or not shown.images)
    await server.until(lambda: not desk.pictures())
    assert shown.deleted
    [entry] = await desk.entries(What.DELETED)
    assert entry.name == "mo"


async def blocked_from_the_log(desk: Desk, shown: Message) -> None:
    server = desk.server
    line = await desk.asked("a red fox")
    form = await desk.press(desk.mo, line, texts.BLOCK_USER)
    page = await private(await desk.fill(desk.mo, form, hours="3", reason="too many foxes"))
    assert "Blocked for 3 hours: too many foxes." in page.text
    await desk.refused(await server.imagine("one more"), "You are blocked", "too many foxes", "UTC")
    await desk.refused(await server.press(shown, "V1"), "You are blocked")
    assert await server.used() == 4
    await desk.card(desk.log, "blocked", "by mo", "for 3 hours: too many foxes")


async def unblocked_from_the_picture(desk: Desk, shown: Message) -> None:
    server = desk.server
    card = await private(desk.fake.use_on(desk.mo, server.art, discord.MODERATE_PICTURE, shown))
    assert "a red fox" in card.text
    page = await private(await desk.press(desk.mo, card, texts.LAST))
    assert "1. delivered: a red fox" in facts(page)
    assert "until 2" in page.text
    await desk.press(desk.mo, page, texts.UNBLOCK)
    await desk.turned(page, lambda text: texts.LIFTED in text)
    await server.drawn("free again")
    try:
        desk.fake.use_on(server.bob, server.art, discord.MODERATE_PICTURE, shown)
    except PermissionError:
        return
    raise AssertionError("members are offered the moderators' command")
