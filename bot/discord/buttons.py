"""Buttons and menus that work for ever: all state is in the custom_id, nothing is remembered between restarts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord import ui

from bot.jobs.controls import PATTERN, read_control

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


def taken(interaction: discord.Interaction[Any]) -> bool:
    """Whether `Pressed` takes this press.

    discord.py drops, unanswered, the press of a component that its message shows no more: one that was edited away between
    the sight and the press.
    """
    data = cast("dict[str, Any]", interaction.data or {})
    pressed = (int(data.get("component_type", 0)), str(data.get("custom_id", "")))
    shown = _components(interaction.message.components if interaction.message else ())
    return read_control(pressed[1]) is not None and pressed in shown


def _components(parts: Iterable[Any]) -> Iterator[tuple[int, str]]:
    for part in parts:
        yield part.type.value, getattr(part, "custom_id", None) or ""
        yield from _components(getattr(part, "children", ()))
