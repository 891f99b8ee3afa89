"""Commands are registered once, and again only when they changed."""

from __future__ import annotations

from pathlib import Path

from bot.discord.menus import MENUS
from bot.jobs.catalog import COMMANDS
from tests.scenarios.discord.server import Server, open_server

NAMES = [spec.name for spec in COMMANDS] + [menu.name for menu in MENUS]


async def test_once_globally_and_not_again_at_a_restart(server: Server) -> None:
    assert dict(server.fake.command_puts) == {None: 1}
    names = [command["name"] for command in server.fake.commands[None]]
    assert names == NAMES
    await server.restart()
    assert dict(server.fake.command_puts) == {None: 1}
    server.fake.commands[None][0]["description"] = "An older description"
    await server.restart()
    assert dict(server.fake.command_puts) == {None: 2}
    assert server.fake.commands[None][0]["description"] != "An older description"
    admin = next(command for command in server.fake.commands[None] if command["name"] == "imagine-admin")
    admin["default_member_permissions"] = None
    await server.restart()
    assert dict(server.fake.command_puts) == {None: 3}
    assert (await server.command("help")).ephemeral


async def test_in_the_named_servers_alone(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        server.settings = {"DISCORD_GUILD_IDS": str(server.guild.id)}
        await server.restart()
        assert server.fake.command_puts[server.guild.id] == 1
        assert server.fake.commands[None] == []
        assert len(server.fake.commands[server.guild.id]) == len(NAMES)
        await server.restart()
        assert server.fake.command_puts[server.guild.id] == 1
        assert (await server.drawn("a fox")).images


async def test_a_server_that_the_bot_is_not_in_does_not_stop_the_start(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        far = server.fake.guild("far", installed=False)
        server.expected |= {"discord commands not registered: is the bot a member there?"}
        server.settings = {"DISCORD_GUILD_IDS": f"{far.id},{server.guild.id}"}
        await server.restart()
        assert len(server.fake.commands[server.guild.id]) == len(NAMES)
