"""Messages in this process's memory: for tests, and for a playground that may forget."""

from __future__ import annotations

from dataclasses import replace

from bot.playground.channels import CHANNEL, readable
from bot.playground.ports import Message


class MemoryMessages:
    """A MessageStore over a dictionary."""

    def __init__(self) -> None:
        """Start empty."""
        self._rows: dict[str, Message] = {}
        self._counter = 0

    async def add(self, message: Message) -> Message:
        """Insert unless the id stands already."""
        if message.id not in self._rows:
            self._write(message)
        return self._rows[message.id]

    async def change(self, message_id: str, card: str) -> Message | None:
        """Replace the Card."""
        row = self._rows.get(message_id)
        return None if row is None or row.deleted else self._write(replace(row, card=card))

    async def remove(self, message_id: str) -> Message | None:
        """Mark as deleted."""
        row = self._rows.get(message_id)
        return None if row is None or row.deleted else self._write(replace(row, card="", deleted=True))

    async def get(self, message_id: str) -> Message | None:
        """One message."""
        return self._rows.get(message_id)

    async def since(self, updated: int, user_id: str, limit: int, *, moderator: bool = False) -> list[Message]:
        """Changes after `updated`."""
        rows = [row for row in self._rows.values() if row.updated > updated and row.seen_by(user_id, moderator=moderator)]
        return sorted(rows, key=lambda row: row.updated)[:limit]

    async def page(self, user_id: str, limit: int, before_id: str = "", *, channel: str = CHANNEL) -> list[Message]:
        """The last messages, oldest first."""
        theirs = readable(user_id, channel)
        rows = [row for row in self._rows.values() if row.visible_to in theirs and not row.deleted]
        edge = self._rows.get(before_id)
        if edge is not None:
            rows = [row for row in rows if (row.created, row.id) < (edge.created, edge.id)]
        return sorted(rows, key=lambda row: (row.created, row.id))[-limit:]

    async def counter(self) -> int:
        """The change counter."""
        return self._counter

    def _write(self, message: Message) -> Message:
        self._counter += 1
        self._rows[message.id] = replace(message, updated=self._counter)
        return self._rows[message.id]
