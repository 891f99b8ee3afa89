"""The Chat port for programs: the row is what they see, so this only rings, and writes down which callback is due."""

from __future__ import annotations

import asyncio

from bot.api.news import News
from bot.api.ports import Callback, Callbacks
from bot.errors import StoreUnavailable
from bot.jobs.chat_port import ChatError, ChatFault, ChatLimits
from bot.jobs.model import Job
from bot.jobs.place import MessageRef, Place
from bot.jobs.ports import Clock
from bot.jobs.surface import Card

KINDS = frozenset({"image/png", "image/jpeg", "image/webp"})
LIMITS = ChatLimits(50 * 1024 * 1024, KINDS, progress_seconds=1.0, posts=False)
CALLBACK = "callback_url"
"""Where the address stands in a job's `Reply.data`: it is committed with the job."""


class ApiChat:
    """The engine tells every end at least once, after it stands in the row: that is when the callback is written down."""

    def __init__(self, callbacks: Callbacks, news: News, clock: Clock) -> None:
        """`due` rings when a callback was written down."""
        self._callbacks = callbacks
        self._news = news
        self._clock = clock
        self.due = asyncio.Event()

    @property
    def limits(self) -> ChatLimits:
        """Programs take what browsers take."""
        return LIMITS

    async def place(self, job: Job, card: Card) -> MessageRef | None:
        """Nothing to post."""
        del card
        return await self._told(job)

    async def edit(self, job: Job, card: Card) -> MessageRef:
        """The row has changed."""
        del card
        return await self._told(job)

    async def repost(self, job: Job, card: Card) -> MessageRef:
        """The same."""
        del card
        return await self._told(job)

    async def whisper(self, job: Job, card: Card) -> bool:
        """Whoever asks for the job sees all of it."""
        del card
        await self._told(job)
        return True

    async def ping(self, job: Job, sentence: str) -> None:
        """A delivered job's end stands in the row."""
        del sentence
        await self._told(job)

    async def delete(self, job: Job) -> None:
        """Its row says so."""
        await self._told(job)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Nobody moderates here."""
        del place, card, key
        raise ChatError(ChatFault.GONE, "the job API has no channels")

    async def revise(self, place: Place, message: MessageRef, card: Card) -> MessageRef:
        """Nobody moderates here."""
        del place, message, card
        raise ChatError(ChatFault.GONE, "the job API has no channels")

    async def _told(self, job: Job) -> MessageRef:
        url = job.reply.data.get(CALLBACK, "") if job.reply else ""
        if url and not job.state.open:
            try:
                await self._callbacks.put_callback(Callback(job.id, job.state.value, job.actor.user_id, url, self._clock()))
            except StoreUnavailable as error:
                raise ChatError(ChatFault.BROKEN, f"callback not written down: {error}") from error
            self.due.set()
        self._news.ring(job.id)
        return MessageRef(job.place.channel_id, job.id)
