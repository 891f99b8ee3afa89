"""Cards and Forms as JSON objects and back. Pure: the page draws from exactly this."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.jobs.mentions import spoken
from bot.jobs.model import Picture
from bot.jobs.place import Actor, Platform
from bot.jobs.surface import Button, Card, Choice, Download, Form, Link, Menu, Shown, Style, Tone

Json = dict[str, Any]


def card_to_json(card: Card) -> Json:
    """Everything that the Card holds; buttons and menus say which they are in `type`. Channels' and roles' ids are names."""
    data: Json = asdict(card)
    data["rows"] = [[_item_to_json(item) for item in row] for row in card.rows]
    return {name: _spoken(value) for name, value in data.items()}


def card_from_json(data: Json) -> Card:
    """The Card that `card_to_json` wrote down (also after a trip through JSON text)."""
    return Card(
        tone=Tone(data["tone"]),
        title=data["title"],
        by=_actor(data["by"]) if data["by"] else None,
        status=data["status"],
        percent=data["percent"],
        lines=tuple(data["lines"]),
        facts=tuple((label, value) for label, value in data["facts"]),
        pictures=tuple(_shown(item) for item in data["pictures"]),
        rows=tuple(tuple(_item_from_json(item) for item in row) for row in data["rows"]),
        links=tuple(Link(**item) for item in data["links"]),
        private=data["private"],
        files=tuple(Download(**item) for item in data["files"]),
    )


def form_to_json(form: Form) -> Json:
    """A Form for the page's dialog."""
    return {name: _spoken(value) for name, value in asdict(form).items()}


def _spoken(value: object) -> object:
    if isinstance(value, str):
        return spoken(value)
    if isinstance(value, dict):
        return {name: _spoken(one) for name, one in value.items()}
    return [_spoken(one) for one in value] if isinstance(value, list | tuple) else value


def _item_to_json(item: Button | Menu) -> Json:
    return {"type": "button" if isinstance(item, Button) else "menu", **asdict(item)}


def _item_from_json(data: Json) -> Button | Menu:
    values = {name: value for name, value in data.items() if name != "type"}
    if data["type"] == "button":
        return Button(**{**values, "style": Style(values["style"])})
    return Menu(**{**values, "choices": tuple(Choice(**item) for item in values["choices"])})


def _actor(data: Json) -> Actor:
    return Actor(**{**data, "platform": Platform(data["platform"]), "roles": tuple(data["roles"])})


def _shown(data: Json) -> Shown:
    return Shown(**{**data, "picture": Picture(**data["picture"])})
