"""A moderator's hands on the settings pages: commands, presses and Forms through the desk's own door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.desk.admin import door
from bot.jobs.asks import Answer, Ask, Attachment, Command, OpenForm, Press, Private, Submission, Update
from bot.jobs.controls import read_control
from bot.jobs.place import Actor, Place, Platform
from bot.jobs.surface import Card, Form
from bot.policy.community import Community
from bot.policy.records import Entry
from tests.support.core import Core

T = TypeVar("T")
HERE = "playground:guild"
ROOT = Actor(Platform.PLAYGROUND, "root", "Root", moderator=True, admin=True)
MOD = Actor(Platform.PLAYGROUND, "mod", "Mod", moderator=True)
ANN = Actor(Platform.PLAYGROUND, "ann", "Ann", roles=("friends",))


@dataclass
class Hands:
    """Whose they are is `actor`."""

    core: Core
    actor: Actor = ROOT
    place: Place = Place(Platform.PLAYGROUND, "hall", community_id="guild")

    def ask(self) -> Ask:
        return Ask(self.actor, self.place, "key")

    async def command(self, sub: str = "settings") -> Answer:
        return await door.command(self.core.house, Command(self.ask(), "imagine-admin", sub))

    async def press(self, page: str, value: str = "", index: int = 0) -> Answer:
        text = f"i1:admin:{page}:{index}"
        control = read_control(text)
        assert control is not None
        return await door.press(self.core.house, Press(self.ask(), text, value), control)

    async def submit(self, page: str, files: dict[str, Attachment] | None = None, /, **values: str) -> Answer:
        text = f"i1:admin:{page}:0"
        control = read_control(text)
        assert control is not None
        return await door.submit(self.core.house, Submission(self.ask(), text, values, files or {}), control)

    async def put(self, opened: Form, **values: str) -> Answer:
        """A dialog comes back, as it was opened."""
        return await self.submit(opened.control.split(":")[2], **values)

    async def settings(self) -> Community:
        return await self.core.house.policy.community(HERE)

    async def log(self) -> list[Entry]:
        return await self.core.house.policy.entries(HERE)


def shown(answer: Answer) -> Card:
    """The Card of a page that was shown, not of a refusal."""
    assert isinstance(answer, Update) or (isinstance(answer, Private) and not answer.refused), answer
    return answer.card


def refused(answer: Answer) -> str:
    """The one sentence of a private refusal."""
    assert isinstance(answer, Private), answer
    assert answer.refused
    (sentence,) = answer.card.lines
    return sentence


def outcome(read: Callable[[], T]) -> tuple[T | None, str]:
    """What was read, or the sentence that was said instead."""
    try:
        return read(), ""
    except ValueError as error:
        return None, str(error)


def form(answer: Answer) -> Form:
    """The dialog."""
    assert isinstance(answer, OpenForm), answer
    return answer.form


def controls(card: Card) -> list[str]:
    """Page names behind the buttons and menus."""
    return [item.control.split(":")[2] for row in card.rows for item in row]
