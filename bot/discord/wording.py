"""Card -> one piece of Discord markdown that stays under the limit of a Components V2 message."""

from __future__ import annotations

from bot.discord.escape import escape, length
from bot.jobs.place import Actor, Platform
from bot.jobs.surface import Card, Menu
from bot.texts import discord as texts

TEXT_MOST = 3_900
"""Characters of all text in one message; Discord takes 4,000."""
_STATUS_MOST = 400
_NAME_MOST = 64
_LABEL_MOST = 80
_TITLE_LEAST = 1_000
"""What lines and facts always leave to the title."""
_PART_LEAST = 120
"""What a long line or fact leaves to each one after it."""
_BAR = 10


def mention(actor: Actor) -> str:
    """How a person is named: a mention (who is pinged is said by allowed_mentions), or a name from elsewhere."""
    known = actor.platform is Platform.DISCORD and actor.user_id.isdecimal()
    return f"<@{actor.user_id}>" if known else escape(actor.name, _NAME_MOST)


def markdown(card: Card, most: int = TEXT_MOST) -> str:
    """Everything of the Card that is text; a title that does not fit ends in an ellipsis."""
    status = _status(card)
    by = mention(card.by) if card.by else ""
    room = most - length(status) - length(by) - 16
    body = _body(card, room - min(length(card.title) * 2, _TITLE_LEAST))
    title = escape(card.title, room - sum(length(line) + 1 for line in body))
    head = " - ".join(part for part in (f"**{title}**" if title else "", by) if part)
    return "\n".join(part for part in (head, status, *body) if part)


def menu_label(menu: Menu) -> str:
    """What stands above a drop-down."""
    label = escape(menu.label, _LABEL_MOST)
    return f"-# {label}" if label else ""


def _status(card: Card) -> str:
    words = escape(card.status, _STATUS_MOST)
    if card.percent is None:
        return words
    figure = max(0, min(100, card.percent))
    full = figure * _BAR // 100
    return " ".join(part for part in ("▰" * full + "▱" * (_BAR - full), texts.percent(figure), words) if part)


def _body(card: Card, room: int) -> list[str]:
    shown: list[str] = []
    parts = _parts(card)
    needs = [min(length(prefix) + length(escape(words, _PART_LEAST)) + 1, _PART_LEAST) for prefix, words in parts]
    for number, (prefix, words) in enumerate(parts):
        most = min(room, max(room - sum(needs[number + 1 :]), needs[number]))
        text = escape(words, most - length(prefix) - 1)
        if not text:
            continue
        shown.append(prefix + text)
        room -= length(prefix) + length(text) + 1
    return shown


def _parts(card: Card) -> list[tuple[str, str]]:
    lines = [("", line) for line in card.lines]
    return lines + [(f"**{escape(label, _LABEL_MOST)}:** ", value) for label, value in card.facts]
