"""Buttons and menus that work for ever: all state is in the custom_id, nothing is remembered between restarts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord import ui

from bot.jobs.controls import PATTERN

if TYPE_CHECKING:
    from bot.discord.client import ImagineClient


class Pressed(ui.DynamicItem[ui.Item[Any]], template=PATTERN):
    """Any component whose custom_id is a control string."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """discord.py found `item` on the message that was pressed; it is wrapped as it is."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """The press itself."""
        await cast("ImagineClient", interaction.client).press(interaction)
