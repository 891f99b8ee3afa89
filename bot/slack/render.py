"""A Card as Block Kit. Pure. User text stands in rich_text and plain_text only, where Slack parses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs.mentions import CHANNEL, SIGNS, pieces
from bot.jobs.surface import Button, Card, Choice, Menu, Shown, Style, Tone
from bot.slack.api import Written
from bot.slack.escape import cut, escaped, flat
from bot.texts import slack as texts

Json = dict[str, Any]
BLOCKS, ELEMENTS, PICTURES = 50, 25, 10
LABEL, HINT, ALT, CHUNK, NOTICE = 75, 75, 2000, 3000, 1000
MOST = 11_000
"""Characters of one message's blocks: Slack refuses somewhere above 12,000, undocumented."""
LESS = 3_000
"""The second try after `msg_blocks_too_long`."""
MENU_CHOICES, MENU_VALUE = 100, 75
TONES = {Tone.WAITING: "⏳ ", Tone.RUNNING: "🎨 ", Tone.DONE: "", Tone.FAILED: "⚠️ "}
BAR = 20
CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,39}")
"""What a channel element may hold: Slack refuses a whole message for another one."""


@dataclass(slots=True)
class Room:
    """Characters left in a message."""

    left: int

    def take(self, text: str) -> str:
        """As much of it as fits."""
        taken = cut(flat(text), self.left) if self.left > 0 else ""
        self.left -= len(taken)
        return taken


def render(card: Card, files: Mapping[str, str], most: int = MOST) -> Written:
    """`files`: picture key -> Slack file id. A picture without an id is left out; sensitive ones: `covers.py`."""
    words = list(_sections(card, Room(most)))
    pictures = [_image(shown, files[shown.picture.key]) for shown in card.pictures if shown.picture.key in files]
    blocks: list[Json] = [{"type": "rich_text", "elements": words}] if words else []
    blocks += pictures[:PICTURES]
    blocks += [block for row in card.rows for block in _actions(row)]
    return Written(blocks[:BLOCKS], notice(card))


def notice(card: Card) -> str:
    """The words of the notification, and all that a screen reader gets of some clients."""
    whole = " · ".join(part for part in (card.title, card.status, *card.lines) if part)
    return escaped(cut(flat(whole), NOTICE)) or texts.NAME


def text(words: str, *, bold: bool = False) -> list[Json]:
    """rich_text elements of at most 3,000 characters each; none for nothing."""
    style: Json = {"style": {"bold": True}} if bold else {}
    return [{"type": "text", "text": words[at : at + CHUNK], **style} for at in range(0, len(words), CHUNK)]


def written(words: str, room: Room, *, bold: bool = False) -> list[Json]:
    """As `text`, as much of it as fits, with its channels as links that Slack names.

    Roles are named by their ids: the one element for user groups would ping them.
    """
    elements: list[Json] = []
    for kind, part in pieces(words):
        taken = room.take(f"{SIGNS.get(kind, '')}{part}")
        if kind == CHANNEL and taken == f"#{part}" and CHANNEL_ID.fullmatch(part):
            elements.append({"type": "channel", "channel_id": part})
        else:
            elements += text(taken, bold=bold)
    return elements


def plain_text(words: str, most: int) -> Json:
    """A plain_text object; Slack refuses an empty one."""
    return {"type": "plain_text", "text": cut(flat(words).strip(), most) or "–", "emoji": False}


def option(choice: Choice) -> Json:
    """A menu entry. Slack refuses an empty value, so each is prefixed; `chosen_value` undoes it."""
    return {"text": plain_text(choice.label, LABEL), "value": f"={choice.value}"[:MENU_VALUE]}


def chosen_value(selected: Json | None) -> str:
    """The Choice's own value of a selected option."""
    return str((selected or {}).get("value") or "=")[1:]


def section(elements: list[Json]) -> Json:
    """One paragraph of a rich_text block."""
    return {"type": "rich_text_section", "elements": elements}


def _sections(card: Card, room: Room) -> Iterator[Json]:
    head = written(card.title, room, bold=True)
    if card.by is not None:
        head += [*text("  "), {"type": "user", "user_id": card.by.user_id}]
    if card.status:
        head += written(f"{chr(10) if head else ''}{TONES[card.tone]}{card.status}", room)
    if card.percent is not None:
        head += text(room.take(f"\n{_bar(card.percent)}"))
    paragraphs = [head, *(written(line, room) for line in card.lines), *(_fact(*fact, room) for fact in card.facts)]
    yield from (section(elements) for elements in [*paragraphs, _links(card, room)] if elements)


def _fact(label: str, value: str, room: Room) -> list[Json]:
    return written(f"{label}: ", room, bold=True) + written(value or "–", room)


def _links(card: Card, room: Room) -> list[Json]:
    elements: list[Json] = []
    for link in card.links:
        if link.url.startswith(("https://", "http://")) and len(link.url) <= CHUNK:
            label = room.take(link.label) or "→"
            elements += [*(text(" · ") if elements else []), {"type": "link", "url": link.url, "text": label}]
    return elements


def _bar(percent: int) -> str:
    share = min(max(percent, 0), 100)
    full = round(share * BAR / 100)
    return f"{'▰' * full}{'▱' * (BAR - full)} {share} %"


def _image(shown: Shown, file_id: str) -> Json:
    alt = cut(flat(shown.alt or shown.name).strip(), ALT) or texts.NAME
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt}


def _actions(row: tuple[Button | Menu, ...]) -> Iterator[Json]:
    elements = [element for item in row if (element := _element(item)) is not None]
    for at in range(0, len(elements), ELEMENTS):
        yield {"type": "actions", "elements": elements[at : at + ELEMENTS]}


def _element(item: Button | Menu) -> Json | None:
    """None: Slack has no disabled button and no empty menu, so they are left out."""
    if isinstance(item, Menu):
        return _menu(item) if item.choices else None
    if not item.enabled:
        return None
    element: Json = {"type": "button", "action_id": item.control, "text": plain_text(item.label, LABEL)}
    if item.style is not Style.NORMAL:
        element["style"] = item.style.value
    if item.hint:
        element["accessibility_label"] = cut(flat(item.hint), HINT)
    return element


def _menu(menu: Menu) -> Json:
    choices = menu.choices[:MENU_CHOICES]
    element: Json = {
        "type": "static_select",
        "action_id": menu.control,
        "placeholder": plain_text(menu.label, 150),
        "options": [option(choice) for choice in choices],
    }
    chosen = next((choice for choice in choices if choice.value == menu.chosen), None)
    return {**element, "initial_option": option(chosen)} if chosen else element
