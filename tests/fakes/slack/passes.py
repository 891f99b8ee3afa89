"""Passes that run out: trigger_ids (one use, 3 s) and response_urls (5 uses, 30 min)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.slack.errors import RefusedError
from tests.fakes.slack.model import Message

TRIGGER_SECONDS = 3.0
REPLY_USES, REPLY_SECONDS = 5, 1800.0
"""docs.slack.dev, "Handling user interaction"."""


@dataclass(slots=True)
class Trigger:
    """What lets the app open a modal for somebody."""

    id: str
    user: str
    made_at: float
    used: bool = False

    def use(self, now: float) -> None:
        """Spend it. Raises RefusedError for a second use or a late one."""
        if self.used:
            raise RefusedError("exchanged_trigger_id")
        if now - self.made_at > TRIGGER_SECONDS:
            raise RefusedError("expired_trigger_id")
        self.used = True


@dataclass(slots=True)
class ReplyUrl:
    """What lets the app answer somebody without a token. `message`: the one that was clicked, which it may replace."""

    channel: str
    user: str
    message: Message | None
    made_at: float
    uses: int = 0

    def use(self, now: float) -> None:
        """Count one post. Raises RefusedError for the sixth, or after half an hour."""
        if now - self.made_at > REPLY_SECONDS:
            raise RefusedError("expired_url", status=404)
        if self.uses >= REPLY_USES:
            raise RefusedError("used_url", status=404)
        self.uses += 1
