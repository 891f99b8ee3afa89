"""Every listener in one shape: acknowledge, then hand over.

A listener that raises, even just after its `ack()`, loses the acknowledgement (measured with slack-bolt 1.30).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.slack.api import Identity

log = structlog.get_logger(__name__)
Listener = Callable[..., Awaitable[None]]
US = "imagine_identity"
"""Under this name the authorisation puts the bot's Identity into the context of a request."""


def acknowledged(take: Callable[[dict[str, Any]], None]) -> Listener:
    """`take` gets the payload after the acknowledgement; it does not wait."""
    return knowing(lambda body, _us: take(body))


def knowing(take: Callable[[dict[str, Any], Identity], None]) -> Listener:
    """The same for what must know who the bot is in that workspace. Bolt fills the arguments by their names."""

    async def listener(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        try:
            take(body, context[US])
        except Exception:
            log.exception("slack_payload_unreadable", kind=body.get("type"))

    return listener
