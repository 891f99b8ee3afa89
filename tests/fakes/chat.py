"""A chat in memory: the Chat port with the refusals of real ones on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.jobs.chat_port import ChatError, ChatFault, ChatLimits
from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Place
from bot.jobs.surface import Card


@dataclass
class FakeChat:
    """Keeps what every message shows and showed. `faults`: errors that the next calls of a method raise.

    `halves`: methods whose messages stand and are not whole before the next edit.
    """

    limits: ChatLimits = ChatLimits(10_000_000, frozenset({"image/png", "image/jpeg"}), 0.0)
    messages: dict[str, list[Card]] = field(default_factory=dict)
    whispers: list[tuple[str, Card]] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    faults: dict[str, list[ChatError]] = field(default_factory=dict)
    dead_interactions: set[str] = field(default_factory=set)
    halves: set[str] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, method: str, fault: ChatFault, times: int = 1) -> None:
        """The next `times` calls of `method` are refused."""
        self.faults.setdefault(method, []).extend(ChatError(fault, "as told by the test") for _ in range(times))

    def _maybe_fail(self, method: str) -> None:
        if self.faults.get(method):
            raise self.faults[method].pop(0)

    def _half(self, method: str, ref: MessageRef) -> MessageRef:
        return replace(ref, whole=method not in self.halves)

    def _changed(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def until(self, done: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait for a state that the chat shows."""
        async with asyncio.timeout(timeout):
            while not done():
                await self._news.wait()

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        self._maybe_fail("place")
        if job.id in self.dead_interactions:
            return None
        self.messages.setdefault(f"m-{job.id}", []).append(card)
        self._changed()
        return MessageRef(job.place.channel_id, f"m-{job.id}", f"chat://m-{job.id}")

    async def edit(self, job: Job, card: Card) -> MessageRef:
        self._maybe_fail("edit")
        if job.message is None or job.message.message_id not in self.messages:
            raise ChatError(ChatFault.GONE, "no such message")
        for shown in card.pictures:
            if job.place.upload_limit is not None and shown.picture.size > job.place.upload_limit:
                raise ChatError(ChatFault.TOO_LARGE, "over the limit")
        self.messages[job.message.message_id].append(card)
        self._changed()
        return replace(job.message, whole=True)

    async def repost(self, job: Job, card: Card) -> MessageRef:
        self._maybe_fail("repost")
        self.messages.setdefault(f"r-{job.id}", []).append(card)
        self._changed()
        return self._half("repost", MessageRef("elsewhere", f"r-{job.id}"))

    async def whisper(self, job: Job, card: Card) -> bool:
        self._maybe_fail("whisper")
        self.whispers.append((job.actor.user_id, card))
        self._changed()
        return True

    async def ping(self, job: Job, sentence: str) -> None:
        self._maybe_fail("ping")
        self.pings.append(f"{job.id} {sentence}")
        self._changed()

    async def delete(self, job: Job) -> None:
        self._maybe_fail("delete")
        if job.message is not None:
            self.messages.pop(job.message.message_id, None)
        self.deleted.append(job.id)
        self._changed()

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        self._maybe_fail("post")
        if f"n-{key}" not in self.messages:
            self.messages[f"n-{key}"] = [card]
        self._changed()
        return self._half("post", MessageRef(place.thread_id or place.channel_id, f"n-{key}", f"chat://n-{key}"))

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        self._maybe_fail("revise")
        if message.message_id not in self.messages:
            raise ChatError(ChatFault.GONE, "no such message")
        self.messages[message.message_id].append(card)
        self._changed()
        return replace(message, whole=True)
