"""/info, /settings and /help."""

from __future__ import annotations

from bot.texts import pages
from tests.fakes.discord import Message
from tests.scenarios.discord.conftest import Studio
from tests.scenarios.discord.server import UPDATED, Server, private


async def test_info_counts_what_is_used_and_running(studio: Studio) -> None:
    server = studio.server
    before = await server.command("info")
    assert "100 of 100 pictures" in before.text
    await server.placed()
    await server.until(lambda: studio.easel.paid)
    after = await server.command("info")
    assert "96 of 100 pictures" in after.text
    assert "1 of 3" in after.text
    assert "00:00 UTC" in after.text
    assert "100 of 100" in (await server.command("info", server.bob)).text


async def test_help_lists_commands_and_parameters(server: Server) -> None:
    shown = await server.command("help")
    for words in ("/imagine", "/settings", "--ar", "--stylize", "--no"):
        assert words in shown.text


async def choose(server: Server, page: Message, name: str, value: str) -> None:
    """Choose in a menu of the settings page; the page itself changes."""
    menu = next(menu for menu in page.menus if f":{name}:" in menu["custom_id"])
    pressed = server.fake.press(server.ann, page, menu["custom_id"], value)
    assert (await pressed.acknowledged()).type in {UPDATED, 6}
    await server.until(lambda: any(o["value"] == value and o.get("default") for m in page.menus for o in m["options"]))


async def test_settings_become_the_defaults_of_the_next_job(server: Server) -> None:
    page = await server.command("settings")
    assert [menu["custom_id"].split(":")[2] for menu in page.menus] == ["provider", "ratio", "style"]
    await choose(server, page, "ratio", "3:2")
    await choose(server, page, "provider", "sketch")
    pressed = await server.press(page, pages.SUFFIX_BUTTON)
    dialog = await pressed.modal()
    server.fake.modal(server.ann, dialog["custom_id"], {"suffix": "soft light --no dogs"}, pressed)
    await server.until(lambda: "soft light --no dogs" in page.text)
    await server.press(page, pages.PING_ON)
    await server.until(lambda: page.has_button(pages.PING_OFF))
    shown = await server.drawn("a red fox")
    job = await server.job(shown)
    assert (job.request.params.ratio, job.request.params.negative, job.ping) == ("3:2", "dogs", True)
    assert "soft light" in job.request.text
    await choose(server, page, "ratio", "-")
    assert "ratio: not set" in page.text.replace("*", "").lower()


async def test_a_broken_suffix_is_not_kept(server: Server) -> None:
    page = await server.command("settings")
    pressed = await server.press(page, pages.SUFFIX_BUTTON)
    dialog = await pressed.modal()
    sent = server.fake.modal(server.ann, dialog["custom_id"], {"suffix": "--chaos 5000"}, pressed)
    assert "from 0 to 100" in (await private(sent)).text
    assert "not set" in (await server.command("settings")).text


async def test_ping_when_done_is_a_new_message_that_answers_the_job(studio: Studio) -> None:
    server = studio.server
    await server.press(page := await server.command("settings"), pages.PING_ON)
    await server.until(lambda: page.has_button(pages.PING_OFF))
    studio.easel.finish()
    shown = await server.placed()
    pings = await server.until(lambda: [m for m in server.fake.messages.values() if m.reference])
    assert pings[0].pinged == (server.ann.mention,)
    assert str((pings[0].reference or {})["message_id"]) == str(shown.id)
    assert pings[0].channel is server.art
    await server.drawn(user=server.bob)
    assert len([m for m in server.fake.messages.values() if m.reference]) == 1


async def test_pages_are_for_their_asker_alone(server: Server) -> None:
    asked = server.fake.slash(server.bob, server.art, "settings")
    assert (await private(asked)).viewer is server.bob
