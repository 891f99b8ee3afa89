"""The board that the chat stands on: the message store plus the bell for those who watch."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bot.errors import ImagineError
from bot.jobs.ports import Clock
from bot.jobs.surface import Card
from bot.playground.cards import card_to_json
from bot.playground.hub import Hub
from bot.playground.ports import Message, MessageStore


class Board:
    """Every change goes through here, so that no open page misses one."""

    def __init__(self, store: MessageStore, clock: Clock) -> None:
        """`store` keeps the messages."""
        self.store = store
        self.hub = Hub()
        self._clock = clock

    async def watch(self, every: float) -> None:
        """Ring for what other processes wrote, within `every` seconds, until cancelled."""
        known = 0
        while True:
            await asyncio.sleep(every)
            if not self.hub.listeners:
                continue
            try:
                counter = await self.store.counter()
            except ImagineError:  # the streams find out for themselves
                continue
            if counter != known:
                known = counter
                self.hub.ring()

    async def post(self, message_id: str, card: Card, *, author: str, visible_to: str = "", job_id: str = "") -> Message:
        """A new message, or the one that stands under this id already."""
        draft = Message(message_id, self._clock(), author, visible_to, dumped(card), job_id)
        return self._rung(await self.store.add(draft))

    async def change(self, message_id: str, card: Card) -> Message | None:
        """Show another Card; None if the message is gone."""
        message = await self.store.change(message_id, dumped(card))
        return self._rung(message) if message else None

    async def remove(self, message_id: str) -> None:
        """Take the message away; no error if it is gone."""
        await self.store.remove(message_id)
        self.hub.ring()

    def _rung(self, message: Message) -> Message:
        self.hub.ring()
        return message


def dumped(card: Card) -> str:
    """The Card as JSON text."""
    return json.dumps(card_to_json(card), ensure_ascii=False, separators=(",", ":"))


def message_to_json(message: Message) -> dict[str, Any]:
    """A message as the page gets it; a deleted one has no card."""
    return {
        "id": message.id,
        "created": message.created,
        "updated": message.updated,
        "author": message.author,
        "channel": message.channel,
        "private": bool(message.private_to),
        "job": message.job_id,
        "deleted": message.deleted,
        "card": json.loads(message.card) if message.card else None,
    }
