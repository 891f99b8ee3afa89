"""Registration: what Discord's own schema and rules accept, who is offered what, and when it is sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.discord.commands import payload
from bot.discord.sync import same
from bot.jobs.asks import Command, Private
from bot.jobs.surface import Card, Tone
from tests.bot.discord.conftest import Live, Stage
from tests.bot.discord.stub import PNG, text_of
from tests.fakes.discord.schema import problems

Json = dict[str, Any]
PRIVATE = Private(Card(Tone.DONE, lines=("for you alone",), private=True))
MANAGE_GUILD, MANAGE_MESSAGES = 1 << 5, 1 << 13
MEMBERS, ANYWHERE = ([0], [0]), ([0, 1], [0, 1, 2])


def named(commands: list[Json], name: str) -> Json:
    return next(one for one in commands if one["name"] == name)


def name_of_style(commands: list[Json]) -> Json:
    """The option of `/style show`."""
    option: Json = named(commands, "style")["options"][1]["options"][0]
    return option


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_payload_is_what_the_schema_takes(*, everywhere: bool) -> None:
    assert problems("PUT", "/applications/{application_id}/commands", payload(everywhere=everywhere)) == []


async def test_who_is_offered_what_and_where(live: Live) -> None:
    found = {
        one["name"]: (one["default_member_permissions"], (sorted(one["integration_types"]), sorted(one["contexts"])))
        for one in live.fake.commands[None]
    }
    assert found["imagine-admin"] == (str(MANAGE_GUILD), MEMBERS)
    assert found["Moderate picture"] == (str(MANAGE_MESSAGES), MEMBERS)
    assert found["Report picture"] == (None, MEMBERS)
    assert all(
        found[name] == (None, ANYWHERE) for name in ("imagine", "info", "style", "imagine-privacy", "help", "settings")
    )


def test_what_discord_tells_again_is_the_same() -> None:
    told = [one | {"nsfw": False, "id": "1"} for one in payload(everywhere=True)]
    named(told, "imagine-admin")["default_member_permissions"] = str(MANAGE_GUILD)
    named(told, "Report picture").update(description="", default_member_permissions=None)
    assert same(payload(everywhere=True), told)


CHANGES: dict[str, Callable[[list[Json]], object]] = {
    "permissions": lambda told: named(told, "imagine-admin").update(default_member_permissions="8"),
    "permissions gone": lambda told: named(told, "imagine-admin").update(default_member_permissions=None),
    "age-restricted": lambda told: named(told, "imagine").update(nsfw=True),
    "contexts": lambda told: named(told, "imagine-admin").update(contexts=[0, 1]),
    "subcommand": lambda told: named(told, "style")["options"].pop(),
    "words of an option in a subcommand": lambda told: name_of_style(told).update(description="x"),
    "autocomplete in a subcommand": lambda told: name_of_style(told).pop("autocomplete"),
    "menu": lambda told: told.remove(named(told, "Moderate picture")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(change: str) -> None:
    told = payload(everywhere=True)
    CHANGES[change](told)
    assert not same(payload(everywhere=True), told)


async def test_a_subcommand_with_a_person(live: Live) -> None:
    live.core.answer = PRIVATE
    admin, ann = live.fake.user("admin", permissions=MANAGE_GUILD | 1 << 11), live.fake.user("ann")
    asked = live.fake.slash(admin, live.fake.channel(), "imagine-admin user", user=ann)
    assert (await asked.response()).ephemeral
    [command] = live.core.asked
    assert isinstance(command, Command)
    assert (command.name, command.sub, dict(command.options)) == ("imagine-admin", "user", {"user": str(ann.id)})
    assert (command.ask.actor.admin, command.ask.actor.moderator) == (True, False)


async def test_others_are_not_offered_the_admin_command(live: Live) -> None:
    with pytest.raises(PermissionError):
        live.fake.slash(live.fake.user(), live.fake.channel(), "imagine-admin settings")
    with pytest.raises(PermissionError):
        live.fake.slash(live.fake.user(permissions=1 << 3), live.fake.dm(live.fake.user()), "imagine-admin settings")


async def test_the_simulator_hides_it_too(stage: Stage) -> None:
    role = stage.env.guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    admin = stage.env.guild.add_member(stage.env.create_user("admin"), roles=[role])
    stage.core.answer = PRIVATE
    result = await admin.slash(stage.channel, "imagine-admin settings")
    assert result.ephemeral
    assert "for you alone" in text_of(result.response)
    assert stage.core.ask.actor.roles == (str(role.id),)
    assert stage.core.ask.actor.admin
    offered = stage.ann.available_commands(stage.channel)
    assert "style list" in offered
    assert [name for name in offered if name.startswith("imagine-admin")] == []


async def test_a_picture_of_a_subcommand_reaches_the_core(live: Live) -> None:
    live.core.answer = PRIVATE
    preview = live.fake.attachment(PNG, "rain.png")
    asked = live.fake.slash(
        live.fake.user(), live.fake.channel(), "style add", name="rain", suffix="in rain", preview=preview
    )
    await asked.response()
    [command] = live.core.asked
    assert isinstance(command, Command)
    assert (command.sub, dict(command.options)) == ("add", {"name": "rain", "suffix": "in rain"})
    assert (command.files["preview"].name, command.files["preview"].size) == ("rain.png", len(PNG))
    assert await command.files["preview"].read() == PNG


async def test_entries_are_offered_inside_a_subcommand(live: Live) -> None:
    typing = live.fake.autocomplete(live.fake.user(), live.fake.channel(), "style show", "name", "ra")
    assert (await typing.suggestions())[0] == {"name": "name 0", "value": "ra0:2"}


async def test_commands_without_options_have_no_subcommand(live: Live) -> None:
    live.core.answer = PRIVATE
    await live.fake.slash(live.fake.user(), live.fake.channel(), "imagine-privacy").response()
    [command] = live.core.asked
    assert isinstance(command, Command)
    assert (command.name, command.sub, dict(command.options), dict(command.files)) == ("imagine-privacy", "", {}, {})
