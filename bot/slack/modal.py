"""A Form as a modal, and a modal's state as values. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.jobs.surface import Choice, Field, FieldKind, Form
from bot.slack.escape import clean, cut
from bot.slack.meta import Meta, write_meta
from bot.slack.render import MENU_CHOICES, chosen_value, option, plain_text
from bot.texts import slack as texts

Json = dict[str, Any]
TITLE, LABEL, HINT, INPUT = 24, 2000, 2000, 3000
PREFIX = "f:"
"""block_id of a field's block, and action_id of its input, is this and the name: no id twice in a view."""
IMAGE_TYPES = ["png", "jpg", "jpeg", "webp"]
PROMPT = "prompt"


def modal(form: Form, meta: Meta, groups: Sequence[Choice] = ()) -> Json:
    """`views.open` takes this. The control travels as callback_id, the place in private_metadata.

    `groups`: the workspace's user groups, which stand for roles.
    """
    return {
        "type": "modal",
        "callback_id": form.control,
        "title": plain_text(form.title, TITLE),
        "submit": plain_text(form.submit, TITLE),
        "close": plain_text(texts.CLOSE, TITLE),
        "private_metadata": write_meta(meta),
        "blocks": [_input(_with_groups(field, groups)) for field in form.fields],
    }


def filled(form: Form, prompt: str) -> Form:
    """The Form with `prompt` in its prompt field (else its first text field)."""
    places = [field.name for field in form.fields if field.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT}]
    name = PROMPT if PROMPT in places else next(iter(places), "")
    if not prompt:
        return form
    fields = tuple(replace(field, value=prompt) if field.name == name else field for field in form.fields)
    return replace(form, fields=fields)


def file_field(form: Form) -> str:
    """The name of the field that takes a picture; "image" where the Form has none."""
    return next((field.name for field in form.fields if field.kind is FieldKind.FILE), "image")


def read_state(view: Json) -> tuple[dict[str, str], dict[str, Json]]:
    """Values by field name, and the uploaded file of each file field that has one."""
    values: dict[str, str] = {}
    files: dict[str, Json] = {}
    for block_id, inputs in ((view.get("state") or {}).get("values") or {}).items():
        name, state = block_id.removeprefix(PREFIX), next(iter(inputs.values()), None) or {}
        if state.get("type") == "file_input":
            files |= {name: state["files"][0]} if state.get("files") else {}
        else:
            values[name] = _value(state)
    return values, files


def _value(state: Json) -> str:
    if state.get("type") == "static_select":
        return chosen_value(state.get("selected_option"))
    if state.get("type") == "multi_static_select":
        return ",".join(chosen_value(one) for one in state.get("selected_options") or [])
    several = ("selected_users", "selected_conversations", "selected_channels")
    if key := next((key for key in several if state.get(key)), ""):
        return ",".join(map(str, state[key]))
    keys = ("value", "selected_user", "selected_conversation", "selected_channel")
    return next((str(state[key]) for key in keys if state.get(key)), "")


def _input(field: Field) -> Json:
    name = f"{PREFIX}{field.name}"
    block: Json = {
        "type": "input",
        "block_id": name,
        "label": plain_text(field.label, LABEL),
        "optional": not field.required,
        "element": {"action_id": name, **_element(field)},
    }
    return {**block, "hint": plain_text(field.hint, HINT)} if field.hint else block


def _element(field: Field) -> Json:
    if field.kind is FieldKind.CHOICE and field.choices:
        return _select(field)
    if field.kind is FieldKind.FILE:
        return {"type": "file_input", "filetypes": list(field.endings) or IMAGE_TYPES, "max_files": 1}
    if field.kind is FieldKind.USER:
        return _picker(field, "user", "users")
    if field.kind is FieldKind.CHANNEL:
        return {**_picker(field, "conversation", "conversations"), "filter": {"include": ["public", "private"]}}
    return _text(field)


def _picker(field: Field, one: str, several: str) -> Json:
    """What may stay empty is a menu of several, even for one: in a menu of one, Slack lets nobody take back a choice."""
    if field.most > 1 or not field.required:
        start: Json = {f"initial_{several}": _values(field)} if field.value else {}
        return {"type": f"multi_{several}_select", "max_selected_items": field.most, **start}
    return {"type": f"{several}_select", **({f"initial_{one}": field.value} if field.value else {})}


def _values(field: Field) -> list[str]:
    """What is set; Slack refuses a whole modal for one value over the limit."""
    return [value for value in field.value.split(",") if value][: field.most]


def _with_groups(field: Field, groups: Sequence[Choice]) -> Field:
    """Slack has no roles and no picker for user groups: they are a menu. Those that are set come first, known or not."""
    if field.kind is not FieldKind.ROLE or not groups:
        return field
    names = {choice.value: choice.label for choice in groups}
    chosen = [Choice(value, names.get(value, value)) for value in _values(field)]
    others = [choice for choice in groups if choice not in chosen]
    return replace(field, kind=FieldKind.CHOICE, choices=(*chosen, *others))


def _text(field: Field) -> Json:
    """Also user groups that we cannot list, by their ids. An input holds 3,000 characters at most."""
    most = max(1, min(field.longest, INPUT))
    element: Json = {
        "type": "plain_text_input",
        "multiline": field.kind is FieldKind.LONG_TEXT,
        "max_length": most,
    }
    return {**element, "initial_value": cut(clean(field.value), most)} if field.value else element


def _select(field: Field) -> Json:
    choices = field.choices[:MENU_CHOICES]
    element: Json = {"placeholder": plain_text(texts.CHOOSE, 150), "options": [option(choice) for choice in choices]}
    if field.most > 1:
        element |= {"type": "multi_static_select", "max_selected_items": field.most}
        several = [option(choice) for choice in choices if choice.value in _values(field)]
        return {**element, "initial_options": several} if several else element
    chosen = next((choice for choice in choices if choice.value == field.value), None)
    return {"type": "static_select", **element, **({"initial_option": option(chosen)} if chosen else {})}
