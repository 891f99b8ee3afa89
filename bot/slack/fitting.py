"""A Card sent so that Slack takes it: past the race of fresh files, and once more with less text where it is too long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.jobs.surface import Card
from bot.slack.api import Written
from bot.slack.faults import TOO_LONG, SlackFault
from bot.slack.render import LESS, MOST, render
from bot.slack.upload import past_race
from bot.texts import slack as texts

T = TypeVar("T")


def unseen(card: Card) -> Card:
    """A result while Slack does not show its pictures: nothing can be done with what nobody sees."""
    return replace(card, pictures=(), rows=(), lines=(*card.lines, texts.NOT_YET))


async def fitted(card: Card, files: Mapping[str, str], send: Callable[[Written], Awaitable[T]], waits: Sequence[float]) -> T:
    """`files`: picture key -> Slack file id; `waits`: seconds between tries. Raises ChatError."""
    try:
        return await past_race(lambda: send(render(card, files, MOST)), waits)
    except SlackFault as fault:
        if fault.code not in TOO_LONG:
            raise
    return await past_race(lambda: send(render(card, files, LESS)), waits)
