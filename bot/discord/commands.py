"""The command catalogue as Discord's registration payload, and an invoked command back into what was asked."""

from __future__ import annotations

from typing import Any

from bot.jobs.catalog import COMMANDS, PROMPT_LONGEST, CommandSpec, Option, OptionKind
from bot.jobs.surface import Choice

_TYPES = {OptionKind.TEXT: 3, OptionKind.INTEGER: 4, OptionKind.IMAGE: 11}
EVERYWHERE: dict[str, list[int]] = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
"""Installed into guilds and by users; in guilds, in DMs with the bot, in other private channels."""
_CHOICE = 100


def payload(*, everywhere: bool) -> list[dict[str, Any]]:
    """All commands. `everywhere` False: for one guild, where install types and contexts have no meaning."""
    return [_command(spec) | (EVERYWHERE if everywhere else {}) for spec in COMMANDS]


def choices(entries: list[Choice]) -> list[dict[str, str]]:
    """Autocomplete entries in Discord's limits: 25, names and values of 1-100 characters."""
    usable = [entry for entry in entries if entry.value and len(entry.value) <= _CHOICE]
    return [{"name": (entry.label or entry.value)[:_CHOICE], "value": entry.value} for entry in usable[:25]]


def _command(spec: CommandSpec) -> dict[str, Any]:
    return {
        "type": 1,
        "name": spec.name,
        "description": spec.description,
        "options": [_option(option) for option in spec.options],
    }


def _option(option: Option) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": _TYPES[option.kind],
        "name": option.name,
        "description": option.description,
        "required": option.required,
    }
    if option.kind is OptionKind.TEXT:
        made["max_length"] = PROMPT_LONGEST
    if option.suggested:
        made["autocomplete"] = True
    bounds = {"min_value": option.least, "max_value": option.most}
    return made | {name: bound for name, bound in bounds.items() if bound is not None}
