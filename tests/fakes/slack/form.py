"""Filling in a modal: what Slack sends as `view.state.values`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.model import File, Json, View

CHOSEN = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
ONE, MANY = frozenset({"static_select", "radio_buttons"}), frozenset({"checkboxes", "multi_static_select"})
TYPED = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})


def fill(view: View, values: Json, file_object: Callable[[File], Json]) -> Json:
    """The state of every input, `values` by block_id or action_id; what is not named keeps its initial value.

    Raises ValueError for what Slack's own client does not let through: unknown names, an empty required input, too long
    a text, an option that is not offered.
    """
    left, state = dict(values), {}
    for block in view.body["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            action_id = element.get("action_id", element["type"])
            given = left.pop(block["block_id"], left.pop(action_id, None))
            value = _value(element, given, file_object)
            if not block.get("optional") and not any(value[key] for key in value if key != "type"):
                raise ValueError(f"{block['block_id']} is required")
            state[block["block_id"]] = {action_id: value}
    if left:
        raise ValueError(f"the view has no input named {sorted(left)}")
    return state


def _value(element: Json, given: Any, file_object: Callable[[File], Json]) -> Json:
    kind = element["type"]
    if kind in TYPED:
        return {"type": kind, "value": _text(element, given)}
    if kind in ONE:
        initial = element.get("initial_option")
        return {"type": kind, "selected_option": initial if given is None else option(element, given)}
    if kind in MANY:
        initial = element.get("initial_options", [])
        chosen = initial if given is None else [option(element, one) for one in _several(element, given)]
        return {"type": kind, "selected_options": chosen}
    if kind == "file_input":
        return {"type": kind, "files": [file_object(one) for one in _files(element, given or [])]}
    if kind in CHOSEN:
        key = CHOSEN[kind]
        if kind.startswith("multi_"):
            start = element.get(key.replace("selected", "initial"), [])
            return {"type": kind, key: start if given is None else _several(element, given)}
        return {"type": kind, key: element.get(key.replace("selected", "initial")) if given is None else given}
    raise ValueError(f"the fake cannot fill in a {kind}")


def _files(element: Json, given: list[File]) -> list[File]:
    endings = element.get("filetypes")
    if wrong := [file.name for file in given if endings and file.name.rpartition(".")[2] not in endings]:
        raise ValueError(f"{wrong} cannot be chosen: only {endings} can")
    return given


def _several(element: Json, given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > element.get("max_selected_items", len(given)):
        raise ValueError(f"{given!r} is no choice of at most {element.get('max_selected_items')}")
    return given


def _text(element: Json, given: Any) -> str | None:
    text = element.get("initial_value") if given is None else str(given)
    longest = element.get("max_length", 3000)
    if text and not element.get("min_length", 0) <= len(text) <= longest:
        raise ValueError(f"{len(text)} characters do not fit")
    return text or None


def option(element: Json, value: str) -> Json:
    """The offered option with that value. Raises ValueError for another."""
    groups = [group["options"] for group in element.get("option_groups", [])]
    for one in [*element.get("options", []), *(one for group in groups for one in group)]:
        if one["value"] == value:
            return dict(one)
    raise ValueError(f"no option {value!r}")
