"""Every listener in one shape: acknowledge, then hand over.

A listener that raises, even just after its `ack()`, loses the acknowledgement (measured with slack-bolt 1.30).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

log = structlog.get_logger(__name__)
Listener = Callable[..., Awaitable[None]]


def acknowledged(take: Callable[[dict[str, Any]], None]) -> Listener:
    """`take` gets the payload after the acknowledgement; it does not wait. Bolt fills `ack` and `body` by their names."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        try:
            take(body)
        except Exception:
            log.exception("slack_payload_unreadable", kind=body.get("type"))

    return listener
