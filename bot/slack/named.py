"""Roles in a Card by the names of the user groups that they stand for: Slack's own element for groups would ping them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.jobs.clean import without_marks
from bot.jobs.mentions import CHANNEL, ROLE, channel_mention, pieces, role_mention
from bot.jobs.surface import Card
from bot.slack.groups import Groups


async def with_groups(card: Card, team: str, groups: Groups) -> Card:
    """As this workspace calls them; groups are asked for only where one is shown, and waited for no longer than usual."""
    if not has_roles(card):
        return card
    return named(card, {group.value: group.label for group in await groups.choices(team)})


def has_roles(card: Card) -> bool:
    """Whether any stands in what people read."""
    return any(kind == ROLE for words in _words(card) for kind, _ in pieces(words))


def named(card: Card, names: Mapping[str, str]) -> Card:
    """`names`: of groups by their ids; one that is not among them stays as it is."""

    def told(words: str) -> str:
        return "".join(_piece(kind, part, names) for kind, part in pieces(words))

    return replace(
        card,
        title=told(card.title),
        status=told(card.status),
        lines=tuple(map(told, card.lines)),
        facts=tuple((told(label), told(value)) for label, value in card.facts),
    )


def _piece(kind: str, part: str, names: Mapping[str, str]) -> str:
    if kind == CHANNEL:
        return channel_mention(part)
    if kind == ROLE:
        return f"@{without_marks(names[part])}" if part in names else role_mention(part)
    return part


def _words(card: Card) -> Iterator[str]:
    yield from (card.title, card.status, *card.lines)
    for label, value in card.facts:
        yield from (label, value)
