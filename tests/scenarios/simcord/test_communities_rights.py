"""Who may: Discord's own permissions, the bot's check behind them, and the roles that a server names in its settings."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord import SetupError
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.jobs.model import JobState
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


def everybody_may_call(stage: Stage) -> None:
    """The server's own choice under *Integrations*: `/imagine-admin` for all; what is left is the bot's check."""
    everyone = stage.env.guild.default_role
    for command in stage.env.backend.visible_commands(user_id=stage.ada.id, channel_id=stage.channel.id):
        if command["name"] == "imagine-admin":
            stage.env.guild.set_command_permissions(int(command["id"]), {everyone: True})


async def changed(stage: Stage, who: MemberActor, section: str, **values: Any) -> ResponseMessage:
    """A section's form, from the home page."""
    page = shown(await who.slash(stage.channel, "imagine-admin settings"))
    await who.select(page, [section], custom_id="i1:admin:section:0")
    dialog = await who.click(page, label=admin.CHANGE)
    assert dialog.modal is not None
    await who.submit_modal(dialog, values)
    return page
