"""The command catalogue as Discord's registration payload, and an invoked command back into what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.discord.menus import MENUS, menu_payload
from bot.jobs.catalog import COMMANDS, PROMPT_LONGEST, CommandSpec, Option, OptionKind
from bot.jobs.surface import Choice

ATTACHMENT = 11
_TYPES = {OptionKind.TEXT: 3, OptionKind.INTEGER: 4, OptionKind.USER: 6, OptionKind.IMAGE: ATTACHMENT}
_SLASH = _SUBCOMMAND = 1
_MANAGE_GUILD = 1 << 5
_EVERYWHERE: dict[str, list[int]] = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
"""Installed into guilds and by users; in guilds, in DMs with the bot, in other private channels."""
_MEMBER: dict[str, list[int]] = {"integration_types": [0], "contexts": [0]}
"""Only in guilds that the bot is a member of: what moderates a community has no meaning elsewhere."""
_CHOICE = 100


def payload(*, everywhere: bool) -> list[dict[str, Any]]:
    """All commands. `everywhere` False: for one guild, where install types and contexts have no meaning."""
    made = [(_command(spec), _MEMBER if spec.manages else _EVERYWHERE) for spec in COMMANDS]
    made += [(menu_payload(menu), _MEMBER) for menu in MENUS]
    return [command | (where if everywhere else {}) for command, where in made]


def choices(entries: list[Choice]) -> list[dict[str, str]]:
    """Autocomplete entries in Discord's limits: 25, names and values of 1-100 characters."""
    usable = [entry for entry in entries if entry.value and len(entry.value) <= _CHOICE]
    return [{"name": (entry.label or entry.value)[:_CHOICE], "value": entry.value} for entry in usable[:25]]


def invoked(data: Mapping[str, Any]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The subcommand's name (empty where there is none), and the options that were given, as Discord tells them."""
    options: Sequence[Mapping[str, Any]] = data.get("options") or ()
    if options and options[0].get("type") == _SUBCOMMAND:
        return str(options[0]["name"]), options[0].get("options") or ()
    return "", options


def _command(spec: CommandSpec) -> dict[str, Any]:
    guarded = {"default_member_permissions": _MANAGE_GUILD} if spec.manages else {}
    return _named(_SLASH, spec) | guarded


def _named(kind: int, spec: CommandSpec) -> dict[str, Any]:
    options = [_named(_SUBCOMMAND, sub) for sub in spec.subs] or [_option(option) for option in spec.options]
    return {"type": kind, "name": spec.name, "description": spec.description, "options": options}


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
