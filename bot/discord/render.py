"""Card -> Components V2: a container with text, pictures, then buttons and menus, inside Discord's limits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.escape import cut, length
from bot.discord.wording import TEXT_MOST, markdown, menu_label
from bot.jobs.surface import Button, Card, Choice, Link, Menu, Style, Tone
from bot.texts import discord as texts

MOST_COMPONENTS = 40
"""Components of one message, nested ones included."""
NO_VALUE = "~none~"
"""Stands for an empty menu value, which Discord does not take."""
_COLOURS = {Tone.WAITING: 0x99AAB5, Tone.RUNNING: 0x5865F2, Tone.DONE: 0x57F287, Tone.FAILED: 0xED4245}
_STYLES = {
    Style.NORMAL: discord.ButtonStyle.secondary,
    Style.PRIMARY: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}
_LABEL = 80
_CHOICE_LABEL = 100
_PLACEHOLDER = 150
_URL = 512
_ROW = 5
_CHOICES = 25
_GALLERY = 10

Item = ui.Item[Any]


def layout(card: Card, gallery: Sequence[discord.MediaGalleryItem] = (), files: Sequence[str] = ()) -> ui.LayoutView:
    """The whole message; `files`: names of the attachments that are offered as files.

    The view listens to nothing: presses come back through `buttons.Pressed`, after restarts too.
    """
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container[Any](*_children(card, gallery, files), accent_colour=_COLOURS[card.tone]))
    view.stop()
    return view


def option_value(value: str) -> str:
    """A choice's value as Discord carries it."""
    return value or NO_VALUE


def read_value(value: str) -> str:
    """The other way."""
    return "" if value == NO_VALUE else value


def select_options(choices: Sequence[Choice], chosen: Collection[str]) -> list[discord.SelectOption]:
    """At most 25 entries with different values; those of the values that are set now are marked."""
    different = {option_value(choice.value)[:_CHOICE_LABEL]: choice for choice in reversed(choices)}
    return [
        discord.SelectOption(label=cut(choice.label, _CHOICE_LABEL) or value, value=value, default=choice.value in chosen)
        for value, choice in reversed(list(different.items())[-_CHOICES:])
    ]


def _children(card: Card, gallery: Sequence[discord.MediaGalleryItem], files: Sequence[str]) -> list[Item]:
    labels = sum(length(menu_label(entry)) for row in card.rows for entry in row if isinstance(entry, Menu))
    children: list[Item] = [ui.TextDisplay(markdown(card, TEXT_MOST - labels) or texts.DONE)]
    if gallery:
        children.append(ui.MediaGallery(*gallery[:_GALLERY]))
    children += [ui.File(f"attachment://{name}") for name in files]
    room = MOST_COMPONENTS - 1 - len(children)
    for item in _rows(card):
        room -= 1 + (len(item.children) if isinstance(item, ui.ActionRow) else 0)
        if room < 0:
            break
        children.append(item)
    return children


def _rows(card: Card) -> Iterator[Item]:
    seen: set[str] = set()
    for row in card.rows:
        different = {entry.control: entry for entry in reversed(row) if entry.control not in seen}
        fresh = list(reversed(different.values()))
        seen.update(different)
        buttons = [_button(entry) for entry in fresh if isinstance(entry, Button)]
        for start in range(0, len(buttons), _ROW):
            yield ui.ActionRow(*buttons[start : start + _ROW])
        for entry in fresh:
            if isinstance(entry, Menu) and entry.choices:
                yield from _menu(entry)
    links = [_link(link) for link in card.links if length(link.url) <= _URL]
    for start in range(0, len(links), _ROW):
        yield ui.ActionRow(*links[start : start + _ROW])


def _button(button: Button) -> ui.Button[Any]:
    return ui.Button(
        custom_id=button.control,
        label=cut(button.label, _LABEL) or "?",
        style=_STYLES[button.style],
        disabled=not button.enabled,
    )


def _link(link: Link) -> ui.Button[Any]:
    return ui.Button(url=link.url, label=cut(link.label, _LABEL) or texts.SHOW, style=discord.ButtonStyle.link)


def _menu(menu: Menu) -> Iterator[Item]:
    if label := menu_label(menu):
        yield ui.TextDisplay(label)
    yield ui.ActionRow(
        ui.Select[Any](
            custom_id=menu.control,
            placeholder=cut(menu.label, _PLACEHOLDER) or None,
            options=select_options(menu.choices, (menu.chosen,)),
        )
    )
