"""A Chat that tells a Meter of each call: how long it took, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import TypeVar

from bot.jobs.chat_port import Chat, ChatError, ChatLimits
from bot.jobs.meter import Meter
from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Place, Platform
from bot.jobs.surface import Card

T = TypeVar("T")


class MeteredChat:
    """Implements the core's `Chat` around another."""

    def __init__(self, platform: Platform, chat: Chat, meter: Meter) -> None:
        """`chat` does the work."""
        self._platform = platform
        self._chat = chat
        self._meter = meter

    @property
    def limits(self) -> ChatLimits:
        """The chat's own."""
        return self._chat.limits

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """As the port says."""
        return await self._timed("place", self._chat.place(job, card))

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """As the port says."""
        return await self._timed("edit", self._chat.edit(job, card))

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """As the port says."""
        return await self._timed("repost", self._chat.repost(job, card))

    async def whisper(self, job: Job, card: Card) -> bool:
        """As the port says."""
        return await self._timed("whisper", self._chat.whisper(job, card))

    async def ping(self, job: Job, sentence: str) -> None:
        """As the port says."""
        await self._timed("ping", self._chat.ping(job, sentence))

    async def delete(self, job: Job) -> None:
        """As the port says."""
        await self._timed("delete", self._chat.delete(job))

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """As the port says."""
        return await self._timed("post", self._chat.post(place, card, key))

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """As the port says."""
        return await self._timed("revise", self._chat.revise(place, message, card))

    async def _timed(self, call: str, work: Awaitable[T]) -> T:
        began, outcome = time.monotonic(), "ok"
        try:
            return await work
        except ChatError as error:
            outcome = error.fault.value
            raise
        except BaseException:
            outcome = "cut"
            raise
        finally:
            self._meter.chatted(self._platform, call, outcome, time.monotonic() - began)
