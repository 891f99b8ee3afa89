"""One interaction: what the user did, and what the bot has made of it so far."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.fakes.discord.changes import Changes
from tests.fakes.discord.errors import Json
from tests.fakes.discord.message import Message
from tests.fakes.discord.model import Channel, User

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
"""Interaction types."""
ACKNOWLEDGE_SECONDS, TOKEN_SECONDS, MOST_FOLLOWUPS = 3.0, 15 * 60.0, 5
"""Time to the first answer, life of the token, follow-ups where the app is only user-installed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The first answer: its callback type, and real seconds since the interaction was made."""

    type: int
    seconds: float


@dataclass(slots=True, eq=False)
class FakeInteraction:
    """`created` is in the fake's clock; `source`: whose component was used; `payload`: what the gateway sends."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    data: Json
    created: float
    limit: int
    source: Message | None = None
    user_install: bool = False
    payload: Json = field(default_factory=dict)
    message: Message | None = None
    ack: Acknowledgement | None = None
    modal_data: Json | None = None
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)
    followups_sent: int = 0
    started: float = field(default_factory=time.monotonic)
    changes: Changes = field(default_factory=Changes)

    def acknowledge(self, kind: int) -> None:
        """The bot answered first with this callback type."""
        self.ack = Acknowledgement(kind, time.monotonic() - self.started)

    async def until(self, check: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait for a state of this interaction; TimeoutError tells how far it came."""
        try:
            return await self.changes.until(check, timeout)
        except TimeoutError:
            raise TimeoutError(
                f"after {timeout} s: ack={self.ack}, message={self.message}, followups={self.followups}"
            ) from None

    async def acknowledged(self, timeout: float = 3.0) -> Acknowledgement:
        """The first answer, whatever it is."""
        ack = await self.until(lambda: self.ack, timeout)
        assert ack is not None
        return ack

    async def response(self, timeout: float = 5.0) -> Message:
        """The original message once it shows something (a deferred one: once it was edited)."""
        message = await self.until(lambda: self.message if self.message and not self.message.loading else None, timeout)
        assert message is not None
        return message

    async def followup(self, index: int = 0, timeout: float = 5.0) -> Message:
        """The follow-up with this index (one that filled a deferred message is not among them)."""
        await self.until(lambda: len(self.followups) > index, timeout)
        return self.followups[index]

    async def modal(self, timeout: float = 3.0) -> Json:
        """The dialog that the bot opened: custom_id, title, components."""
        data = await self.until(lambda: self.modal_data, timeout)
        assert data is not None
        return data

    async def suggestions(self, timeout: float = 3.0) -> list[Json]:
        """The autocomplete choices (maybe none)."""
        await self.until(lambda: self.choices is not None, timeout)
        return self.choices or []
