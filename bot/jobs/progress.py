"""Progress edits, merged to at most one per interval and message. Best effort: they never delay or overwrite the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.jobs.chat_port import Chat, ChatError, ChatFault
from bot.jobs.model import Job
from bot.jobs.place import MessageRef
from bot.jobs.surface import Card

log = structlog.get_logger()
KEPT = 2000
"""Messages whose last edit is remembered between two looks."""


@dataclass(slots=True)
class _Message:
    """One message's edits. `latest` is what it should show; `shown` what it shows; `free`: when it may be edited again."""

    job: Job
    chat: Chat
    latest: Card
    shown: Card | None = None
    free: float = 0.0
    lost: MessageRef | None = None
    """Where nothing can be edited any more, or not by us."""
    editing: bool = False
    task: asyncio.Task[None] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class ProgressEditor:
    """Keeps one small task per message that is being edited.

    `shared`: other processes edit the same messages, so that no edit may be under way or wait beyond a look (`rest`).
    """

    def __init__(self, *, shared: bool = False) -> None:
        """Nothing is known of any message at first, the placeholder's own Card neither: a chat may know better."""
        self._shared = shared
        self._messages: dict[str, _Message] = {}
        self._resting: dict[str, _Message] = {}

    def show(self, chat: Chat, job: Job, card: Card) -> None:
        """Make the job's message show `card` as soon as the interval allows; a newer Card replaces an older one.

        The first edit waits for it, too: a job that ends sooner is one edit less.
        """
        if job.message is None:
            return
        known = self._messages.get(job.id)
        if known is None:
            free = _now() + chat.limits.progress_seconds
            known = self._resting.pop(job.id, None) or _Message(job, chat, card, free=free)
            self._messages[job.id] = known
            known.task = asyncio.create_task(self._edit(known))
        known.job, known.latest = job, card
        known.changed.set()

    async def settle(self, job_id: str) -> None:
        """Stop editing this message; returns when no edit is under way any more."""
        self._resting.pop(job_id, None)
        await self._still(job_id)

    async def rest(self, job_id: str) -> None:
        """The look at the job ends: what may be shown now is shown, the rest waits for the next look's own words.

        Nothing to do where this process alone edits: edits go on beside the looks.
        """
        if not self._shared or job_id not in self._messages:
            return
        known = await self._still(job_id)
        if known is None:
            return
        if known.latest != known.shown and _now() >= known.free:
            await self._once(known)
        known.task = None
        self._resting[job_id] = known
        while len(self._resting) > KEPT:
            del self._resting[next(iter(self._resting))]

    def drop(self, job_id: str) -> None:
        """The job is another process's now: not a word more."""
        self._resting.pop(job_id, None)
        known = self._messages.pop(job_id, None)
        if known is not None and known.task is not None:
            known.task.cancel()

    async def close(self) -> None:
        """The process stops: no more progress; the next start shows where things stand."""
        for job_id in list(self._messages):
            await self.settle(job_id)

    async def _still(self, job_id: str) -> _Message | None:
        known = self._messages.pop(job_id, None)
        if known is None or known.task is None:
            return known
        if not known.editing:
            known.task.cancel()
        await asyncio.wait([known.task])
        return known

    async def _edit(self, message: _Message) -> None:
        while self._messages.get(message.job.id) is message:
            await message.changed.wait()
            message.changed.clear()
            if message.latest == message.shown:
                continue
            await asyncio.sleep(message.free - _now())
            await self._once(message)

    async def _once(self, message: _Message) -> None:
        job, card = message.job, message.latest
        if job.message == message.lost:
            return
        message.editing = True
        seconds = message.chat.limits.progress_seconds
        try:
            await message.chat.edit(job, card)
            message.shown = card
        except ChatError as error:
            seconds = max(2 * seconds, error.retry_after or 0.0)
            if error.fault in {ChatFault.GONE, ChatFault.FORBIDDEN}:
                message.lost = job.message
            log.info("progress edit failed", job=job.id, fault=error.fault)
        finally:
            message.editing = False
            message.free = _now() + seconds


def _now() -> float:
    return asyncio.get_running_loop().time()
