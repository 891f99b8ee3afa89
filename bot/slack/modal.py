"""A Form as a modal, and a modal's state as values. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.jobs.surface import Field, FieldKind, Form
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


def modal(form: Form, meta: Meta) -> Json:
    """`views.open` takes this. The control travels as callback_id, the place in private_metadata."""
    return {
        "type": "modal",
        "callback_id": form.control,
        "title": plain_text(form.title, TITLE),
        "submit": plain_text(form.submit, TITLE),
        "close": plain_text(texts.CLOSE, TITLE),
        "private_metadata": write_meta(meta),
        "blocks": [_input(field) for field in form.fields],
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
        return {"type": "file_input", "filetypes": IMAGE_TYPES, "max_files": 1}
    if field.kind is FieldKind.USER:
        return {"type": "users_select", **({"initial_user": field.value} if field.value else {})}
    if field.kind is FieldKind.CHANNEL:
        start: Json = {"initial_conversation": field.value} if field.value else {}
        return {"type": "conversations_select", "filter": {"include": ["public", "private"]}, **start}
    return _text(field)


def _text(field: Field) -> Json:
    """Also roles: Slack has none; a user group is named by its id. An input holds 3,000 characters at most."""
    most = max(1, min(field.longest, INPUT))
    element: Json = {
        "type": "plain_text_input",
        "multiline": field.kind is FieldKind.LONG_TEXT,
        "max_length": most,
    }
    return {**element, "initial_value": cut(clean(field.value), most)} if field.value else element


def _select(field: Field) -> Json:
    choices = field.choices[:MENU_CHOICES]
    element: Json = {
        "type": "static_select",
        "placeholder": plain_text(texts.CHOOSE, 150),
        "options": [option(choice) for choice in choices],
    }
    chosen = next((choice for choice in choices if choice.value == field.value), None)
    return {**element, "initial_option": option(chosen)} if chosen else element
