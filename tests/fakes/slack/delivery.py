"""One thing that Slack told the bot, and how the bot answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.fakes.slack.errors import NotAckedError
from tests.fakes.slack.model import Json

Kind = Literal["slash_commands", "interactive", "events_api", "url_verification"]


@dataclass(frozen=True, slots=True)
class Ack:
    """An answer. `seconds`: real time since the attempt that it answers. `late`: after Slack's three seconds."""

    seconds: float
    payload: Json
    status: int = 200
    late: bool = False

    @property
    def good(self) -> bool:
        """Whether Slack takes it."""
        return 200 <= self.status < 300 and not self.late


class Delivery:
    """What was sent (`payload`), in how many attempts, and every answer to it (`answers`)."""

    def __init__(self, kind: Kind, payload: Json, on_ack: Callable[[Json], None] | None = None) -> None:
        self.kind: Kind = kind
        self.payload = payload
        self.attempts: list[str] = []
        """The retry reason of each attempt; the first is empty."""
        self.answers: list[Ack] = []
        self.done = asyncio.Event()
        """Set by the first good answer."""
        self.due_at = 0.0
        """When the next attempt falls due, by the fake's clock; 0 while none is planned."""
        self.no_retry = False
        self._on_ack = on_ack
        self._answered = asyncio.Event()
        self._sent_at = 0.0

    def sent(self, reason: str) -> None:
        """Another attempt goes out now."""
        self.attempts.append(reason)
        self._sent_at = time.perf_counter()

    def answer(self, payload: Json, status: int, limit: float) -> None:
        """The bot answered; the first good answer takes effect."""
        seconds = time.perf_counter() - self._sent_at
        ack = Ack(seconds, payload, status, late=seconds > limit)
        self.answers.append(ack)
        if ack.good and not self.done.is_set():
            self.done.set()
            if self._on_ack:
                self._on_ack(payload)
        self._answered.set()

    async def acked(self, within: float = 3.0) -> Ack:
        """The good answer. Raises NotAckedError for a bad one, or for none `within` real seconds."""
        try:
            await asyncio.wait_for(self._answered.wait(), within)
        except TimeoutError:
            raise NotAckedError(f"{self.kind} had no answer within {within} s") from None
        for ack in self.answers:
            if ack.good:
                return ack
        raise NotAckedError(f"{self.kind} was answered {self.answers}")
