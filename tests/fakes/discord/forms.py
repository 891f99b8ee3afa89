"""Filling in what the bot showed: pressed components and submitted dialogs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from tests.fakes.discord import components as tree
from tests.fakes.discord.commands import resolve
from tests.fakes.discord.errors import Json
from tests.fakes.discord.model import Attachment, Channel, User

FILE_UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 19, 21, 22, 23
PICKS: dict[int, type | tuple[type, ...]] = {5: User, 6: int, 7: (User, int), 8: Channel, FILE_UPLOAD: Attachment}
"""What each picker takes; a role is its number."""
Finder = Callable[[Json], Any]
"""The user, channel or role number that a picker's default value names."""

Value = str | bool | Attachment | User | Channel | int
Given = Value | Sequence[Value] | None


def press_data(component: Json, value: Given) -> Json:
    """The `data` of a component interaction; ValueError for what a client would not send."""
    if component.get("disabled") or component.get("style") in (tree.LINK, tree.PREMIUM):
        raise ValueError(f"{component.get('label')!r} cannot be pressed: disabled, or no action of the bot")
    data: Json = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component.get("id") or 1}
    if component["type"] == tree.BUTTON:
        return data
    return data | _picked(component, value)


def modal_data(modal: Json, custom_id: str, values: Mapping[str, Given], find: Finder) -> Json:
    """The `data` of a submitted dialog. `values` by custom_id; what is not given keeps its prefilled value."""
    if modal["custom_id"] != custom_id:
        raise ValueError(f"the open dialog is {modal['custom_id']!r}, not {custom_id!r}")
    fields = {part["custom_id"] for _, part in tree.walk(modal["components"]) if part.get("custom_id")}
    if unknown := values.keys() - fields:
        raise ValueError(f"no fields {sorted(unknown)} in {sorted(fields)}")
    resolved: Json = {}
    prefilled = {part["custom_id"]: _prefilled(part, find) for _, part in tree.walk(modal["components"]) if _prefills(part)}
    parts = [_item(part, prefilled | dict(values), resolved) for part in modal["components"]]
    return {"custom_id": custom_id, "components": parts} | ({"resolved": resolved} if resolved else {})


def _prefills(part: Json) -> bool:
    """Whether it is a picker with default values."""
    return part.get("type") in tree.SELECTS and bool(part.get("default_values"))


def _prefilled(part: Json, find: Finder) -> list[Value]:
    return [find(one) for one in part["default_values"]]


def _item(part: Json, values: Mapping[str, Given], resolved: Json) -> Json:
    base: Json = {"type": part["type"], "id": part.get("id") or 1}
    if part["type"] == tree.LABEL:
        return base | {"component": _field(part["component"], values, resolved)}
    if part["type"] == tree.ROW:
        return base | {"components": [_field(one, values, resolved) for one in part["components"]]}
    return base


def _field(field: Json, values: Mapping[str, Given], resolved: Json) -> Json:
    base: Json = {"type": field["type"], "id": field.get("id") or 1, "custom_id": field["custom_id"]}
    given = values.get(field["custom_id"])
    if field["type"] == tree.TEXT_INPUT:
        return base | {"value": _text(field, given)}
    if field["type"] == CHECKBOX:
        return base | {"value": bool(field.get("default") if given is None else given)}
    picked = _picked(field, given, minimum=0 if field.get("required") is False else None)
    resolved.update(picked.pop("resolved", {}))
    if field["type"] == RADIO:
        return base | {"value": (picked["values"] or [None])[0]}
    return base | picked


def _text(field: Json, given: Given) -> str:
    text = str(field.get("value") or "" if given is None else given)
    if field.get("required", True) and not text:
        raise ValueError(f"field {field['custom_id']!r} is required")
    if text and not (field.get("min_length") or 0) <= len(text) <= (field.get("max_length") or 4000):
        raise ValueError(f"field {field['custom_id']!r}: {len(text)} characters are too few or too many")
    return text


def _picked(part: Json, given: Given, minimum: int | None = None) -> Json:
    items = _as_list(given)
    if given is None:
        items = [one["value"] for one in part.get("options") or () if one.get("default")]
    least = part.get("min_values", 1) if minimum is None else minimum
    if (
        not (least or 0)
        <= len(items)
        <= max(part.get("max_values") or 1, len(part.get("options") or ()) if part["type"] == CHECKBOXES else 1)
    ):
        raise ValueError(f"{part.get('custom_id')!r}: {len(items)} values are too few or too many")
    if "options" in part:
        offered = [one["value"] for one in part["options"]]
        if any(one not in offered for one in items):
            raise ValueError(f"{items} are not all among {offered}")
        return {"values": items}
    resolved: Json = {}
    return {"values": [_thing(part, one, resolved) for one in items], "resolved": resolved}


def _thing(part: Json, one: Value, resolved: Json) -> str:
    if not isinstance(one, PICKS[part["type"]]):
        raise TypeError(f"{one!r} cannot be picked in {part['custom_id']!r}")
    if isinstance(one, Channel) and part.get("channel_types") and one.type not in part["channel_types"]:
        raise ValueError(f"{part['custom_id']!r} offers channels of types {part['channel_types']}, not {one.type}")
    return resolve(cast("Attachment | User | Channel | int", one), resolved)


def _as_list(given: Given) -> list[Value]:
    if given is None:
        return []
    if isinstance(given, str | bool | int | Attachment | User | Channel):
        return [given]
    return list(given)
