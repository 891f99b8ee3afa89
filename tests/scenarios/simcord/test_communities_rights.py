"""Who may: Discord's own permissions, the bot's check behind them, and the roles that a server names in its settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord
import pytest
from simcord import SetupError
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.policy.records import What
from bot.texts import admin, desk, gate, styles
from bot.texts import discord as menus
from tests.scenarios.simcord.conftest import Stage, text_of

PAGES = {f"imagine-admin {sub}" for sub in ("settings", "usage", "user", "review", "log", "stop", "resume")}


def member(stage: Stage, name: str, **permissions: bool) -> MemberActor:
    """Somebody whose one role has these permissions."""
    role = stage.env.guild.create_role(f"{name}s", permissions=discord.Permissions(**permissions))
    return stage.env.guild.add_member(stage.env.create_user(name), roles=[role])


def shown(result: InteractionResult) -> ResponseMessage:
    """The private answer: a message of its own."""
    answer = result.followups[0] if result.followups else result.response
    assert answer is not None
    assert answer.ephemeral
    return answer


def said(result: InteractionResult) -> str:
    return text_of(shown(result).components)


def labels(message: ResponseMessage) -> list[str]:
    """Of the buttons."""
    return [str(part["label"]) for part in parts(message.components) if part.get("type") == 2]


def parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, however deep."""
    for part in components:
        yield part
        yield from parts(part.get("components", []))


def allow_everybody(stage: Stage, who: MemberActor) -> None:
    """The server's own choice under *Integrations*: `/imagine-admin` for all. What is left is the bot's check."""
    offered = stage.env.backend.visible_commands(user_id=who.id, channel_id=stage.channel.id)
    number = next(int(command["id"]) for command in offered if command["name"] == "imagine-admin")
    stage.env.guild.set_command_permissions(number, {stage.env.guild.default_role: True})


async def changed(stage: Stage, who: MemberActor, section: str, **values: Any) -> ResponseMessage:
    """A section's form, from the home page."""
    page = shown(await who.slash(stage.channel, "imagine-admin settings"))
    await who.select(page, [section], custom_id="i1:admin:section:0")
    dialog = await who.click(page, label=admin.CHANGE)
    assert dialog.modal is not None
    await who.submit_modal(dialog, values)
    return page


async def test_who_is_offered_what_and_who_may(stage: Stage) -> None:
    """A member, somebody who may manage messages, somebody who may manage the server."""
    mo, ada = member(stage, "mo", manage_messages=True), member(stage, "ada", manage_guild=True)
    assert not PAGES & set(stage.ann.available_commands(stage.channel))
    assert not PAGES & set(mo.available_commands(stage.channel))
    assert set(ada.available_commands(stage.channel)) >= PAGES
    assert {"style add", "imagine-privacy"} <= set(stage.ann.available_commands(stage.channel))
    with pytest.raises(SetupError, match="default-member-permissions"):
        await stage.ann.slash(stage.channel, "imagine-admin settings")

    allow_everybody(stage, ada)
    for sub in ("settings", "usage", "review", "log", "stop", "resume"):
        assert said(await stage.ann.slash(stage.channel, f"imagine-admin {sub}")) in {
            admin.NOT_MODERATOR,
            desk.NOT_MODERATOR,
        }
    asked = await stage.ann.slash(stage.channel, "imagine-admin user", user=stage.bob)
    assert said(asked) == desk.NOT_MODERATOR
    assert admin.NOT_ADMIN in said(await mo.slash(stage.channel, "imagine-admin settings"))
    assert admin.ALREADY_RUNNING in said(await mo.slash(stage.channel, "imagine-admin resume"))
    assert admin.HOME_TITLE in said(await ada.slash(stage.channel, "imagine-admin settings"))

    stage.easel.finish()
    grid = await stage.finished(await stage.ann.slash(stage.channel, "imagine", prompt="a red fox"))
    with pytest.raises(SetupError, match="default-member-permissions"):
        await stage.bob.context_menu(stage.channel, menus.MODERATE_PICTURE, grid)
    assert desk.DELETE in labels(shown(await mo.context_menu(stage.channel, menus.MODERATE_PICTURE, grid)))
    assert (await stage.bob.context_menu(stage.channel, menus.REPORT_PICTURE, grid)).modal is not None
    added = await stage.ann.slash(stage.channel, "style add", name="mossy", suffix="moss")
    assert said(added) == styles.MODERATORS_ONLY


async def test_settings_name_moderators_roles_and_channels(stage: Stage) -> None:
    """Made by the one who manages the server, they hold for all the others, after a restart, too."""
    stage.easel.finish()
    ada, painters = member(stage, "ada", manage_guild=True), stage.env.guild.create_role("painters")
    guards = stage.env.guild.create_role("guards")
    other = stage.env.guild.create_text_channel("chat")
    eve = stage.env.guild.add_member(stage.env.create_user("eve"), roles=[guards])
    pia = stage.env.guild.add_member(stage.env.create_user("pia"), roles=[painters])
    allow_everybody(stage, ada)
    assert said(await eve.slash(stage.channel, "imagine-admin stop")) == admin.NOT_MODERATOR

    values = {"channels": [stage.channel], "roles": [painters, guards], "moderators": [guards], "adult_only": ["no"]}
    page = await changed(stage, ada, "place", **values)
    text = text_of(page.components)
    assert f"Channels where people may draw: every channel → <#{stage.channel.id}>" in text
    assert f"Roles that may draw: everybody → <@&{painters.id}>, <@&{guards.id}>" in text
    with pytest.raises(SetupError, match="not visible"):
        await stage.ann.click(page, label=admin.CHANGE)

    await stage.restart()
    refused = await stage.ann.slash(stage.channel, "imagine", prompt="a red fox")
    assert said(refused).startswith(gate.ROLE)
    elsewhere = await pia.slash(other, "imagine", prompt="a red fox")
    assert f"<#{stage.channel.id}>" in said(elsewhere)
    assert stage.easel.paid == {}
    assert other.history() == []
    grid = await stage.finished(await pia.slash(stage.channel, "imagine", prompt="a red fox"))
    refused = await stage.ann.click(grid, label="V1")
    assert said(refused).startswith(gate.ROLE)

    assert admin.STOP_DONE in said(await eve.slash(stage.channel, "imagine-admin stop"))
    assert said(await pia.click(grid, label="↻")).startswith(gate.STOPPED)
    assert admin.NOT_ADMIN in said(await eve.slash(stage.channel, "imagine-admin settings"))
    assert admin.RESUME_DONE in said(await eve.slash(stage.channel, "imagine-admin resume"))
    await stage.finished(await pia.click(grid, label="↻"))
    key = f"discord:{stage.env.guild.id}"
    found = [entry for entry in await stage.core.house.policy.entries(key, limit=50) if entry.what is not What.ACCEPTED]
    assert [(entry.what.value, entry.name) for entry in found if entry.name] == [
        ("resumed", "eve"), ("refused", "pia"), ("stopped", "eve"), ("refused", "ann"), ("refused", "pia"),
        ("refused", "ann"), ("setting", "ada"), ("setting", "ada"),
    ]  # fmt: skip
    moved = await changed(stage, ada, "place", adult_only=["yes"])
    assert "Age-restricted channels only: no → yes" in text_of(moved.components)
    assert said(await stage.ann.slash(other, "imagine", prompt="a red fox")).startswith(gate.AGE)
