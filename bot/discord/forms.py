"""Form -> modal, and a submitted modal back into values and files.

A modal is known by its custom_id alone: it may have been opened before a restart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from discord import ui

from bot.discord.escape import cut
from bot.discord.render import read_value, select_options
from bot.jobs.surface import Field, FieldKind, Form

TEXT_MOST = 4_000
"""Characters of a modal's text field."""
_TITLE = 45
_LABEL = 45
_HINT = 100
_FIELDS = 5
_PICKED = 25
_SPEAKABLE = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
]
"""Where messages stand, themselves or in threads: no categories."""
_MENTIONED = {
    FieldKind.CHANNEL: (ui.ChannelSelect, discord.SelectDefaultValueType.channel),
    FieldKind.ROLE: (ui.RoleSelect, discord.SelectDefaultValueType.role),
    FieldKind.USER: (ui.UserSelect, discord.SelectDefaultValueType.user),
}


def modal(form: Form) -> ui.Modal:
    """The dialog; it listens to nothing, its answer comes through `on_interaction`."""
    dialog = ui.Modal(title=cut(form.title, _TITLE) or form.submit, custom_id=form.control)
    for entry in form.fields[:_FIELDS]:
        dialog.add_item(_label(entry))
    dialog.stop()
    return dialog


def read_modal(components: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Field name -> what was typed or chosen (ids for people, roles, channels and files)."""
    found: dict[str, list[str]] = {}
    for entry in _leaves(components):
        values = entry["values"] if "values" in entry else [entry.get("value", "")]
        found[str(entry.get("custom_id", ""))] = [read_value(str(value)) for value in values]
    return found


def uploads(values: Mapping[str, list[str]], resolved: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Field name -> the first attachment that was put into it, as Discord describes it."""
    known = resolved.get("attachments", {})
    return {name: known[ids[0]] for name, ids in values.items() if ids and ids[0] in known}


def _leaves(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for entry in components:
        inner = [entry["component"]] if "component" in entry else entry.get("components")
        if inner is None:
            yield entry
        else:
            yield from _leaves(inner)


def _label(entry: Field) -> ui.Label[Any]:
    text = cut(entry.label, _LABEL) or entry.name[:_LABEL]
    return ui.Label(text=text, description=cut(entry.hint, _HINT) or None, component=_input(entry))


def _input(entry: Field) -> ui.Item[Any]:
    if entry.kind is FieldKind.FILE:
        return ui.FileUpload(custom_id=entry.name, required=entry.required, max_values=1)
    if entry.kind is FieldKind.CHOICE:
        return _choice(entry)
    if entry.kind in _MENTIONED:
        return _picker(entry)
    most = min(entry.longest, TEXT_MOST)
    long = entry.kind is FieldKind.LONG_TEXT
    return ui.TextInput(
        custom_id=entry.name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=(entry.value if long else cut(entry.value, most))[:most] or None,
        required=entry.required,
        max_length=most,
    )


def _choice(entry: Field) -> ui.Item[Any]:
    options = select_options(entry.choices, entry.value.split(",") if entry.most > 1 else (entry.value,))
    most = max(1, min(entry.most, len(options)))
    for late in [option for option in options if option.default][most:]:
        late.default = False
    return ui.Select(custom_id=entry.name, options=options, **_amount(entry, most))


def _picker(entry: Field) -> ui.Item[Any]:
    kind, value_type = _MENTIONED[entry.kind]
    most = max(1, min(entry.most, _PICKED))
    ids = [int(one) for one in dict.fromkeys(entry.value.split(",")) if one.isdecimal()][:most]
    chosen = [discord.SelectDefaultValue(id=one, type=value_type) for one in ids]
    more = {"channel_types": _SPEAKABLE} if entry.kind is FieldKind.CHANNEL else {}
    picker: ui.Item[Any] = kind(custom_id=entry.name, default_values=chosen, **_amount(entry, most), **more)
    return picker


def _amount(entry: Field, most: int) -> dict[str, Any]:
    """A select that may stay empty says so twice."""
    return {"required": entry.required, "min_values": 1 if entry.required else 0, "max_values": most}
